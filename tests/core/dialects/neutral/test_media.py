"""Media by address and by value."""

import pytest

from tidegate.core.dialects.neutral.chat import Media
from tidegate.core.dialects.neutral.media import as_data_url, of_url

URLS = [
    ("https://x/y.png", Media("image", url="https://x/y.png")),
    ("data:image/PNG;base64,AAAA", Media("image", "image/png", data="AAAA")),
    ("data:image/png;charset=utf-8;base64,AAAA", Media("image", "image/png", data="AAAA")),
    ("data:;base64,AAAA", Media("image", data="AAAA")),
    ("data:text/plain,hello", Media("image", url="data:text/plain,hello")),
]


@pytest.mark.parametrize(("url", "media"), URLS)
def test_a_data_url_is_the_value_itself(url, media):
    assert of_url("image", url) == media


def test_a_value_becomes_a_url_and_a_url_stays():
    assert as_data_url(Media("image", "image/png", data="AAAA")) == "data:image/png;base64,AAAA"
    assert as_data_url(Media("file", data="AAAA")) == "data:application/octet-stream;base64,AAAA"
    assert as_data_url(Media("image", url="https://x")) == "https://x"
