"""Trees to tables: reading goes on past a mistake, and each mistake knows its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tidegate.config import kinds
from tidegate.config.forms import declared, maybe, maybe_table, setting, table, tables, values, written
from tidegate.config.kinds import Surroundings
from tidegate.config.places import Place
from tidegate.config.reading import BROKEN, Reading, spelled

NAME = kinds.text("a name", pattern=kinds.NAME)


@dataclass(frozen=True, kw_only=True)
class Leaf:
    size: int = setting(kinds.whole(0, 9), "How large.")
    note: str | None = maybe(kinds.text(), "Whatever.")


@dataclass(frozen=True, kw_only=True)
class Soil:
    depth: int = setting(kinds.whole(0, 9), "How deep.", default=3)


@dataclass(frozen=True, kw_only=True)
class Tree:
    LATER: ClassVar[Mapping[str, str]] = {"fruit": "this tree bears none yet"}
    soil: Soil = table(Soil, "What it stands in.")  # noqa: RUF009 - as above
    leaf: Leaf | None = maybe_table(Leaf, "One leaf.")  # noqa: RUF009 - as above
    leaves: Mapping[str, Leaf] = tables(Leaf, NAME, "Many leaves.")
    words: Mapping[str, str] = values(kinds.text(), NAME, "Many words.")


def read(tree, places=None):
    reading = Reading("t.toml", places or {}, Surroundings(Path("/"), {}))
    return reading.table(Tree, tree, ()), reading.all_mistakes()


def test_what_is_left_out_is_its_default_or_nothing():
    assert read({}) == (Tree(soil=Soil(depth=3), leaf=None, leaves={}, words={}), [])


def test_what_is_written_is_read_and_writes_itself_again():
    tree = {
        "soil": {"depth": 4},
        "leaf": {"size": 1, "note": "n"},
        "leaves": {"a": {"size": 2}},
        "words": {"b": "c"},
    }
    found, mistakes = read(tree)
    assert mistakes == []
    assert written(found) == tree


def test_reading_goes_on_past_every_mistake():
    tree = {
        "fruit": 1,
        "sol": {},
        "soil": 3,
        "leaf": {"size": "x", "note": 4},
        "leaves": {"good": {"size": 1}, "bad": {}, "b d": {"size": 1}},
        "words": [],
    }
    found, mistakes = read(tree)
    assert mistakes == [
        "t.toml: fruit: this tree bears none yet; remove it",
        't.toml: sol: there is no such setting (did you mean "soil"?); correct or remove it',
        "t.toml: soil: this is a table of settings; write [soil]",
        "t.toml: leaf.size: it is a whole number from 0 to 9",
        "t.toml: leaf.note: it is a text: put it in quotes",
        "t.toml: leaves.bad.size: it is missing; it is a whole number from 0 to 9",
        't.toml: leaves."b d": the name: it is a name',
        "t.toml: words: this is a table of names; write [words]",
    ]
    assert found.soil is BROKEN
    assert found.leaf.size is BROKEN
    assert found.leaves["good"].size == 1


def test_mistakes_come_in_the_order_of_lines_and_once():
    places = {("leaves", "a"): Place("t.toml:9", 9), ("soil",): Place("t.toml:2", 2)}
    _, mistakes = read({"leaves": {"a": {}}, "soil": {"depth": 99}}, places)
    assert [mistake.split(":")[1] for mistake in mistakes] == ["2", "9"]


def test_a_path_is_spelled_as_one_would_write_it():
    assert spelled(("targets", "a b", "x-y", 3)) == 'targets."a b".x-y.3'
    assert spelled(("\x1b[2J",)) == '"\\x1b[2J"'
    assert spelled(()) == "the configuration"


def test_a_declaration_tells_its_keys_in_order():
    assert [name for name, _ in declared(Tree)] == ["soil", "leaf", "leaves", "words"]


def test_a_dotted_name_without_quotes_is_told_how_to_write_it():
    _, mistakes = read({"words": {"pii": {"email": "mask"}}})
    assert any("stands in quotes" in mistake for mistake in mistakes)
