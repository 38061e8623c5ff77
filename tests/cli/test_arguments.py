"""What commands share on their command lines, and reading what they are given."""

import io
import sys
from argparse import ArgumentTypeError

import pytest

from tidegate.cli.arguments import command, read_input, whole_number
from tidegate.core.values.errors import TidegateError


@pytest.mark.parametrize("text", ["0", "-1", "", "x", "1.5", "²", "1_0"])
def test_a_number_is_whole_and_positive(text):
    with pytest.raises(ArgumentTypeError):
        whole_number(text)
    assert whole_number("12") == 12


def test_a_beginning_of_an_option_is_no_option(capsys):
    parser = command("x", "About.")
    parser.add_argument("--config")
    with pytest.raises(SystemExit) as end:
        parser.parse_args(["--conf", "f"])
    assert end.value.code == 2
    assert capsys.readouterr().err.endswith("See: tidegate x --help\n")


def test_input_comes_from_a_file_or_a_pipe(tmp_path, monkeypatch):
    (tmp_path / "f").write_text("ü")
    assert read_input(str(tmp_path / "f"), 10) == "ü"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("é".encode())))
    assert read_input("-", 10) == "é"


def test_too_much_input_is_refused(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x" * (1024 * 1024 + 1))))
    with pytest.raises(TidegateError, match=r"standard input is larger than 1 MiB; split it"):
        read_input("-", 1024 * 1024)
