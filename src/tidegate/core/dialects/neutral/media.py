"""Media by address and by value: a `data:` URL (RFC 2397) is the value itself."""

import re

from tidegate.core.dialects.neutral.chat import Media, MediaKind

# Parameters such as a charset may stand before `;base64`; they say nothing of bytes.
_DATA = re.compile(r"data:([^;,]{0,100})(?:;[^;,]{1,100}){0,4};base64,", re.IGNORECASE)


def of_url(kind: MediaKind, url: str, *, name: str = "", detail: str = "") -> Media:
    """Media that a URL leads to, or holds."""
    found = _DATA.match(url)
    if found is None:
        return Media(kind, url=url, name=name, detail=detail)
    return Media(kind, found.group(1).lower(), data=url[found.end() :], name=name, detail=detail)


def as_data_url(media: Media) -> str:
    """Its own URL where it has one."""
    return media.url or f"data:{media.media_type or 'application/octet-stream'};base64,{media.data}"
