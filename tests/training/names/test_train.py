"""The recipe on a small scale: it learns, and the same data give the same files."""

from itertools import islice

import pytest

from bench.detect.names import by_tagger, tally
from tidegate.core.classify.names import load
from tidegate.core.classify.names.gazetteer import COMMON, FIRST, LAST, Gazetteer
from tidegate.core.classify.names.tagger import PERSON
from training.names import gazetteer
from training.names.people import is_hidden, lists
from training.names.texts import documents, texts

pytest.importorskip("numpy", reason="learning needs numpy, the finder does not")
from training.names.train import Material, material, trained, untaught


@pytest.fixture(scope="module")
def small() -> list[Material]:
    return [Material(list(islice(documents(texts("train", 1, 5), 6), 400)), 1.0)]


@pytest.fixture(scope="module")
def files(small):
    return trained(small, epochs=2)


def test_the_same_data_give_the_same_files(small, files):
    assert trained(small, epochs=2) == files


def test_a_little_teaches_a_little(small, files):
    weights, table, _ = files
    truth, found, right, _ = tally(small[0].texts, by_tagger(load(weights, table)))[PERSON]
    assert 2 * right / (truth + found) > 0.6
    assert not tally(small[0].texts, by_tagger(untaught(table)))[PERSON].found


def test_what_is_left_out_is_not_learned_from():
    sources = {text.source for part in material({"sentences", "wikigold"}, rounds=1) for text in part.texts}
    assert "btc_a" in sources
    assert "wikigold" not in sources
    assert not any(source.startswith("presidio") for source in sources)


def test_hidden_names_are_in_the_shipped_gazetteer_alone(files):
    _, table, narrow = files
    full, part = Gazetteer(table), Gazetteer(narrow)
    names = [name.encode().lower() for name in lists()["en_US"]["last"] if is_hidden(name)]
    assert len(names) > 100
    assert all(full.flags(name) & LAST for name in names)
    assert sum(bool(part.flags(name) & LAST) for name in names) < len(names) / 2


def test_words_that_are_mostly_written_small_are_common():
    flags = gazetteer.flags_of_words(
        ["a table", "the table", "will you", "i will", "Anna anna anna Anna Anna"], hidden=True
    )
    assert flags[b"table"] & COMMON
    assert flags[b"will"] & COMMON
    assert flags[b"anna"] & (COMMON | FIRST) == FIRST
