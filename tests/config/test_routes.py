"""Routes and lanes as a file writes them, and what does not agree."""

import pytest

from tests.config.test_checks import HERE, mistakes, target
from tidegate import config
from tidegate.core.values.route import HEDGED, Lane, Route

TWO = HERE + target("one") + target("two") + '[models]\n"auto" = ["one", "two"]\n"one" = ["one"]\n'


def load(folder, text):
    file = folder / "tidegate.toml"
    file.write_text(text)
    return config.load(file, {"HOME": str(folder)})


def test_without_a_word_everything_is_in_order_and_nothing_is_limited(tmp_path):
    settings = load(tmp_path, TWO)
    assert settings.routes == {}
    assert settings.lanes == {"one": Lane(), "two": Lane()}
    assert Lane().most == 0
    assert Route().hedged == frozenset(HEDGED)


def test_what_is_written_is_what_is_done(tmp_path):
    route = (
        '[routes.auto]\nstrategy = "weighted"\nweights = { one = 3, two = 0 }\nretries = 2\nwait_s = 5\n'
        'hedge = ["chat"]\nhedge_after_ms = 250\n'
    )
    settings = load(tmp_path, TWO + route)
    assert settings.routes["auto"] == Route(
        strategy="weighted",
        weights={"one": 3, "two": 0},
        retries=2,
        wait_s=5.0,
        hedged=frozenset({"chat"}),
        hedge_after_s=0.25,
    )


def test_a_target_says_what_it_bears(tmp_path):
    lines = HERE + target() + "concurrency = 2\nqueue = 8\nqueue_timeout_s = 1.5\n"
    assert load(tmp_path, lines).lanes["t"] == Lane(most=2, queue=8, queue_s=1.5)


def test_without_models_there_is_auto(tmp_path):
    assert "auto" in load(tmp_path, HERE + target() + '[routes.auto]\nstrategy = "fastest"\n').routes


WRONG = [
    ("a model that is not there", "[routes.aut]\nretries = 1\n", "routes.aut", 'did you mean "auto"'),
    ("a strategy that is none", '[routes.auto]\nstrategy = "fast"\n', "routes.auto.strategy", "fastest"),
    ("weights of no use", "[routes.auto]\nweights = { one = 1 }\n", "routes.auto.weights", 'strategy = "weighted"'),
    (
        "a weight of somebody else",
        '[routes.one]\nstrategy = "weighted"\nweights = { two = 1 }\n',
        "routes.one.weights",
        "does not name two",
    ),
    ("a weight below nothing", '[routes.auto]\nstrategy = "weighted"\nweights = { one = -1 }\n', "weights.one", "0"),
    ("too many retries", "[routes.auto]\nretries = 11\n", "routes.auto.retries", "10"),
    ("an operation that is none", '[routes.auto]\nhedge = ["images"]\n', "routes.auto.hedge", "embeddings"),
]


@pytest.mark.parametrize(("text", "place", "words"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_what_is_wrong_is_told_with_its_place(tmp_path, text, place, words):
    found = mistakes(tmp_path, TWO + text)
    assert len(found) == 1, found
    assert place in found[0]
    assert words in found[0]
