"""Fed in pieces or at once, a text has one digest."""

from hashlib import blake2b

import pytest

from tidegate.core.values.hashed import feed


@pytest.mark.parametrize("size", [0, 1, 2047, 2048, 4094, 4095, 16_384, 16_385, 100_000])
def test_the_digest_is_that_of_the_whole_text(size):
    text = bytes(range(256)) * (size // 256) + bytes(range(size % 256))
    digest = blake2b(b"before", key=b"k")
    feed(digest, text)
    assert digest.digest() == blake2b(b"before" + text, key=b"k").digest()
