"""The whole engine: what it promises whatever the text, and what it answers when something in it breaks."""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.classify import adversarial
from tests.core.classify.families import engine
from tidegate.core.classify import Engine
from tidegate.core.classify.detectors import ROWS
from tidegate.core.classify.fold import fold
from tidegate.core.classify.rows import Shaped
from tidegate.core.values.envelope import Part, Position
from tidegate.core.values.finding import Classification

ANY_TEXT = (
    st.text(max_size=80)
    | st.text(st.characters(), max_size=80)
    | st.text("0123456789-+(). /@:=eyJkéｋ\ud800\x00\u200b%\\u&;", max_size=80)
)
INVISIBLE = st.sampled_from(["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202e", "\x00"])
PLANTED = {
    "457-55-5462": "gov.us_ssn",
    "5105 1051 0510 5100": "pci.pan",
    "FR1420041010050500013M02606": "bank.iban",
    "t.nguyen@fabrikam.example": "pii.email",
    "MRN-5530127": "phi.mrn",
    "AKIA" + "R5TWLXKJ2QD7NEFA": "secret.aws_access_key",
}
FILLER = st.text("abc \n.,", max_size=20).map(lambda text: f" {text} ")


def part(text: str, position: Position = Position.USER, **kw) -> Part:
    return Part(position, ("messages", 0, "content"), text, **kw)


def spans(classification: Classification):
    return [(f.part, f.start, f.end, f.label) for f in classification.findings]


def test_a_request_with_nothing_in_it_is_public():
    for parts in ((), (part(""),), (part("What is the highest peak in Wales?"), part("")), (part("19 times 31?"),)):
        assert engine().classify(parts) == Classification((), frozenset(), "public")


@pytest.mark.parametrize(("value", "label"), PLANTED.items())
def test_a_planted_value_is_found_in_every_position_and_form(value, label):
    for position in Position:
        for text in (
            value,
            f"It is {value}.",
            f'{{"x": "{value}"}}',
            f"a\\n{value}\\tb",
            f"<b>{value}</b>",
            f"x={value}&y",
        ):
            classification = engine().classify((part("before"), part(text, position), part("after")))
            found = [text[f.start : f.end] for f in classification.findings if f.label == label and f.part == 1]
            assert found == [value], text
            assert label in classification.labels


@given(st.lists(ANY_TEXT, max_size=4))
def test_no_text_makes_it_raise_or_fail(texts):
    parts = [part(text, is_key=n % 2 == 1) for n, text in enumerate(texts)]
    classification = engine().classify(parts)
    assert classification.failed == ()
    last = (-1, 0)
    for finding in classification.findings:
        assert 0 <= finding.start < finding.end <= len(texts[finding.part])
        assert last <= (finding.part, finding.start)
        assert 0.5 <= finding.score <= 1
        last = (finding.part, finding.end)


@given(st.sampled_from(sorted(PLANTED)), st.data())
def test_invisible_characters_hide_nothing_and_stay_inside_the_span(value, data):
    cuts = data.draw(st.lists(st.tuples(st.integers(1, len(value) - 1), INVISIBLE), max_size=4))
    hidden = value
    for at, char in sorted(cuts, reverse=True):
        hidden = hidden[:at] + char + hidden[at:]
    text = f"caf\u00e9 {hidden}, ok"
    found = [text[f.start : f.end] for f in engine().find(text) if f.label == PLANTED[value]]
    assert found == [hidden]
    folded = fold(hidden.encode())
    assert (folded.data if folded else hidden.encode()).decode() == value


@given(ANY_TEXT, st.data())
def test_taking_invisible_characters_out_changes_no_label(text, data):
    at = data.draw(st.integers(0, len(text)))
    hidden = text[:at] + data.draw(INVISIBLE.filter(lambda char: char != "\u00ad")) + text[at:]
    assert engine().classify((part(hidden),)).labels == engine().classify((part(text),)).labels


@given(st.sampled_from(sorted(PLANTED)))
def test_full_width_and_dash_forms_are_read_and_mapped_back(value):
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else "\u2011" if c == "-" else c for c in value)
    text = f"see {wide} there"
    assert [text[f.start : f.end] for f in engine().find(text) if f.label == PLANTED[value]] == [wide]


@given(st.lists(st.tuples(FILLER, st.sampled_from(sorted(PLANTED)), FILLER), min_size=1, max_size=5))
def test_parts_together_give_what_each_gives_alone(drawn):
    texts = [before + value + after for before, value, after in drawn]
    together = spans(engine().classify([part(text) for text in texts]))
    alone = [(n, *span[1:]) for n, text in enumerate(texts) for span in spans(engine().classify((part(text),)))]
    assert together == alone


def test_a_value_is_read_with_the_key_it_is_given_to():
    password = "corr3ct" + "-h0rse"
    parts = [
        part("db", is_key=True),
        part("password", is_key=True),
        part(password),
        part("ssn", is_key=True),
        part("457555462"),
    ]
    assert spans(engine().classify(parts)) == [(2, 0, len(password), "secret.password"), (4, 0, 9, "gov.us_ssn")]


def test_a_text_that_holds_the_seams_own_character_keeps_its_offsets():
    text = "\x1ea\x1e 457-\x1e55-5462"
    classification = engine().classify((part("x"), part(text), part("y")))
    assert [text[f.start : f.end] for f in classification.findings] == ["457-\x1e55-5462"]


@pytest.mark.parametrize(
    "value",
    [
        *PLANTED,
        "-----BEGIN PRIVATE " + "KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASC\n-----END PRIVATE " + "KEY-----",
        "postgres://app:" + "s3cr3t@db/x",
        'he said "457-55-5462", twice',
        "password: hunter2x",
        "write to\n1600 Pennsylvania Avenue, Washington, DC 20500\nnow",
    ],
)
def test_what_replaces_a_finding_in_a_json_document_leaves_a_json_document(value):
    text = json.dumps({"a": f"x {value} y", "list": [1, value, {"deep": json.dumps({"b": value})}]})
    findings = engine().classify((part(text, Position.TOOL_CALL, is_json=True),)).findings
    assert findings
    for finding in reversed(findings):
        text = text[: finding.start] + "TAG" + text[finding.end :]
    assert "TAG" in json.dumps(json.loads(text))


def test_levels_come_from_labels():
    table = [
        ("t.nguyen@fabrikam.example", "internal"),
        ("IBAN FR1420041010050500013M02606", "confidential"),
        ("457-55-5462 and t.nguyen@fabrikam.example", "restricted"),
    ]
    for text, level in table:
        assert engine().classify((part(text),)).level == level


def test_a_detector_that_raises_makes_the_request_unknown_and_is_named():
    def broken(_: str) -> bool:
        raise ZeroDivisionError

    row = Shaped(label="pii.broken", name="broken", about="", shapes={"000-00-0000": 0.9}, valid=broken)
    classification = Engine(rows=(*ROWS, row)).classify((part("t.nguyen@fabrikam.example 457-55-5462"),))
    assert classification.failed == ("broken",)
    assert "unknown" in classification.labels
    assert classification.level == "restricted"


@pytest.mark.parametrize(
    ("limits", "text", "limit"),
    [
        ({"max_bytes": 100}, "a" * 101, "limit:bytes"),
        ({"max_findings": 3}, "a@b.example " * 4, "limit:findings"),
        ({"max_depth": 1}, "%2540 a%252540b.example", "limit:depth"),
    ],
)
def test_beyond_a_stated_limit_the_request_is_unknown(limits, text, limit):
    classification = Engine(**limits).classify((part(text),))
    assert classification.failed == (limit,)
    assert classification.labels == {"unknown"}
    assert classification.findings == ()


def test_what_is_no_text_at_all_is_unknown_and_not_an_exception():
    assert engine().classify((part(None),)).failed == ("engine",)  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "text"), adversarial(), ids=[name for name, _ in adversarial()])
def test_adversarial_repetition_is_answered(name, text):
    classification = engine().classify((part(text),))
    assert classification.failed in {(), ("limit:findings",), ("limit:hidden",), ("limit:depth",)}, name
    assert (classification.failed == ()) == ("unknown" not in classification.labels)


FRAGMENTS = st.sampled_from(
    [
        *PLANTED,
        "<",
        "<a href='",
        "\ud800",
        "\x00",
        "%41",
        "%2541",
        "\\u0041",
        "&#65;",
        "&amp;",
        "bXkg",
        "bXkgbXkgbXkg",
        "6d796d796d796d796d79",
        "\u200b",
        "\u0301",
        "\u202e",
        "\uff11",
        "a\u0430",
        "1 ",
        "1\n",
        "4111\n",
        "a@\n",
        "AB1CD2EF\n",
        "-----BEGIN PGP MESSAGE-----\n",
        "-----BEGIN PRIVATE " + "KEY-----\n",
        "$ANSIBLE_VAULT;1.1;\n",
        "```\n",
        '{"a":',
        "[",
        '\\"',
        "eyJ",
        "key=",
        "://a:",
        "\x1e",
        "\x1f",
        "=",
        " ",
        "\n",
        "A" * 70,
        "\U0001f600",
        "\U000e0041",
        "\u0130",
        "\xdf",
    ]
)


@settings(max_examples=300)
@given(st.lists(st.tuples(FRAGMENTS, st.integers(1, 40)), min_size=1, max_size=10), st.integers(1, 3), st.data())
def test_any_mixture_of_tricks_is_answered_and_every_span_is_whole(pieces, cut, data):
    text = "".join(fragment * times for fragment, times in pieces)
    places = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=cut - 1, max_size=cut - 1)))
    texts = [text[low:high] for low, high in pairwise([0, *places, len(text)])]
    classification = engine().classify([part(text) for text in texts])
    assert classification.failed in {(), ("limit:depth",), ("limit:hidden",)}
    last = (-1, 0)
    for finding in classification.findings:
        assert 0 <= finding.start < finding.end <= len(texts[finding.part])
        assert last <= (finding.part, finding.start)
        last = (finding.part, finding.end)


def test_a_million_findings_are_too_many_and_none_is_skipped():
    classification = engine().classify((part("a@b.example " * 100_000),))
    assert classification.failed == ("limit:findings",)
    assert classification.labels == {"unknown"}


def test_more_hidden_text_than_the_limit_is_unknown():
    assert engine().classify((part("a%41" * 201_000),)).failed == ("limit:hidden",)


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_json_in_strings_is_read_to_a_stated_depth(depth):
    text = "457-55-5462"
    for _ in range(depth):
        text = json.dumps({"a": "".join(f"\\u{ord(c):04x}" if c.isdigit() else c for c in text)})
    labels = engine().classify((part(text),)).labels
    assert "gov.us_ssn" in labels or labels == {"unknown"}


def test_threads_may_share_one_engine():
    texts = [f"{value} number {n}" for n in range(40) for value in PLANTED]
    expected = [engine().find(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(engine().find, texts)) == expected


def test_an_engine_tells_what_it_can_find_and_by_which_rules():
    assert {
        "pii.email",
        "gov.us_ssn",
        "pci.pan",
        "bank.iban",
        "phi.mrn",
        "secret.private_key",
        "code.source",
    } <= engine().labels
    assert len(engine().detectors) == len(set(engine().detectors)) >= 60
    assert Engine().ruleset == engine().ruleset
    assert Engine(rows=ROWS[1:]).ruleset != engine().ruleset


@settings(max_examples=20)
@given(st.text("0123456789 -", min_size=10, max_size=60), st.text("0123456789 -", max_size=60))
def test_the_same_request_is_classified_the_same_every_time(first, second):
    parts = (part(first), part(second))
    assert engine().classify(parts) == engine().classify(parts)
