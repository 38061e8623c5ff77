"""Files of other programs, changed so that everything else in them stays, and changed back.

Two ways: a marked block in a file that has comments of `#` (YAML, TOML), and keys in a JSON document. Both are pure:
text in, text out; writing the same again changes nothing.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tidegate.core.values.errors import TidegateError

BEGIN, END = "# >>> tidegate", "# <<< tidegate"
_BLOCK = re.compile(rf"^[ \t]*{BEGIN}.*?^[ \t]*{END}[^\n]*\n?", re.DOTALL | re.MULTILINE)
_INDENT = re.compile(r'^([ \t]+)"', re.MULTILINE)


class EditError(TidegateError):
    """The file is none that could be changed without harm. Says why, and never what stands in it."""


@dataclass(frozen=True, slots=True)
class Block:
    """`text` at the end of a file; or, with `under`, first in the list at that top-level key of a YAML file. `whole`:
    what a file holds beside it that does not exist yet.
    """

    text: str
    under: str = ""
    whole: str = ""

    def said(self, said: dict[str, str]) -> "Block":
        return Block(fill(self.text, said), self.under, self.whole)

    def written(self, text: str | None) -> str:
        """`text` is None where there is no file."""
        if text is None:
            return self.whole + (f"{self.under}:\n" if self.under else "") + self._marked("  " if self.under else "")
        text = _BLOCK.sub("", text)
        if not self.under:
            return text + ("" if not text or text.endswith("\n") else "\n") + self._marked("")
        return self._under(text)

    def removed(self, text: str) -> str:
        return _BLOCK.sub("", text)

    def _under(self, text: str) -> str:
        found = re.search(rf"^{re.escape(self.under)}:[ \t]*(\S[^\n]*)?\n", text, re.MULTILINE)
        if found is None:
            return text + ("" if not text or text.endswith("\n") else "\n") + f"{self.under}:\n" + self._marked("  ")
        if found.group(1) and not found.group(1).startswith("#"):
            raise EditError(f"`{self.under}` is written on one line there; put it in by hand")
        first = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*([ \t]*)- ").match(text, found.end())
        return text[: found.end()] + self._marked(first.group(1) if first else "  ") + text[found.end() :]

    def _marked(self, indent: str) -> str:
        lines = [f"{BEGIN} (`tidegate connect` put this here; its --undo takes it out)", *self.text.splitlines(), END]
        return "".join(f"{indent}{line}".rstrip() + "\n" for line in lines)


@dataclass(frozen=True, slots=True)
class Keys:
    """Values at paths of a JSON document."""

    entries: Sequence[tuple[tuple[str, ...], Any]]

    def said(self, said: dict[str, str]) -> "Keys":
        return Keys([(tuple([fill(key, said) for key in path]), _filled(value, said)) for path, value in self.entries])

    def written(self, text: str | None) -> str:
        tree = _object(text) if text and text.strip() else {}
        for path, value in self.entries:
            holder = tree
            for key in path[:-1]:
                holder = holder.setdefault(key, {})
                if not isinstance(holder, dict):
                    raise EditError(f"`{key}` is no object there; put it in by hand")
            holder[path[-1]] = value
        return _written(tree, text)

    def restored(self, text: str, before: str | None) -> str:
        """Keys that still are as they were written are as they were `before`; others stay."""
        tree, old = _object(text), _object(before) if before and before.strip() else {}
        for path, value in self.entries:
            if _at(tree, path) == (value,):
                _put_back(tree, path, old)
        return _written(tree, text)


Edit = Block | Keys


def fill(text: str, said: dict[str, str]) -> str:
    """Each `{name}` that is known; other braces are the text's own."""
    for name, value in said.items():
        text = text.replace("{" + name + "}", value)
    return text


def _filled(value: Any, said: dict[str, str]) -> Any:
    if isinstance(value, str):
        return fill(value, said)
    if isinstance(value, dict):
        return {fill(key, said): _filled(inner, said) for key, inner in value.items()}
    return [_filled(inner, said) for inner in value] if isinstance(value, list) else value


def _object(text: str) -> dict[str, Any]:
    try:
        tree = json.loads(text)
    except ValueError:
        message = "it is no plain JSON (comments, perhaps): a rewrite would lose them; put it in by hand"
        raise EditError(message) from None
    if not isinstance(tree, dict):
        raise EditError("it holds no JSON object; put it in by hand")
    return tree


def _written(tree: dict[str, Any], text: str | None) -> str:
    """With the indentation that the file has."""
    found = _INDENT.search(text or "")
    return json.dumps(tree, ensure_ascii=False, indent=found.group(1) if found else 2) + "\n"


def _at(tree: Any, path: Sequence[str]) -> tuple[Any, ...]:
    """The value in a tuple; empty where there is none."""
    for key in path:
        if not isinstance(tree, dict) or key not in tree:
            return ()
        tree = tree[key]
    return (tree,)


def _put_back(tree: dict[str, Any], path: Sequence[str], old: dict[str, Any]) -> None:
    """Objects that are empty then, and were not there before, go too."""
    holders = [tree]
    for key in path[:-1]:
        holders.append(holders[-1][key])
    if before := _at(old, path):
        holders[-1][path[-1]] = before[0]
        return
    del holders[-1][path[-1]]
    for depth in range(len(path) - 1, 0, -1):
        if holders[depth] or _at(old, path[:depth]):
            return
        del holders[depth - 1][path[depth - 1]]
