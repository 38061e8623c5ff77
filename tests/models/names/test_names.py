"""The names finder's files in the package: that they are what the card and the recipe say."""

import hashlib
import re
from importlib import resources

import pytest

from bench.detect.names import business, by_engine, by_tagger, tally
from tidegate.core.classify import Engine
from tidegate.core.classify.names import load
from tidegate.core.classify.names.tagger import PERSON
from tidegate.models.names import names_data
from training.names import corpora

SIZE_LIMIT_BYTES = 8_000_000


@pytest.fixture(scope="module")
def card() -> str:
    return (resources.files("tidegate.models.names") / "MODEL_CARD.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def finder():
    return load(*names_data())


def test_they_are_small():
    assert sum(map(len, names_data())) <= SIZE_LIMIT_BYTES


@pytest.mark.parametrize("data", names_data(), ids=names_data()._fields)
def test_the_card_speaks_of_these_files(card, data):
    assert hashlib.sha256(data).hexdigest() in card


@pytest.mark.parametrize("licence", ["Faker", "CC-BY-4.0", "Broad Twitter Corpus", "Wikigold", "WNUT-17", "MIT", "PSF"])
def test_the_card_names_its_sources_and_licences(card, licence):
    assert licence in card


def test_the_licence_of_the_names_lies_beside_them():
    assert "Daniele Faraglia" in (resources.files("tidegate.models.names") / "LICENSE-Faker.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("row", "texts", "at_least"),
    [
        ("sentences, test templates", lambda: corpora.sentences("test"), 0.70),
        ("business prose, other domains", lambda: business("test"), 0.78),
    ],
)
def test_persons_are_found_as_often_as_the_card_says(finder, card, row, texts, at_least):
    truth, found, right, strict = tally(texts(), by_tagger(finder))[PERSON]
    said = re.search(rf"^\| {row} \| \S+ / \S+ / (\S+) \| (\S+) \|", card, re.MULTILINE)
    assert said, f"the card has no row {row!r}"
    assert 2 * right / (truth + found) == pytest.approx(float(said[1]), abs=0.0006)
    assert 2 * strict / (truth + found) == pytest.approx(float(said[2]), abs=0.0006)
    assert 2 * right / (truth + found) >= at_least


def test_nobody_is_found_in_source_code(finder):
    """A sample of the standard library's other half; nothing of it was learned from."""
    find = by_engine(Engine(finders=[finder]))
    size, persons = 0, 0
    for text in corpora.sources("test"):
        size += len(text.text)
        persons += sum(kind == PERSON for _, _, kind in find(text))
        if size > 400_000:
            break
    assert persons <= 0.05 * size / 1000
