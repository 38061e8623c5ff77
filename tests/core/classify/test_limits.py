import pytest

from tests.core.classify.families import engine
from tidegate.core.classify.limits import LOOKS_PER_KB, MOST_LOOKS, Looks, OverrunError, most_looks
from tidegate.core.values.envelope import Part, Position

IN_VAIN = ("12345 B\n", "12 Main ", "CDE\n4111 12 ", "12 1.2.3.4 Room#M5V ", "call 21000021,")


def _parts(*texts: str) -> list[Part]:
    return [Part(Position.USER, ("messages", n, "content"), text) for n, text in enumerate(texts)]


def test_looks_in_vain_are_counted_up_to_a_limit_that_grows_with_the_text():
    looks = Looks(1024)
    looks.count(most_looks(1024))
    assert looks.in_vain == looks.most == MOST_LOOKS + LOOKS_PER_KB
    with pytest.raises(OverrunError, match="looks"):
        looks.count(1)


@pytest.mark.parametrize("text", IN_VAIN)
def test_a_long_text_that_only_looks_like_something_is_unknown(text):
    classification = engine().classify(_parts(text * (600_000 // len(text))))
    assert (classification.failed, classification.labels) == (("limit:looks",), {"unknown"})


@pytest.mark.parametrize("text", IN_VAIN)
def test_a_short_one_is_looked_at_all_over(text):
    value = "4012888888881881"
    classification = engine().classify(_parts(f"{text * (8_000 // len(text))}\ncard {value}."))
    assert classification.failed == ()
    assert "pci.pan" in classification.labels


def test_parts_of_a_request_count_together_and_from_memory_as_well():
    parts = _parts(*(f"{n}\n" + IN_VAIN[0] * 900 for n in range(80)))
    asked = engine()
    assert [asked.classify(parts).failed for _ in range(2)] == [("limit:looks",)] * 2


def test_lists_of_customers_stay_below_it():
    rows = "".join(
        f"{n} Rowan St Apt {n % 90},Exampleton,TX,{77000 + n % 999},(212) 555-{n:04}\n" for n in range(4_000)
    )
    assert engine().classify(_parts(rows)).failed == ()
