"""Text to tree, and the line on which each key stands.

The TOML library of Python tells no lines, so a second, small walk over text that it has already accepted finds them.
"""

import re
import tomllib
from collections.abc import Iterator
from typing import Any, NamedTuple

from tidegate.core.values.errors import ConfigError

Path = tuple[str | int, ...]
Lines = dict[Path, int]


_MOST_LEVELS = 16
_TOO_DEEP = ": values are nested too deeply; no setting needs more than three levels"


class Place(NamedTuple):
    """Where something was written, for people; `line` only orders mistakes."""

    words: str
    line: int = 0


class Text(NamedTuple):
    tree: dict[str, Any]
    lines: Lines


def parse_toml(text: str, source: str) -> Text:
    """Raises ConfigError with the line of the first syntax error: nothing after it can be read with certainty."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_toml_mistake(str(error), text, source)]) from None
    except RecursionError:
        raise ConfigError([source + _TOO_DEEP]) from None
    return Text(tree, _Walk(text.replace("\r\n", "\n")).lines)


def _toml_mistake(message: str, text: str, source: str) -> str:
    found = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    reason = message[: found.start()] if found else message
    # The rest of such a message can name a key or quote a piece of the text.
    reason = re.sub(r" (?:for key|namespace|character|key)?:? ?[('\"].*$", "", reason)
    line = found[1] if found and found[1] else text.count("\n") + 1
    reason = reason[:1].lower() + reason[1:]
    return f"{source}:{line}: this is not TOML: {reason}; correct the line (texts stand in quotes)"


_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_SCALAR = re.compile(r"[^,\]}\n#]*")
_STRINGS = (
    re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}(?!")', re.DOTALL),
    re.compile(r"'''.*?'{3,5}(?!')", re.DOTALL),
    re.compile(r'"(?:[^"\\]|\\.)*"'),
    re.compile(r"'[^']*'"),
)


class _Walk:
    """One pass over valid TOML that notes where each key and each element stands."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.lines = text, 0, Lines()
        self._line, self._counted = 1, 0
        self._arrays: dict[Path, int] = {}
        self._document()

    def _here(self) -> int:
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def _skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        assert found is not None
        self.at = found.end()
        return found[0]

    def _note(self, path: Path) -> None:
        line = self._here()
        for end in range(1, len(path) + 1):
            self.lines.setdefault(path[:end], line)

    def _document(self) -> None:
        table: Path = ()
        while self._skip(_BLANK) is not None and self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        array = self.text.startswith("[[", self.at)
        self.at += 2 if array else 1
        path = self._through_arrays(self._key(), whole=not array)
        if array:
            number = self._arrays.get(path, 0)
            self._arrays[path] = number + 1
            path = (*path, number)
        self._note(path)
        self.at += 2 if array else 1
        return path

    def _through_arrays(self, keys: Path, *, whole: bool) -> Path:
        """`[sinks.tls]` after `[[sinks]]` belongs to the last of them."""
        path: Path = ()
        for place, key in enumerate(keys, 1):
            path = (*path, key)
            if path in self._arrays and (whole or place < len(keys)):
                path = (*path, self._arrays[path] - 1)
        return path

    def _pair(self, table: Path) -> None:
        start = self.at
        keys = self._key()
        end, self.at = self.at, start
        self._note((*table, *keys))
        self.at = end + 1  # past the equals sign
        self._value((*table, *keys))

    def _key(self) -> Path:
        keys: list[str | int] = []
        while True:
            self._skip(_SPACE)
            if self.text[self.at] in "\"'":
                keys.append(_unquoted(self._string()))
            else:
                keys.append(self._skip(_BARE))
            self._skip(_SPACE)
            if self.text[self.at] != ".":
                return tuple(keys)
            self.at += 1

    def _string(self) -> str:
        found = next(found for pattern in _STRINGS if (found := pattern.match(self.text, self.at)))
        self.at = found.end()
        return found[0]

    def _value(self, path: Path) -> None:
        self._skip(_SPACE)
        first = self.text[self.at : self.at + 1]
        if first == "[":
            self._array(path)
        elif first == "{":
            self._inline_table(path)
        elif first in ('"', "'"):
            self._string()
        else:
            self._skip(_SCALAR)

    def _array(self, path: Path) -> None:
        for number in self._elements("]"):
            self._note((*path, number))
            self._value((*path, number))

    def _inline_table(self, path: Path) -> None:
        for _ in self._elements("}"):
            self._pair(path)

    def _elements(self, close: str) -> Iterator[int]:
        self.at += 1
        number = 0
        while True:
            self._skip(_BLANK)
            if self.text[self.at] == close:
                break
            yield number
            number += 1
            self._skip(_BLANK)
            if self.text[self.at] == ",":
                self.at += 1
        self.at += 1


def _unquoted(key: str) -> str:
    return next(iter(tomllib.loads(f"{key} = 0")))


def parse_yaml(text: str, source: str) -> Text:
    """YAML's plain values only: no aliases (a short text could unfold without end), no tags, no second document."""
    import yaml

    try:
        _refuse_tricks(text, source)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is None:
            return Text({}, {})
        walk = _YamlWalk(source)
        tree = walk.value(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{source}:{mark.line + 1}" if mark else source
        raise ConfigError([f"{place}: this is not YAML; correct the line (indentation and colons first)"]) from None
    except yaml.YAMLError:
        raise ConfigError([f"{source}: this is not YAML: it holds characters that YAML forbids"]) from None
    if not isinstance(tree, dict):
        raise ConfigError([f"{source}:1: a configuration is a mapping: write keys such as `server:`"])
    if walk.mistakes:
        raise ConfigError(walk.mistakes)
    return Text(tree, walk.lines)


def _line(mark: Any) -> int:
    return int(mark.line) + 1


def _refuse_tricks(text: str, source: str) -> None:
    """What makes reading dear is found event by event, before anything is built."""
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MOST_LEVELS:
            raise ConfigError([source + _TOO_DEEP])
        if isinstance(event, yaml.AliasEvent):
            raise ConfigError([f"{source}:{_line(event.start_mark)}: aliases are not read; write the value out"])


class _YamlWalk:
    def __init__(self, source: str) -> None:
        import yaml

        self.source, self.lines, self.mistakes = source, Lines(), list[str]()
        self._yaml, self._plain = yaml, yaml.constructor.SafeConstructor()

    def value(self, node: Any, path: Path) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, self._yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, self._yaml.SequenceNode):
            return [self.value(child, (*path, number)) for number, child in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: Any, path: Path) -> dict[str, Any]:
        tree: dict[str, Any] = {}
        for key, child in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, self._yaml.ScalarNode) or key.tag == "tag:yaml.org,2002:merge":
                self.mistakes.append(f"{self.source}:{line}: a key is a plain word here; write the keys out")
                continue
            if key.value in tree:
                self.mistakes.append(f"{self.source}:{line}: this key stands twice; remove one of them")
                continue
            self.lines[(*path, key.value)] = line
            tree[key.value] = self.value(child, (*path, key.value))
        return tree

    def _scalar(self, node: Any) -> Any:
        try:
            return self._plain.construct_object(node)
        except (self._yaml.YAMLError, ValueError):
            line = node.start_mark.line + 1
            self.mistakes.append(f"{self.source}:{line}: this value is no plain YAML value; put it in quotes")
            return None
