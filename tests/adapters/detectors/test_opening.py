"""From what a configuration says to a detector behind its deadline."""

import asyncio

import pytest

from tidegate.adapters.detectors.opening import open_detector
from tidegate.core.values.envelope import Part, Position
from tidegate.core.values.errors import ConfigError

PARTS = [Part(Position.USER, ("messages", 0), "Mail jane@shop.example.com")]


def opened(kind="presidio", model="blank:en", labels=None):
    labels = {"EMAIL_ADDRESS": "pii.email"} if labels is None else labels
    return open_detector("second", kind=kind, model=model, labels=labels, timeout_s=5, threshold=0.5)


def test_it_finds_under_our_labels():
    detector = opened()
    try:
        found = asyncio.run(detector.find(PARTS))
    finally:
        detector.close()
    assert detector.labels == {"pii.email"}
    assert [(f.label, f.start, f.end, f.detector) for f in found.findings] == [("pii.email", 5, 26, "second")]


def test_a_detector_without_labels_is_a_mistake_and_not_a_detector_that_finds_nothing():
    with pytest.raises(ConfigError, match=r"detectors\.second\.labels"):
        opened(labels={})


@pytest.mark.parametrize(("kind", "model"), [("spacy", "no_such_pipeline"), ("gliner", "/no/such"), ("bert", "x")])
def test_what_cannot_be_opened_says_so(kind, model):
    with pytest.raises(ConfigError):
        opened(kind, model)
