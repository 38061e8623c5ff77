"""Media by value, in the forms that Converse has."""

import pytest

from tidegate.core.dialects.bedrock_converse.media import written
from tidegate.core.dialects.neutral.chat import Media
from tidegate.core.values.errors import BadRequest


@pytest.mark.parametrize(
    ("media", "piece"),
    [
        (Media("image", "image/jpg", "AAAA"), {"image": {"format": "jpeg", "source": {"bytes": "AAAA"}}}),
        (Media("video", "video/mp4", "AAAA"), {"video": {"format": "mp4", "source": {"bytes": "AAAA"}}}),
        (
            Media("file", "application/pdf", "AAAA", name="Q3/report_v1.final.pdf"),
            {"document": {"format": "pdf", "name": "Q3 report v1 final", "source": {"bytes": "AAAA"}}},
        ),
        (
            Media("file", "text/plain", "AAAA", name="..."),
            {"document": {"format": "txt", "name": "document", "source": {"bytes": "AAAA"}}},
        ),
    ],
)
def test_media_by_value(media, piece):
    assert written(media) == piece


@pytest.mark.parametrize(
    "media",
    [Media("image", "image/tiff", "AAAA"), Media("file", "application/zip", "AAAA"), Media("video", "video/mp4", url="s3://b/v")],
)  # fmt: skip
def test_media_of_other_forms_are_refused(media):
    with pytest.raises(BadRequest) as caught:
        written(media)
    assert caught.value.code == "not_expressible"
