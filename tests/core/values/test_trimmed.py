"""What is kept takes no more memory than it is long."""

import tracemalloc

import orjson
import pytest

from tidegate.core.values.trimmed import trimmed

OBJECT_BYTES = 64
"""What CPython takes for bytes beside their content, and a place in a list."""


def taken_by(make):
    """Bytes of memory that what `make` returns holds."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        made = make()
        return tracemalloc.get_traced_memory()[0] - before, made
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("fields", [0, 1, 20, 100, 1000])
def test_json_that_is_kept_takes_its_length(fields):
    tree = {f"field-{number}": "value" for number in range(fields)}
    taken, kept = taken_by(lambda: [trimmed(orjson.dumps(tree)) for _ in range(50)])
    assert taken < sum(len(one) + OBJECT_BYTES for one in kept) + 1000


@pytest.mark.parametrize("data", [b"", b"x", b'{"a":1}', bytes(100_000)])
def test_it_stays_the_same(data):
    assert trimmed(data) == data
