"""What is printed: tables for terminals, tabs for pipes, and nothing that steers the screen."""

import pytest

from tidegate.cli import terminal


@pytest.fixture
def screen(monkeypatch):
    monkeypatch.setattr(terminal, "is_terminal", lambda _=None: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")


def test_a_terminal_gets_columns_under_a_head(screen):
    assert terminal.table(("a", "long head"), [("wide cell", "x"), ("y", "")]) == (
        "\x1b[1ma          long head\x1b[0m\nwide cell  x\ny"
    )


def test_a_pipe_gets_tabs_and_no_head(capsys):
    assert terminal.table(("a", "b"), [("1", "2"), ("3", "4")]) == "1\t2\n3\t4"


def test_colour_takes_no_room_in_a_table(screen):
    head, row = terminal.table(("a", "b"), [(terminal.paint("none", "bad"), "x")]).splitlines()
    assert head == "\x1b[1ma     b\x1b[0m"
    assert row == "\x1b[31mnone\x1b[0m  x"


def test_colour_is_for_terminals_that_want_it(screen, monkeypatch):
    assert terminal.paint("ok", "good") == "\x1b[32mok\x1b[0m"
    monkeypatch.setenv("NO_COLOR", "")
    assert terminal.paint("ok", "good") == "ok"
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert terminal.paint("ok", "good") == "ok"


def test_a_pipe_gets_no_colour(capsys):
    assert terminal.paint("ok", "good") == "ok"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ⟦pii.email:x⟧ ü\n\tnext", "plain ⟦pii.email:x⟧ ü\n\tnext"),
        ("clear\x1b[2J", "clear\\x1b[2J"),
        ("title\x1b]0;x\x07", "title\\x1b]0;x\\x07"),
        ("back\b\r", "back\\x08\\r"),
        ("c1\x9b31m", "c1\\x9b31m"),
        ("bidi\u202e", "bidi\\u202e"),
        ("\x1b[32mok\x1b[0m", "\x1b[32mok\x1b[0m"),
    ],
)
def test_what_came_from_elsewhere_cannot_steer_the_terminal(text, shown):
    assert terminal.visible(text) == shown


def test_json_is_one_line_of_its_own_characters(capsys):
    terminal.say_json({"label": "ü", "text": "a\nb"})
    assert capsys.readouterr().out == '{"label": "ü", "text": "a\\nb"}\n'
