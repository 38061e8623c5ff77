"""`TIDEGATE__SECTION__KEY` lays a value over what the file says."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any, NamedTuple

from tidegate.config.forms import Table, Tables, Value, Values, declared
from tidegate.config.kinds import near
from tidegate.config.places import Path

PREFIX = "TIDEGATE__"


class Override(NamedTuple):
    path: Path
    value: Any
    variable: str


class Unplaced(Exception):  # noqa: N818 - a reason on its way to a list of mistakes
    """No setting of that name."""


def overrides(root: type[Any], tree: Mapping[str, Any], environ: Mapping[str, str]) -> tuple[list[Override], list[str]]:
    """What the environment sets, in the order of the variables' names, and what it tries to set in vain."""
    found, mistakes = [], []
    for variable in sorted(name for name in environ if name.startswith(PREFIX)):
        words = variable.removeprefix(PREFIX).split("__")
        try:
            path, form = _place(Table(root, ""), tree, words)
            found.append(Override(path, _value(form, environ[variable]), variable))
        except Unplaced as reason:
            mistakes.append(f"environment variable {variable}: {reason}")
    return found, mistakes


def _fold(name: str) -> str:
    """Variables cannot spell `on-prem`: letters count without case, everything else as an underscore."""
    return re.sub(r"[^a-z0-9]", "_", name.lower())


def _place(form: Any, tree: Any, words: list[str]) -> tuple[Path, Any]:
    if not words or isinstance(form, Value):
        if words or not isinstance(form, Value):
            raise Unplaced("it names no single setting; `tidegate config schema` prints them all")
        return (), form
    name, below = _step(form, tree, words[0])
    path, found = _place(below, tree.get(name) if isinstance(tree, Mapping) else None, words[1:])
    return (name, *path), found


def _step(form: Any, tree: Any, word: str) -> tuple[str, Any]:
    if isinstance(form, Table):
        return _declared_step(form.of, word)
    assert isinstance(form, Tables | Values)
    names = [name for name in tree if _fold(name) == _fold(word)] if isinstance(tree, Mapping) else []
    if len(names) > 1:
        raise Unplaced(f"it could mean each of {', '.join(names)}; rename one of them")
    below = Table(form.of, "") if isinstance(form, Tables) else Value(form.kind, "")
    return (names[0] if names else word.lower()), below


def _declared_step(of: type[Any], word: str) -> tuple[str, Any]:
    known = dict(declared(of))
    later: Mapping[str, str] = getattr(of, "LATER", {})
    name = word.lower()
    if name in later:
        raise Unplaced(f"{later[name]}; unset it")
    if name not in known:
        raise Unplaced(f"there is no such setting{near(name, known)}")
    return name, known[name]


def _value(form: Value, raw: str) -> Any:
    """A text for settings that are texts; for all others what TOML would read, so `true`, `8`, `["a", "b"]`."""
    if form.kind.schema.get("type") == "string" or "enum" in form.kind.schema:
        return raw
    try:
        return tomllib.loads(f"value = {raw}")["value"]
    except (tomllib.TOMLDecodeError, RecursionError):
        return raw


def lay_over(tree: dict[str, Any], laid: list[Override]) -> dict[str, Any]:
    """A new tree. Where the file has something that is no table, it is left for the reader to refuse."""
    for path, value, _ in laid:
        tree = _with(tree, path, value)
    return tree


def _with(tree: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    head, rest = str(path[0]), path[1:]
    if not rest:
        return {**tree, head: value}
    below = tree.get(head, {})
    return {**tree, head: _with(below, rest, value)} if isinstance(below, dict) else tree
