"""`tidegate review key`."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from tidegate.cli import terminal

ABOUT = """\
Make a reviewer's key. The file stays with the reviewer, readable by them alone; the line that is printed goes into
the gateway's configuration, whose owner also says what this reviewer may see."""


def declare(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="where to; nothing may be there yet")
    parser.add_argument("--name", default="", help="whose it is (default: the file's name)")


def call(given: Namespace) -> int:
    from tidegate import app

    path = Path(given.file)
    verifier = app.make_reviewer_key(path, given.name or path.stem).verifier
    if given.json:
        terminal.say_json({"ok": True, "name": verifier.name, "key": verifier.vkey(), "file": str(path)})
        return 0
    terminal.say(f"{terminal.paint('made', 'good')}: {path}")
    terminal.say("whoever runs the gateway says in tidegate.toml:")
    terminal.say(f'[review.reviewers.{_spelt(verifier.name)}]\nkey = "{verifier.vkey()}"\nrole = "findings"')
    return 0


def _spelt(name: str) -> str:
    """A name with dots is one name only in quotes."""
    return f'"{name}"' if "." in name else name
