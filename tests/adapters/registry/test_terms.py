"""Dictionaries as files: what may stand in them, every mistake with its line, and their tests."""

from pathlib import Path

import pytest

from tidegate.adapters.registry import terms
from tidegate.adapters.registry.terms import known_labels, outcomes, read_dictionary, terms_finder
from tidegate.core.values.errors import ConfigError

SOUND = """\
[[terms]]
label = "customer.project"
name = "projects"
words = ["Project Bluebird", "blackfin"]

[[terms]]
name = "hosts"
file = "hosts.txt"
whole_words = false

[[patterns]]
label = "customer.ticket"
name = "tickets"
pattern = 'TCK-\\d{6}'
near = ["ticket"]

[[tests]]
text = "ticket TCK-123456 on db7.corp.example"
finds = ["customer.ticket", "customer.term"]

[[tests]]
text = "TCK-123456 alone, and bluebirds"
finds = []
"""


@pytest.fixture
def written(tmp_path):
    (tmp_path / "hosts.txt").write_text("# our own\ncorp.example\n\n  Frosty-1  \n")

    def write(text, name="own.toml"):
        path = tmp_path / name
        path.write_text(text) if isinstance(text, str) else path.write_bytes(text)
        return path

    return write


def mistakes(*paths):
    with pytest.raises(ConfigError) as refused:
        terms_finder(paths)
    return [mistake.replace(f"{paths[0].parent}/", "") for mistake in refused.value.mistakes]


def test_words_lists_and_patterns_are_read(written):
    found = read_dictionary(written(SOUND))
    assert [(rule.label, rule.name, rule.words, rule.exact, rule.whole) for rule in found.words] == [
        ("customer.project", "projects", ("Project Bluebird", "blackfin"), False, True),
        ("customer.term", "hosts", ("corp.example", "Frosty-1"), False, False),
    ]
    assert [(rule.name, rule.pattern, rule.near, rule.exact) for rule in found.patterns] == [
        ("tickets", r"TCK-\d{6}", ("ticket",), True)
    ]


def test_its_own_tests_tell_what_was_found(written):
    path = written(SOUND.replace("finds = []", 'finds = ["customer.project"]'))
    first, second = outcomes(read_dictionary(path))
    assert (first.ok, second.ok) == (True, False)
    assert second.place == f"{path}:21"
    assert mistakes(path) == [
        "own.toml:21: this test fails: the dictionary does not find customer.project; correct the rule or the test"
    ]


def test_a_find_too_many_fails_a_test(written):
    path = written(SOUND.replace("bluebirds", "blackfin"))
    assert mistakes(path)[0].startswith(
        "own.toml:21: this test fails: the dictionary finds customer.project and should not; correct"
    )


@pytest.mark.parametrize(
    ("was", "now", "mistake"),
    [
        ("whole_words", "whole_word", "own.toml:9: terms.1.whole_word: there is no such setting (did you mean"),
        ("[[tests]]", "[[test]]", 'own.toml:17: test: there is no such table (did you mean "tests"?)'),
        ('"projects"', '"tickets"', "own.toml:13: patterns.0.name: line 3 has the same name"),
        ('"projects"', '"../x"', "own.toml:3: terms.0.name: it is a name"),
        ('name = "projects"\n', "", "own.toml:1: terms.0.name: it is missing"),
        ('label = "customer.project"', 'label = "Customer"', "own.toml:2: terms.0.label: it is a label"),
        ('"customer.project"', '"pii.emial"', "own.toml:2: terms.0.label: this is no label of tidegate's (did"),
        ('label = "customer.project"', 'label = "unknown"', "own.toml:2: terms.0.label: this is no label"),
        ('"blackfin"', '"\u200b"', "own.toml:4: terms.0.words.1: a word has at least two characters"),
        ('"blackfin"', '"--"', "own.toml:4: terms.0.words.1: a word has at least two characters"),
        ('"blackfin"', '"' + "x" * 201 + '"', "own.toml:4: terms.0.words.1: a word has at most 200 bytes"),
        ('"blackfin"', "7", "own.toml:4: terms.0.words: it is a list of words"),
        ('["Project Bluebird", "blackfin"]', "[]", "own.toml:4: terms.0.words: the list is empty"),
        ('file = "hosts.txt"', 'file = "hosts.txt"\nwords = ["x1"]', "own.toml:6: terms.1: it has either"),
        ('file = "hosts.txt"\n', "", "own.toml:6: terms.1: it has either"),
        ('"hosts.txt"', '"absent.txt"', "own.toml:8: terms.1.file: absent.txt: there is no such file"),
        (r"TCK-\d{6}", "", "own.toml:14: patterns.0.pattern: it is empty"),
        (r"TCK-\d{6}", r"\d{1,1000}", "own.toml:14: patterns.0.pattern: it unfolds to 2"),
        (r"TCK-\d{6}", r"\d*", "own.toml:14: patterns.0.pattern: it matches the empty text"),
        (r"TCK-\d{6}", "(TCK", "own.toml:14: patterns.0.pattern: RE2 cannot read it (missing ))"),
        ('near = ["ticket"]', 'near = [" "]', "own.toml:15: patterns.0.near.0: a word has"),
        ("finds = []", 'finds = ["customer.tickets"]', "own.toml:23: tests.1.finds: no rule of this file"),
        ("finds = []\n", "", "own.toml:21: tests.1.finds: it is missing"),
        ("[[terms]]\nlabel", "[[terms]\nlabel", "own.toml:1: this is not TOML"),
    ],
)  # fmt: skip
def test_every_mistake_has_its_line_and_what_to_do(written, was, now, mistake):
    assert was in SOUND
    found = mistakes(written(SOUND.replace(was, now, 1) if was != "[[tests]]" else SOUND.replace(was, now)))
    assert any(one.startswith(mistake) for one in found), found


def test_all_mistakes_are_told_at_once_and_in_order(written):
    text = SOUND.replace('"projects"', '""').replace(r"TCK-\d{6}", "").replace('"hosts.txt"', '"none.txt"')
    assert [one.split(":")[1] for one in mistakes(written(text), written("x =", "other.toml"))] == ["3", "8", "14", "1"]


def test_a_bad_line_of_a_list_is_told_with_its_own_place(written, tmp_path):
    (tmp_path / "hosts.txt").write_text("fine.example\n-\n")
    assert mistakes(written(SOUND))[0].startswith("hosts.txt:2: a word has at least two characters")


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        (b"", "own.toml: it holds no rule"),
        (b"a = 1\nb\xff = 2", "own.toml:2: the file is not UTF-8"),
        (b"terms = 3", "own.toml:1: terms: these are tables of a list; write [[terms]]"),
        (b"terms = [3]", "own.toml:1: terms.0: this is a table of settings"),
    ],
)
def test_what_is_no_dictionary_is_refused(written, content, mistake):
    assert mistakes(written(content))[0].startswith(mistake)


def test_a_file_that_is_missing_or_too_large_is_refused(written, tmp_path, monkeypatch):
    assert mistakes(tmp_path / "none.toml") == ["none.toml: there is no such file; correct the path"]
    monkeypatch.setattr(terms, "MOST_DICTIONARY_BYTES", 10)
    assert "split it" in mistakes(written(SOUND))[0]


def test_too_many_words_are_refused(written, monkeypatch):
    monkeypatch.setattr(terms, "MOST_TERMS", 3)
    assert "at most 3 are taken" in mistakes(written(SOUND))[0]


def test_a_name_that_stands_in_two_files_is_refused(written):
    first, second = written(SOUND), written(SOUND, "more.toml")
    assert [one.split(": ")[0] for one in mistakes(first, second)] == ["more.toml:3", "more.toml:7", "more.toml:13"]


def test_all_dictionaries_make_one_finder(written):
    more = '[[patterns]]\nname = "codes"\nlabel = "gov.us_ssn"\npattern = "Z-[0-9]+"\n'
    finder = terms_finder([written(SOUND), written(more, "more.toml")])
    assert finder.labels == {"customer.project", "customer.term", "customer.ticket", "gov.us_ssn"}
    assert terms_finder([]) is None


def test_labels_that_ship_may_be_named():
    assert {"pii.email", "pii.person", "customer.config", "gov.us_ssn"} <= known_labels()
    assert not {"unknown", "derived.local"} & known_labels()


def test_nothing_of_the_texts_shows_in_a_mistake(written):
    for was in (r"TCK-\d{6}", "blackfin", "ticket TCK-123456"):
        text = SOUND.replace(was, "hush(" * 60)
        assert "hush" not in " ".join(mistakes(written(text)))


def test_the_folder_of_a_list_is_that_of_its_dictionary(written, tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    assert read_dictionary(written(SOUND)).words[1].words[0] == "corp.example"
    assert Path.cwd() != tmp_path
