import weakref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.inspect.detecting import cut
from tidegate.core.inspect.watch import EDGE, Watch
from tidegate.core.values.envelope import Position

WINDOW = 1024


def watched(pieces, **more):
    windows = []
    watch = Watch(windows.append, tool=False, is_json=False, window=WINDOW, **more)
    for piece in pieces:
        watch.feed(piece)
    rest = watch.rest()
    return windows + ([rest] if rest else []), watch


@settings(max_examples=100)
@given(st.integers(0, 6000), st.lists(st.integers(0, 6000), max_size=9))
def test_windows_do_not_depend_on_how_the_text_was_cut(size, places):
    text = "".join(chr(97 + n % 26) for n in range(size))
    assert watched(cut(text, places))[0] == watched([text])[0]


@settings(max_examples=100)
@given(st.integers(0, 6000))
def test_every_character_is_counted_in_one_window_with_its_surroundings(size):
    text = "".join(chr(0x4E00 + n) for n in range(size))
    windows, _ = watched([text])
    assert "".join(w.part.text[w.start : w.end] for w in windows) == text
    for window in windows:
        counted = text.index(window.part.text[window.start])
        assert text[max(0, counted - EDGE) : counted] == window.part.text[: window.start]
        after = counted + window.end - window.start
        assert window.part.text[window.end :] == text[after : after + EDGE]


def test_no_more_than_a_window_gathers():
    watch = Watch(lambda _: None, tool=False, is_json=False, window=WINDOW)
    for _ in range(5000):
        watch.feed("word ")
        assert watch.gathered < WINDOW


def test_without_a_window_all_of_it_is_one():
    windows = []
    watch = Watch(windows.append, tool=True, is_json=True, window=0)
    watch.feed("x" * 10_000)
    part = watch.rest().part
    assert (windows, len(part.text), part.position, part.is_json) == ([], 10_000, Position.TOOL_CALL, True)


def test_what_was_said_is_kept_where_that_is_asked_for():
    assert watched(["a", "b"])[1].said is None
    assert watched(["a" * 3000, "b"], keep=True)[1].said == ["a" * 3000, "b"]


def test_of_nothing_there_is_nothing_to_look_at():
    assert watched([])[0] == []
    assert watched([""])[0] == []


def test_a_text_ends_once_and_leaves_no_circle_of_references():
    class Looker:
        def look(self, window):
            self.window = window

    looker = Looker()
    looker.watch = Watch(looker.look, tool=False, is_json=False, window=4)
    looker.watch.feed("ab")
    assert looker.watch.rest() is not None
    gone = weakref.ref(looker)
    watch = looker.watch
    del looker
    assert gone() is None
    with pytest.raises(AssertionError, match="after its end"):
        watch.feed("abcdefgh")
