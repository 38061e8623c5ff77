"""Templates into texts: what is labelled is what was filled in, and test and training share nothing."""

from random import Random

import pytest

from training.names.people import People, is_held_out
from training.names.texts import documents, fill, templates, texts


def spans(template: str, seed: int = 3):
    text = fill("t", template, People(Random(seed)))
    return text.text, [(text.text[start:end], kind) for start, end, kind in text.spans]


@pytest.mark.parametrize(
    ("template", "kinds"),
    [
        ("Dear {t1},", ["PER"]),
        ("{f1} {l1} met {f2}", ["PER", "PER"]),
        ("[Hi|Hello|[Dear|Hey]] {p1} from {c1}, {r1} at {o1}", ["PER", "LOC", "LOC", "ORG"]),
        ("{job} {num} {date} {tech} {street} {word}", []),
        ("{low1} and {P2}", ["PER", "PER"]),
    ],
)
def test_what_is_filled_in_is_labelled(template, kinds):
    for seed in range(20):
        text, found = spans(template, seed)
        assert [kind for _, kind in found] == kinds
        assert all(value and value == value.strip() for value, _ in found)
        assert "{" not in text
        assert "[" not in text


def test_the_same_number_is_the_same_person():
    text, ((full, _), (first, _)) = spans("{p1}; {f1}")
    assert text == f"{full}; {first}"


def test_a_seam_stands_between_texts_of_a_request():
    assert spans("name~=x~")[0] == "name\x1e=x\x1e"


def test_the_same_seed_gives_the_same_texts():
    assert list(documents(texts("train", 1, 5), 6)) == list(documents(texts("train", 1, 5), 6))


def test_no_template_is_both_learned_and_tested():
    learned = {template for _, template in templates("train")}
    tested = {template for _, template in templates("test")}
    assert len(learned) > 400
    assert len(tested) > 60
    assert not learned & tested


def test_documents_keep_their_labels():
    parts = list(texts("train", 1, 7))
    whole = list(documents(iter(parts), 8))
    labelled = sorted(part.text[start:end] for part in parts for start, end, _ in part.spans)
    assert sorted(text.text[start:end] for text in whole for start, end, _ in text.spans) == labelled


def test_unseen_names_are_those_that_training_never_draws():
    seen, unseen = People(Random(1)), People(Random(1), unseen=True)
    assert all(is_held_out(unseen.of("en_US", "last")) for _ in range(50))
    assert sum(is_held_out(seen.of("en_US", "last")) for _ in range(200)) < 20
