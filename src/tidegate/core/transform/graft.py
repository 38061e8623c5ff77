"""A document with some leaves and keys replaced; whatever is untouched is shared with the document it came from."""

from collections.abc import Iterable
from typing import Any

from tidegate.core.values.envelope import Path


def graft(
    document: dict[str, Any], texts: Iterable[tuple[Path, Any]], keys: Iterable[tuple[Path, str]]
) -> dict[str, Any]:
    """`texts`: new leaves. `keys`: new names of the keys that the paths end in. Paths are the given document's own."""
    copies = _Copies(document)
    for path, text in texts:
        copies.container(path)[path[-1]] = text
    # Inner keys first, so that the way to each is still named as in the original.
    for path, name in sorted(keys, key=lambda key: len(key[0]), reverse=True):
        _rename(copies.container(path), path[-1], name)
    return copies.root


class _Copies:
    """Copies what lies on the way to a change, once."""

    __slots__ = ("_made", "root")

    def __init__(self, document: dict[str, Any]) -> None:
        self.root = dict(document)
        self._made: set[int] = set()

    def container(self, path: Path) -> Any:
        node: Any = self.root
        for step in path[:-1]:
            child = node[step]
            if id(child) not in self._made:
                child = node[step] = child.copy()
                self._made.add(id(child))
            node = child
        return node


def _rename(parent: dict[str, Any], old: str | int, new: str) -> None:
    """In its place, as order may matter to whoever reads. A name that is taken grows until it is free."""
    while new in parent:
        new += "_"
    items = [(new if key == old else key, value) for key, value in parent.items()]
    parent.clear()
    parent.update(items)
