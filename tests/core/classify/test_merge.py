# ruff: noqa: E501 - tables of cases

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.classify.merge import merge
from tidegate.core.classify.rows import Hit

LABELS = st.sampled_from(["pii.email", "gov.us_ssn", "secret.jwt", "code.source"])
HITS = st.lists(
    st.builds(
        lambda start, size, label, score: Hit(start, start + size, label, score, label),
        st.integers(0, 60),
        st.integers(1, 30),
        LABELS,
        st.sampled_from([0.5, 0.75, 0.8, 0.99]),
    ),
    max_size=12,
)


def test_strong_goes_before_weak_and_long_before_short():
    table = [
        ([Hit(0, 30, "pii.address", 0.75, "a"), Hit(5, 16, "gov.us_ssn", 0.99, "b")], [(5, 16, "gov.us_ssn")]),
        ([Hit(0, 40, "secret.connection_string", 0.95, "a"), Hit(20, 30, "pii.ip", 0.95, "b")], [(0, 40, "secret.connection_string")]),
        ([Hit(0, 10, "pii.phone", 0.85, "a"), Hit(0, 10, "gov.us_ssn", 0.9, "b")], [(0, 10, "gov.us_ssn")]),
    ]  # fmt: skip
    for hits, expected in table:
        kept, _ = merge(hits)
        assert [(h.start, h.end, h.label) for h in kept] == expected


def test_a_passage_gives_way_to_what_stands_in_it_and_keeps_the_rest():
    kept, labels = merge([Hit(0, 100, "code.source", 0.8, "c"), Hit(40, 50, "pii.email", 0.98, "e")])
    assert [(h.start, h.end, h.label) for h in kept] == [
        (0, 40, "code.source"),
        (40, 50, "pii.email"),
        (50, 100, "code.source"),
    ]
    assert labels == {"code.source", "pii.email"}


def test_strong_evidence_that_lost_its_place_still_counts_as_a_label():
    kept, labels = merge([Hit(0, 20, "pii.email", 0.93, "e"), Hit(0, 20, "gov.us_ssn", 0.94, "s")])
    assert len(kept) == 1
    assert labels == {"pii.email", "gov.us_ssn"}


@given(HITS)
def test_findings_never_overlap_and_stand_in_order(hits):
    kept, _ = merge(hits)
    assert all(a.end <= b.start for a, b in pairwise(kept))
    assert all(h.start < h.end for h in kept)


@given(HITS, st.randoms())
def test_the_order_of_hits_does_not_matter(hits, draw):
    shuffled = list(hits)
    draw.shuffle(shuffled)
    assert [tuple(h) for h in merge(hits)[0]] == [tuple(h) for h in merge(shuffled)[0]]
    assert merge(hits)[1] == merge(shuffled)[1]


@given(HITS)
def test_every_byte_that_a_strong_hit_claimed_is_covered_by_some_finding(hits):
    kept, _ = merge(hits)
    for hit in hits:
        if hit.label == "code.source":
            assert all(any(k.start <= at < k.end for k in kept) for at in range(hit.start, hit.end))
        else:
            assert any(k.start < hit.end and hit.start < k.end for k in kept)
