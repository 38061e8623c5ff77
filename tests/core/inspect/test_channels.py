from tidegate.core.inspect.channels import Gathered, Noted, Through
from tidegate.core.inspect.watch import Watch


def watch():
    return Watch(lambda _: None, tool=False, is_json=False, window=0)


class Holding:
    """Gives all that it was fed when it is closed."""

    def __init__(self):
        self.held = []

    def feed(self, text):
        self.held.append(text)
        return ""

    def close(self):
        return "|".join(self.held)


def test_a_text_that_is_only_noted_goes_behind_as_it_comes():
    behind = Holding()
    channel = Noted(watch(), behind)
    assert [channel.feed("a"), channel.feed("b"), behind.held, channel.close()] == ["", "", ["a", "b"], "a|b"]


def test_a_gathered_text_goes_behind_as_one():
    channel = Gathered(watch(), lambda window: window.part.text.upper(), Holding())
    assert [channel.feed("a"), channel.feed("b"), channel.close()] == ["", "", "AB"]


def test_an_empty_text_stays_empty():
    asked = []
    assert Gathered(watch(), asked.append, Through()).close() == ""
    assert asked == []
