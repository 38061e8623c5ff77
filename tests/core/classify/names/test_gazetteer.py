"""The table of known names: what was put in is found, what was not is not, and a broken table is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.classify.names.gazetteer import FIRST, LAST, MAGIC, Gazetteer, pack


@given(st.dictionaries(st.binary(min_size=1, max_size=12), st.integers(1, 255), max_size=300))
def test_every_word_has_its_flags(words):
    gazetteer = Gazetteer(pack(words))
    assert all(gazetteer.flags(word) & flags == flags for word, flags in words.items())


def test_hardly_any_other_word_has_flags():
    gazetteer = Gazetteer(pack({b"name%d" % n: FIRST | LAST for n in range(5000)}))
    assert sum(gazetteer.flags(b"other%d" % n) > 0 for n in range(20_000)) <= 5


def test_order_does_not_matter():
    words = {b"anna": FIRST, b"smith": LAST, b"rose": FIRST | LAST}
    assert pack(words) == pack(dict(reversed(words.items())))


@pytest.mark.parametrize(
    "table", [b"", MAGIC, b"X" * 76, pack({b"a": 1})[:-1], MAGIC + (3).to_bytes(4, "little") + bytes(12)]
)
def test_a_broken_table_is_refused(table):
    with pytest.raises(ValueError, match="not a gazetteer"):
        Gazetteer(table)
