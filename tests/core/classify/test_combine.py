"""Findings of detectors beside the engine join the engine's own."""

from tidegate.core.classify.combine import combine
from tidegate.core.values.finding import Classification, Detected, Finding
from tidegate.core.values.labels import level

NOTHING = Classification((), frozenset(), "public")


def finding(label, start, end, part=0, score=0.85, detector="spacy"):
    return Finding(label, start, end, score, detector, part)


def classified(*findings, failed=()):
    labels = frozenset(f.label for f in findings)
    return Classification(tuple(findings), labels, level(labels), failed)


def test_nothing_more_leaves_everything_as_it_is():
    found = classified(finding("pii.email", 3, 9))
    assert combine(found, [Detected("spacy"), Detected("presidio")]) is found


def test_findings_come_in_order_and_labels_add_up():
    found = classified(finding("pii.email", 30, 40, part=1))
    more = Detected("spacy", (finding("pii.person", 0, 8, part=1), finding("phi.diagnosis", 2, 5)))
    combined = combine(found, [more])
    assert [(f.part, f.label) for f in combined.findings] == [
        (0, "phi.diagnosis"),
        (1, "pii.person"),
        (1, "pii.email"),
    ]
    assert combined.labels == {"pii.email", "pii.person", "phi.diagnosis"}
    assert combined.level == "restricted"


def test_of_two_that_overlap_the_stronger_keeps_its_place_and_the_label_of_the_other_stays():
    found = classified(finding("pii.email", 0, 20, score=0.99, detector="email"))
    combined = combine(found, [Detected("spacy", (finding("pii.person", 0, 4, score=0.6),))])
    assert [f.label for f in combined.findings] == ["pii.email"]
    assert combined.labels == {"pii.email", "pii.person"}


def test_one_that_has_not_looked_makes_the_request_unknown_whatever_the_others_found():
    found = classified(finding("pii.email", 0, 20), failed=("engine-row",))
    combined = combine(found, [Detected("gliner", failed=True), Detected("spacy", (finding("pii.person", 30, 34),))])
    assert combined.failed == ("engine-row", "gliner")
    assert "unknown" in combined.labels
    assert combined.level == "restricted"
    assert combine(NOTHING, [Detected("gliner", failed=True)]).labels == {"unknown"}
