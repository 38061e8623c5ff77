"""Arguments that several commands share, and how a wrong command line is answered."""

import argparse
import sys
from typing import Any, NoReturn


class Parser(argparse.ArgumentParser):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **kwargs)

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\nSee: {self.prog} --help\n")


def command(name: str, about: str, more: str = "") -> Parser:
    return Parser(prog=f"tidegate {name}", description=about, epilog=more or None)


def config_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--config",
        metavar="FILE",
        help="the configuration (default: tidegate.toml, .yaml or .yml in this folder, if there is one)",
    )


def json_option(parser: argparse.ArgumentParser, what: str = "answer as JSON, for programs") -> None:
    parser.add_argument("--json", action="store_true", help=what)


def whole_number(text: str) -> int:
    """A positive one, or a sentence."""
    if not text.isascii() or not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("a whole number from 1 on is wanted")
    return int(text)


def read_input(name: str, most_bytes: int) -> str:
    """The text of a file or, for `-`, of standard input. Raises TidegateError: it never quotes the text."""
    from tidegate.core.values.errors import TidegateError

    shown = "standard input" if name == "-" else name
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(most_bytes + 1)
        else:
            with open(name, "rb") as file:  # noqa: PTH123 - a name from the command line
                raw = file.read(most_bytes + 1)
    except OSError as error:
        raise TidegateError(f"{shown} cannot be read ({error.strerror}); check the path and its permissions") from None
    if len(raw) > most_bytes:
        raise TidegateError(f"{shown} is larger than {most_bytes // 1024 // 1024} MiB; split it")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise TidegateError(f"{shown} is not UTF-8 at byte {error.start}; convert it") from None
