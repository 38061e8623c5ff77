"""Images say themselves what they are."""

import base64

import pytest

from tidegate.core.dialects.ollama.media import image

BEGINNINGS = [
    (b"\x89PNG\r\n\x1a\n....", "image/png"),
    (b"\xff\xd8\xff\xe0....", "image/jpeg"),
    (b"GIF89a....", "image/gif"),
    (b"RIFF....WEBP", "image/webp"),
    (b"BM....", "image/bmp"),
    (b"nothing known", ""),
    (b"", ""),
]


@pytest.mark.parametrize(("raw", "kind"), BEGINNINGS)
def test_its_first_bytes_tell_its_type(raw, kind):
    data = base64.b64encode(raw).decode()
    assert image(data)[:3] == ("image", kind, data)
