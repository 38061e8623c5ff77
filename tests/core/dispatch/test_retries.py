"""What a response asks to wait, what chance adds, and what may be done twice at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.dispatch import retries
from tidegate.core.values.capabilities import CAPABILITIES

NOW_NS = 1_780_000_000_000_000_000  # Thu, 28 May 2026 20:26:40 GMT

ASKED = [
    ("nothing", {}, None),
    ("seconds", {"retry-after": "7"}, 7.0),
    ("zero", {"retry-after": "0"}, 0.0),
    ("a fraction, as some providers write", {"retry-after": "1.5"}, 1.5),
    ("spaces around", {"retry-after": " 3 "}, 3.0),
    ("milliseconds go first", {"retry-after-ms": "250", "retry-after": "1"}, 0.25),
    ("a date", {"retry-after": "Thu, 28 May 2026 20:27:10 GMT"}, 30.0),
    ("a date without a zone is UTC", {"retry-after": "Thu, 28 May 2026 20:27:10"}, 30.0),
    ("a date in the past", {"retry-after": "Thu, 28 May 2020 20:27:10 GMT"}, 0.0),
    ("a date far ahead", {"retry-after": "Thu, 28 May 2099 20:27:10 GMT"}, retries.LONGEST_TOLD_S),
    ("more than an hour", {"retry-after": "99999"}, retries.LONGEST_TOLD_S),
    ("less than nothing", {"retry-after": "-5"}, None),
    ("not a number", {"retry-after": "nan"}, None),
    ("an exponent", {"retry-after": "1e9"}, None),
    ("other digits", {"retry-after": "٣"}, None),
    ("words", {"retry-after": "in a little while"}, None),
    ("no date", {"retry-after": "Thu, 99 May 2026 20:27:10 GMT"}, None),
    ("a novel", {"retry-after": "1" * 5000}, None),
    ("milliseconds that are none", {"retry-after-ms": "soon", "retry-after": "2"}, 2.0),
]


@pytest.mark.parametrize(("headers", "seconds"), [a[1:] for a in ASKED], ids=[a[0] for a in ASKED])
def test_what_a_response_asks_to_wait(headers, seconds):
    assert retries.retry_after_s(headers, NOW_NS) == seconds


@given(st.text(max_size=80))
def test_no_header_breaks_it_and_none_asks_for_more_than_the_bound(text):
    found = retries.retry_after_s({"retry-after": text, "retry-after-ms": text}, NOW_NS)
    assert found is None or 0 <= found <= retries.LONGEST_TOLD_S


@given(st.integers(0, 50), st.floats(0, 1, exclude_max=True))
def test_jitter_is_full_and_bounded(round_, chance):
    bound = min(retries.BASE_S * 2**round_, retries.MOST_S)
    assert retries.jittered_s(round_, chance) == pytest.approx(chance * bound)


@pytest.mark.parametrize(("latency", "longest"), [("interactive", 2), ("normal", 30), ("patient", 60), ("", 60)])
def test_a_caller_is_kept_waiting_no_longer_than_it_has_time(latency, longest):
    assert retries.waiting_s(60, latency) == longest
    assert retries.waiting_s(1, latency) == 1


def test_what_is_kept_or_acts_is_not_done_twice():
    harmless = {one for one in CAPABILITIES if retries.is_harmless_twice(frozenset({one}))}
    assert harmless == {"long-caches", "web-search", "fetched-urls", "stored-prompts", "sealed-reasoning"}
    assert retries.is_harmless_twice(frozenset())
    assert not retries.is_harmless_twice(frozenset({"web-search", "stored-responses"}))
