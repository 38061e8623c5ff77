"""How deep in strings a place of a JSON text lies: documents stand in strings of documents, each escaped once more."""

import re

_DEEPEST = 8
_SPACES = " \n\t\r"
_FIRST = {"{": '"}', "[": '"{[]-0123456789tfn'}
"""What an object and an array begin with, and what comes next in one."""
_UNIT = re.compile(r'"|\\(?:u([0-9a-fA-F]{4})|([^u]))|[^"\\]+|\\', re.DOTALL)
_CUT = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?\Z")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


class Nesting:
    """Told all of a JSON text in order, however it is split."""

    __slots__ = ("_fresh", "_level")

    def __init__(self) -> None:
        self._level = _Level(_DEEPEST, is_json=True)
        self._fresh: list[str] = []

    def add(self, text: str) -> None:
        self._fresh.append(text)

    def place(self) -> tuple[int, bool]:
        """In how many strings one stands, and whether the innermost document goes on outside of its strings."""
        if self._fresh:
            self._level.add("".join(self._fresh))
            self._fresh.clear()
        return self._level.place()


def _is_document(text: str) -> bool | None:
    """Whether a string that begins so is JSON, and not a sentence in brackets; None where it is too short to say."""
    begun = text.lstrip(_SPACES)
    if not begun:
        return None
    if begun[0] not in _FIRST:
        return False
    within = begun[1:].lstrip(_SPACES)
    return within[0] in _FIRST[begun[0]] if within else None


class _Level:
    """One document, or a string that may turn out to be one."""

    __slots__ = ("_child", "_depth", "_is_json", "_rest")

    def __init__(self, depth: int, *, is_json: bool | None = None) -> None:
        self._depth = depth
        self._is_json = is_json if depth else False
        self._child: _Level | None = None
        self._rest = ""

    def place(self) -> tuple[int, bool]:
        if self._child is None:
            return 0, True
        if not self._child._is_json:  # noqa: SLF001 - its own kind
            return 1, False
        inner, outside = self._child.place()
        return 1 + inner, outside

    def add(self, text: str) -> None:
        text = self._rest + text
        if self._is_json is None:
            self._is_json = _is_document(text)
        if self._is_json is None:
            self._rest = text.lstrip(_SPACES)[:1]  # however many spaces there are
        elif self._is_json:
            self._read(text)

    def _read(self, text: str) -> None:
        self._rest = ""
        meant: list[str] = []
        for unit in _UNIT.finditer(text):
            raw = unit[0]
            if raw == '"':
                self._pass(meant)
                self._child = None if self._child else _Level(self._depth - 1)
            elif self._child is not None:
                if raw[0] == "\\" and _CUT.fullmatch(text, unit.start()):
                    self._rest = text[unit.start() :]
                    break
                code, char = unit.groups()
                meant.append(chr(int(code, 16)) if code else _ESCAPES.get(char, char) if char else raw)
        self._pass(meant)

    def _pass(self, meant: list[str]) -> None:
        if self._child is not None and meant:
            self._child.add("".join(meant))
        meant.clear()
