"""Kinds of values: how one is read, what a person is told it looks like, and its JSON Schema.

A reading function raises `Wrong` with a reason. Reasons never repeat what was written: it could be a secret in the
wrong place, and the line number already points at it.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from tidegate.config.databases import is_postgresql, postgresql_url
from tidegate.config.hosts import is_loopback, split_authority

T = TypeVar("T")
Schema = dict[str, Any]

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
LABEL = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
LABEL_OR_ANY = re.compile(rf"\*|{LABEL.pattern}")
REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|file:.+")
VERIFIER = re.compile(r"[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}")
TOKEN = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
FIELD = re.compile(r"[A-Za-z0-9_.-]{1,100}")


class Wrong(Exception):  # noqa: N818 - a reason on its way to a list of mistakes
    """Why a value cannot be read, and what to write instead. Holds nothing of the value."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a value's meaning may depend on: where relative paths start, and whose home it is."""

    folder: Path
    environ: Mapping[str, str]

    def path(self, text: str) -> Path:
        """Absolute; `~` is the user's home, anything relative starts at the configuration's folder."""
        if text == "~" or text.startswith("~/"):
            home = self.environ.get("HOME") or str(Path.home())
            return Path(os.path.normpath(Path(home) / text[2:]))
        return Path(os.path.normpath(self.folder / text))

    def default(self, written: Any) -> Any:
        """A default as it holds here: the data folder moves with XDG_DATA_HOME."""
        data = self.environ.get("XDG_DATA_HOME", "")
        if isinstance(written, str) and data.startswith("/"):
            return written.replace("~/.local/share", data.rstrip("/"))
        return written


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """`words` ends the sentence "it is ...". `write` gives back a JSON value that `read` understands."""

    words: str
    read: Callable[[Any, Surroundings], T]
    schema: Schema = field(default_factory=dict)
    write: Callable[[T], Any] = _same
    secret: bool = False


class Address(NamedTuple):
    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def _text_of(value: Any, words: str) -> str:
    if not isinstance(value, str):
        raise Wrong(f"it is {words}: put it in quotes")
    if not value or any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise Wrong(f"it is {words}, neither empty nor with control characters")
    return value


def text(words: str = "a text", *, pattern: re.Pattern[str] | None = None, example: str = "") -> Kind[str]:
    """A text that `pattern`, if there is one, matches whole."""

    def read(value: Any, _: Surroundings) -> str:
        found = _text_of(value, words)
        if pattern and not pattern.fullmatch(found):
            raise Wrong(f"it is {words}" + (f', such as "{example}"' if example else ""))
        return found

    return Kind(words, read, {"type": "string"} | ({"pattern": f"^(?:{pattern.pattern})$"} if pattern else {}))


def fact(*known: str) -> Kind[str]:
    """A contract's fact. Any lower-case word is taken, because only the best one opens anything; a known word that
    is spelled with capitals is a mistake rather than a silent worst.
    """
    words = "a lower-case word: " + ", ".join(f'"{word}"' for word in known) + " or what the contract says"

    def read(value: Any, _: Surroundings) -> str:
        found = _text_of(value, words)
        if not TOKEN.fullmatch(found):
            raise Wrong(f"it is {words}")
        return found

    return Kind(words, read, {"type": "string", "pattern": f"^{TOKEN.pattern}$", "examples": list(known)})


def choice(*known: str, later: Mapping[str, str] | None = None) -> Kind[str]:
    """One of `known`. `later` names what a coming version takes, with the sentence that refuses it today."""
    words = "one of " + ", ".join(f'"{word}"' for word in known) if len(known) > 1 else f'"{known[0]}"'

    def read(value: Any, _: Surroundings) -> str:
        if isinstance(value, str) and value in known:
            return value
        if later and isinstance(value, str) and value in later:
            raise Wrong(later[value])
        raise Wrong(f"it is {words}" + near(value, known))

    return Kind(words, read, {"enum": list(known)})


def whole(least: int, most: int) -> Kind[int]:
    words = f"a whole number from {least:,} to {most:,}".replace(",", "_")

    def read(value: Any, _: Surroundings) -> int:
        if type(value) is not int or not least <= value <= most:
            raise Wrong(f"it is {words}")
        return value

    return Kind(words, read, {"type": "integer", "minimum": least, "maximum": most})


def one(reason: str) -> Kind[int]:
    """The number 1; `reason` refuses the others by the name of what is missing."""

    def read(value: Any, _: Surroundings) -> int:
        if type(value) is not int or value < 1:
            raise Wrong("it is the whole number 1")
        if value > 1:
            raise Wrong(reason)
        return value

    return Kind("1", read, {"const": 1})


def seconds(least: float, most: float) -> Kind[float]:
    words = f"a number of seconds from {least:g} to {most:g}"

    def read(value: Any, _: Surroundings) -> float:
        if type(value) not in (int, float) or not least <= value <= most:
            raise Wrong(f"it is {words}")
        return float(value)

    return Kind(words, read, {"type": "number", "minimum": least, "maximum": most})


def share() -> Kind[float]:
    def read(value: Any, _: Surroundings) -> float:
        if type(value) not in (int, float) or not 0 <= value <= 1:
            raise Wrong("it is a number from 0 to 1")
        return float(value)

    return Kind("a number from 0 to 1", read, {"type": "number", "minimum": 0, "maximum": 1})


def truth() -> Kind[bool]:
    def read(value: Any, _: Surroundings) -> bool:
        if not isinstance(value, bool):
            raise Wrong("it is true or false, without quotes")
        return value

    return Kind("true or false", read, {"type": "boolean"})


def day() -> Kind[date]:
    words = "a day, such as 2027-01-31"

    def read(value: Any, _: Surroundings) -> date:
        if type(value) is date:
            return value
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise Wrong(f"it is {words}") from None

    return Kind(words, read, {"type": "string", "format": "date"}, write=date.isoformat)


def listen_address() -> Kind[Address]:
    """Loopback alone: whoever can reach the port may use every target behind it, until there are keys to ask for."""
    words = "a loopback address and a port, such as 127.0.0.1:8790"

    def read(value: Any, _: Surroundings) -> Address:
        try:
            host, port = split_authority(_text_of(value, words))
        except ValueError:
            raise Wrong(f"it is {words}") from None
        if port is None:
            raise Wrong(f"the port is missing: it is {words}")
        if not is_loopback(host):
            raise Wrong(
                "this address is open to other machines, and this version cannot ask them for a key yet: "
                "it refuses to start on anything but loopback; write 127.0.0.1:8790"
            )
        return Address("127.0.0.1" if host == "localhost" else host, port)

    return Kind(words, read, {"type": "string"}, write=str)


def reference() -> Kind[str]:
    """Where a secret is, never the secret. A relative `file:` starts at the configuration's folder."""
    words = 'a reference to the secret, "env:NAME" or "file:PATH"'

    def read(value: Any, around: Surroundings) -> str:
        if not isinstance(value, str) or not REFERENCE.fullmatch(value):
            raise Wrong(
                "a secret never stands in the configuration (what stands here is not repeated): put it into an "
                'environment variable or a file, and write "env:NAME" or "file:PATH"'
            )
        scheme, _, rest = value.partition(":")
        return f"file:{around.path(rest)}" if scheme == "file" else value

    return Kind(words, read, {"type": "string", "pattern": f"^(?:{REFERENCE.pattern})$"}, secret=True)


def file_path() -> Kind[Path]:
    words = "a path; a relative one starts at the folder of the configuration"

    def read(value: Any, around: Surroundings) -> Path:
        return around.path(_text_of(value, words))

    return Kind(words, read, {"type": "string"}, write=str)


def store_url() -> Kind[str]:
    words = '"sqlite:///PATH", "postgresql://USER@HOST/DATABASE", or a reference to where such a URL is'

    def read(value: Any, around: Surroundings) -> str:
        found = _text_of(value, words)
        if REFERENCE.fullmatch(found):
            scheme, _, rest = found.partition(":")
            return f"file:{around.path(rest)}" if scheme == "file" else found
        if is_postgresql(found):
            try:
                return postgresql_url(found)
            except ValueError as why:
                raise Wrong(f"{why} (what stands here is not repeated)") from None
        path = found.removeprefix("sqlite:///")
        if path == found or not path or path.startswith(":") or "?" in path:
            raise Wrong(f"it is {words}: a file or a server, because what the store keeps must outlive the process")
        return f"sqlite:///{around.path(path)}"

    pattern = f"^(?:sqlite:///|postgres(?:ql)?://|(?:{REFERENCE.pattern})$)"
    return Kind(words, read, {"type": "string", "pattern": pattern})


def many(item: Kind[T], words: str, *, least: int = 0) -> Kind[tuple[T, ...]]:
    def read(value: Any, around: Surroundings) -> tuple[T, ...]:
        if not isinstance(value, list | tuple):
            raise Wrong(f"it is {words}: put it in brackets")
        if len(value) < least:
            raise Wrong("the list is empty: name at least one")
        found = tuple(item.read(element, around) for element in value)
        if len(set(found)) != len(found):
            raise Wrong("the list names something twice: leave the second one out")
        return found

    schema = {"type": "array", "items": item.schema, "uniqueItems": True}
    return Kind(
        words,
        read,
        schema | ({"minItems": least} if least else {}),
        write=lambda found: [item.write(element) for element in found],
    )


def near(written: Any, known: Any) -> str:
    """' (did you mean "x"?)' or nothing. Only what is known is ever named."""
    from difflib import get_close_matches

    if not isinstance(written, str) or len(written) > 64:
        return ""
    folded = {name.lower(): name for name in known}
    close = get_close_matches(written.lower(), list(folded), n=1, cutoff=0.6)
    return f' (did you mean "{folded[close[0]]}"?)' if close else ""
