"""Images, videos and documents as Converse has them: by value, and by formats of its own."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tidegate.core.dialects.neutral.chat import Media
from tidegate.core.values.errors import BadRequest

_IMAGES: Mapping[str, str] = MappingProxyType(
    {"image/png": "png", "image/jpeg": "jpeg", "image/jpg": "jpeg", "image/gif": "gif", "image/webp": "webp"}
)
_VIDEOS: Mapping[str, str] = MappingProxyType(
    {
        "video/mp4": "mp4", "video/quicktime": "mov", "video/webm": "webm", "video/x-matroska": "mkv",
        "video/mpeg": "mpeg", "video/x-flv": "flv", "video/x-ms-wmv": "wmv", "video/3gpp": "three_gp",
    }
)  # fmt: skip
_DOCUMENTS: Mapping[str, str] = MappingProxyType(
    {
        "application/pdf": "pdf",
        "text/csv": "csv",
        "application/msword": "doc",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
        "application/vnd.ms-excel": "xls",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
        "text/html": "html",
        "text/plain": "txt",
        "text/markdown": "md",
    }
)
_FORMATS = {"image": _IMAGES, "video": _VIDEOS, "file": _DOCUMENTS}
_WORDS = {"image": "image", "video": "video", "file": "document"}
_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9()\[\]-]+")


def written(media: Media) -> dict[str, Any]:
    """Raises BadRequest `not_expressible` for a form that it does not take."""
    found = _FORMATS[media.kind].get(media.media_type)
    if found is None or media.url:
        message = f"bedrock.converse takes {media.kind}s by value, as one of {', '.join(_FORMATS[media.kind])}."
        raise BadRequest("not_expressible", message)
    piece: dict[str, Any] = {"format": found, "source": {"bytes": media.data}}
    if media.kind == "file":
        piece["name"] = _name(media.name)
    return {_WORDS[media.kind]: piece}


def _name(given: str) -> str:
    """Few characters are allowed, and no two blanks in a row; the ending is its format."""
    stem = given.rpartition(".")[0] or given
    return _NOT_IN_NAMES.sub(" ", stem).strip()[:200] or "document"
