from tests.core.classify.families import engine
from tidegate.core.classify import code, configuration
from tidegate.core.classify.warm_up import TEXTS
from tidegate.core.values.envelope import Part, Position


def test_samples_are_read_to_the_end_by_every_pass():
    found = [engine().classify((Part(Position.USER, (), text),)) for text in TEXTS]
    assert {classification.failed for classification in found} == {()}
    assert sum("code.source" in classification.labels for classification in found) >= 8


def test_samples_hold_nothing_that_stops_a_request_and_some_of_what_each_pass_looks_at():
    labels = frozenset().union(*(engine().classify((Part(Position.USER, (), text),)).labels for text in TEXTS))
    assert "unknown" not in labels
    assert not any(label.startswith("secret.") for label in labels)
    assert any(not text.isascii() for text in TEXTS)
    assert any(code.may_hold_passages(text.encode()) for text in TEXTS)
    assert not any(list(configuration.passages(text.encode())) for text in TEXTS)
