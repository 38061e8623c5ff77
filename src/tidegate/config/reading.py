"""A tree of plain values to declared tables. Every mistake is noted with its place; reading goes on past each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tidegate.config.forms import REQUIRED, Form, Table, Tables, Value, Values, declared
from tidegate.config.kinds import Surroundings, Wrong, near
from tidegate.config.places import Path, Place


class _Broken:
    """Stands where a value could not be read, so that what does not depend on it is still checked."""

    def __bool__(self) -> bool:
        return False


BROKEN: Any = _Broken()


@dataclass(slots=True)
class Reading:
    """`places` says where a path was written: "tidegate.toml:12". What nobody wrote lies where its parent does."""

    source: str
    places: Mapping[Path, Place]
    around: Surroundings
    mistakes: list[tuple[int, str]] = field(default_factory=list)

    def place(self, path: Path) -> Place:
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(self.source))

    def all_mistakes(self) -> list[str]:
        """Each once, in the order of the file's lines; those of the environment come first."""
        return list(dict.fromkeys(words for _, words in sorted(self.mistakes, key=lambda found: found[0])))

    def mistake(self, path: Path, what: str) -> None:
        """`what` says what is wrong and what to do."""
        place = self.place(path)
        self.mistakes.append((place.line, f"{place.words}: {spelled(path)}: {what}"))

    def table(self, of: type[Any], tree: Any, path: Path) -> Any:
        if not isinstance(tree, Mapping):
            self.mistake(path, f"this is a table of settings; write [{spelled(path)}]")
            return BROKEN
        for key in tree:
            self._known(of, key, path)
        return of(**{name: self._member(form, tree.get(name, REQUIRED), (*path, name)) for name, form in declared(of)})

    def _known(self, of: type[Any], key: Any, path: Path) -> None:
        later: Mapping[str, str] = getattr(of, "LATER", {})
        names = [name for name, _ in declared(of)]
        if key in later:
            self.mistake((*path, key), f"{later[key]}; remove it")
        elif key not in names:
            self.mistake((*path, key), f"there is no such setting{near(key, names)}; correct or remove it")

    def _member(self, form: Form, tree: Any, path: Path) -> Any:
        return _READERS[type(form)](self, form, tree, path)

    def _value(self, form: Value, tree: Any, path: Path) -> Any:
        if tree is REQUIRED:
            if form.default is REQUIRED:
                self.mistake(path, f"it is missing; it is {form.kind.words}")
                return BROKEN
            if form.default is None:
                return None
            tree = self.around.default(form.default)
        try:
            return form.kind.read(tree, self.around)
        except Wrong as reason:
            self.mistake(path, str(reason))
            return BROKEN

    def _table(self, form: Table, tree: Any, path: Path) -> Any:
        if tree is REQUIRED:
            return None if form.optional else self.table(form.of, {}, path)
        return self.table(form.of, tree, path)

    def _named(self, form: Tables | Values, tree: Any, path: Path) -> Mapping[str, Any]:
        if tree is REQUIRED:
            return {}
        if not isinstance(tree, Mapping):
            self.mistake(path, f"this is a table of names; write [{spelled(path)}]")
            return {}
        read: dict[str, Any] = {}
        for name, below in tree.items():
            here = (*path, name)
            try:
                form.name.read(name, self.around)
            except Wrong as reason:
                self.mistake(here, f"the name: {reason}")
            if isinstance(form, Tables):
                read[name] = self.table(form.of, below, here)
            elif isinstance(below, Mapping):
                self.mistake(here, f"this is {form.kind.words}, not a table; a name with dots stands in quotes")
            else:
                read[name] = self._value(Value(form.kind, ""), below, here)
        return read


_READERS: dict[type[Any], Callable[..., Any]] = {
    Value: Reading._value,  # noqa: SLF001 - its own table of methods
    Table: Reading._table,  # noqa: SLF001
    Tables: Reading._named,  # noqa: SLF001
    Values: Reading._named,  # noqa: SLF001
}


def spelled(path: Path) -> str:
    """A path as a person would write it: `targets.llama.url`. A key with strange characters is quoted."""
    return ".".join(_spelled_key(key) for key in path) or "the configuration"


def _spelled_key(key: str | int) -> str:
    text = str(key)
    return (
        text
        if text.replace("-", "").replace("_", "").isalnum() and text.isascii()
        else f'"{text[:60]!a}"'.replace("'", "")
    )
