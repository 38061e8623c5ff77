"""What commands lay down for the gateway is bounded."""

from tidegate import activation
from tidegate.activation import desk


def test_refusals_are_noted_for_the_log_up_to_a_bound(house, monkeypatch):
    monkeypatch.setattr(desk, "MOST_REFUSALS", 2)
    for _ in range(5):
        activation.note_refusal(house.settings, "a bundle", ["no"], "ada")
    acts = [one.wanted for one in activation.desk_of(house.settings).acts()]
    assert acts == [{"act": "refused", "what": "a bundle", "mistakes": ["no"], "actor": "ada"}] * 2
