"""A clock that was set back judges no validity."""

from tidegate import activation
from tidegate.activation import times
from tidegate.adapters.policy.bundles import read_bundle


def test_a_clock_that_was_set_back_judges_no_validity(house, monkeypatch):
    bundle = house.sign(valid_until="2090-01-01T00:00:00Z")
    later = 4_000_000_000_000_000_000  # the log was written in 2096
    monkeypatch.setattr(times, "newest_entry_ns", lambda _: later)
    assert "it was set back, so no validity can be judged" in house.refused(bundle)
    assert activation.deciding_now(house.settings, read_bundle(house.open)).startswith("2096-")
