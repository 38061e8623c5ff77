"""The user's own words, in every way that a text writes them."""

import pytest

from tidegate.core.classify import terms
from tidegate.core.classify.engine import Engine
from tidegate.core.classify.own_patterns import OwnPattern
from tidegate.core.classify.rows import Hit
from tidegate.core.classify.terms import TermsFinder, TooManyHitsError, Words, labels_in, plain
from tidegate.core.values.envelope import Part, Position


def found(text, *words, **how):
    """The pieces of `text` that are found, folded as the path folds it."""
    finder = TermsFinder([Words("customer.term", "t", words, **how)])
    engine = Engine(rows=(), finders=[finder])
    return [text[one.start : one.end] for one in engine.find(text) if one.detector == "own:t"]


@pytest.mark.parametrize(
    ("word", "text", "finds"),
    [
        ("blackfin", "on Blackfin and BLACKFIN.", ["Blackfin", "BLACKFIN"]),
        ("blackfin", "blackfins, ablackfin, blackfin2, \u00fcblackfin", []),
        ("blackfin", "\u201cblackfin\u201d, _blackfin_, blackfin's", ["blackfin"] * 3),
        ("blackfin", "\uff42lackfin black\u200bfin", ["\uff42lackfin", "black\u200bfin"]),
        ("Project Bluebird", "project bluebird", ["project bluebird"]),
        ("Project Bluebird", "PROJECT\n\t  Bluebird", ["PROJECT\n\t  Bluebird"]),
        ("Project Bluebird", "release/project-bluebird_v2 project_bluebird", ["project-bluebird", "project_bluebird"]),
        ("Project Bluebird", "Project: Bluebird", []),
        ("Project Bluebird", "the  project  of the  bluebird", []),
        ("a b", "a\n b and a-b", ["a\n b", "a-b"]),
        ("db-prod-7", "ssh db_prod_7; ssh db-prod-70", ["db_prod_7"]),
        ("M\u00fcller KG", "M\u00dcLLER KG, mu\u0308ller kg", ["M\u00dcLLER KG", "mu\u0308ller kg"]),
        ("stra\u00dfe", "STRASSE", ["STRASSE"]),
        ("\u6771\u4eac\u652f\u5e97", "\u65e7\u6771\u4eac\u652f\u5e97\u306e", ["\u6771\u4eac\u652f\u5e97"]),
        ("corp.example", "https://a.corp.example/x", ["corp.example"]),
        ("C++", "C++ and c++", ["C++", "c++"]),
    ],
)
def test_a_word_is_found_however_it_is_written(word, text, finds):
    assert found(text, word) == finds


def test_where_case_matters_only_what_is_written_so_is_found():
    assert found("Mercury mercury MERCURY", "Mercury", exact=True) == ["Mercury"]
    assert found("Red Mercury, red  mercury, Red  Mercury", "Red Mercury", exact=True) == [
        "Red Mercury",
        "Red  Mercury",
    ]


def test_words_may_be_pieces_where_that_is_asked_for():
    assert found("myblackfin01", "blackfin", whole=False) == ["blackfin"]


def test_words_of_several_rules_are_told_apart():
    finder = TermsFinder(
        [Words("customer.term", "a", ("Acme", "acme north")), Words("customer.site", "b", ("ACME",), exact=True)]
    )
    data = b"acme north ACME"
    assert set(finder.hits(data, data.lower())) == {
        Hit(0, 4, "customer.term", 0.95, "own:a"),
        Hit(0, 10, "customer.term", 0.95, "own:a"),
        Hit(11, 15, "customer.term", 0.95, "own:a"),
        Hit(11, 15, "customer.site", 0.95, "own:b"),
    }
    assert finder.labels == {"customer.term", "customer.site"}


def test_words_hidden_in_encodings_are_found_by_the_engine():
    engine = Engine(finders=[TermsFinder([Words("customer.term", "t", ("Project Bluebird",))])])
    for text in (
        "UHJvamVjdCBCbHVlYmlyZCBzaGlwcyB0b21vcnJvdyBtb3JuaW5n",
        "Project%20Bluebird",
        r"\u0050roject\nBluebird",
    ):
        labels = engine.classify((Part(Position.USER, (), text),)).labels
        assert "customer.term" in labels, text


def test_no_phrase_reaches_over_the_seam_between_two_parts():
    data = b"project\x1ebluebird"
    assert TermsFinder([Words("customer.term", "t", ("project bluebird",))]).hits(data, data) == []


def test_a_long_text_is_searched_in_slices_without_loss(monkeypatch):
    finder = TermsFinder([Words("customer.term", "t", ("blackfin", "red fin"))])
    data = b"blackfin, red fin; " * 40
    whole = finder.hits(data, data)
    monkeypatch.setattr(terms, "_SLICE_BYTES", 13)
    assert finder.hits(data, data) == whole
    assert len(whole) == 80


def test_it_gives_up_where_nobody_would_look_at_all_finds(monkeypatch):
    monkeypatch.setattr(terms, "MOST_HITS", 10)
    finder = TermsFinder([Words("customer.term", "t", ("ab",))])
    with pytest.raises(TooManyHitsError):
        finder.hits(b"ab " * 11, b"ab " * 11)
    assert Engine(finders=[finder]).classify((Part(Position.USER, (), "ab " * 11),)).failed == ("own_terms",)


def test_a_word_of_which_nothing_can_be_seen_is_refused():
    assert plain("\u200b\u00ad") == ""
    with pytest.raises(ValueError, match="nothing can be seen"):
        TermsFinder([Words("customer.term", "t", ("\u200b",))])


def test_the_version_changes_with_every_rule():
    rules = [
        ([Words("customer.term", "t", ("a1",))], []),
        ([Words("customer.term", "t", ("a2",))], []),
        ([Words("customer.term", "t", ("a1",), exact=True)], []),
        ([], [OwnPattern("customer.term", "t", "a1")]),
        ([], [OwnPattern("customer.term", "t", "a1", near=("x",))]),
    ]
    assert len({TermsFinder(*one).version for one in rules}) == len(rules)
    assert TermsFinder(*rules[0]).version == TermsFinder(*rules[0]).version


def test_one_text_can_be_asked_about_alone():
    finder = TermsFinder([Words("customer.term", "t", ("blackfin",))], [OwnPattern("customer.id", "p", r"B\d+")])
    assert labels_in(finder, "\uff22\uff11 and black\u200bfin") == {"customer.term", "customer.id"}
    assert labels_in(finder, "\ud800") == frozenset()
