"""Values cut over parts: side by side, and with others between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.classify.families import engine
from tidegate.core.classify.pieces import chains_within, ends, joined_ends
from tidegate.core.values.envelope import Part, Position

SSN = "457-55-5462"
PAN = "5105 1051 0510 5100"
AWS = "AKIA" + "R5TWLXKJ2QD7NEFA"
IBAN = "FR1420041010050500013M02606"
EMAIL = "t.nguyen@fabrikam.example"
LABELS = {SSN: "gov.us_ssn", PAN: "pci.pan", AWS: "secret.aws_access_key", IBAN: "bank.iban", EMAIL: "pii.email"}
ANSWER = Part(Position.ASSISTANT, ("messages", 1, "content"), "Thanks, please go on.")
LONG_ANSWER = ANSWER._replace(text="The river rises in spring. " * 500)


def user(text: str, position: Position = Position.USER) -> Part:
    return Part(position, ("messages", 0, "content"), text)


def replaced(parts: list[Part], label: str) -> list[str]:
    """What is found of a label, part by part."""
    classification = engine().classify(parts)
    assert classification.failed == ()
    found = [(f.part, parts[f.part].text[f.start : f.end]) for f in classification.findings if f.label == label]
    return [text for _, text in found]


@pytest.mark.parametrize(
    "pieces",
    [
        ("457-55", "-5462"),
        ("457-", "55-5462"),
        ("457", "-55-", "5462"),
        ("5105 1051", "0510 5100"),
        ("5105", "1051", "0510", "5100"),
        ("5105 10", "51 0510 5100"),
        ("510510", "51051", "05100"),
        (AWS[:8], AWS[8:]),
        (AWS[:13], AWS[13:]),
        (IBAN[:9], IBAN[9:]),
        ("t.nguyen@", "fabrikam.example"),
        ("t.nguyen@fab", "rikam.example"),
        ("t.nguyen", "@fabrikam.example"),
    ],
    ids="|".join,
)
@pytest.mark.parametrize("between", [(), (ANSWER,), (LONG_ANSWER,), (ANSWER, LONG_ANSWER)], ids=len)
@pytest.mark.parametrize("around", ["{}", "first: {}", "{} and so on"])
def test_each_piece_is_found_in_its_own_part(pieces, between, around):
    texts = [*pieces]
    texts[0] = around.format(texts[0]) if around.endswith("{}") else texts[0]
    texts[-1] = around.format(texts[-1]) if around.startswith("{}") else texts[-1]
    parts = [part for text in texts for part in (user(text), *between)]
    whole = "".join(pieces).replace(" ", "")
    label = next(
        name for value, name in LABELS.items() if value.translate({32: None, 45: None}) == whole.replace("-", "")
    )
    assert [text.strip() for text in replaced(parts, label)] == list(pieces)


def test_what_was_put_together_may_be_no_number_at_all():
    assert engine().classify([user(text) for text in ("0..0", "0000.", "0")]).failed == ()
    assert engine().classify([user("0..0000000.0")]).failed == ()


def test_one_element_of_an_array_a_part_and_keys_between():
    pieces = ["5105", "1051", "0510", "5100"]
    keys = [user(name)._replace(is_key=True) for name in "abcd"]
    parts = [part for pair in zip(keys, map(user, pieces), strict=True) for part in pair]
    assert replaced(parts, "pci.pan") == pieces
    assert replaced([user(c) for c in PAN.replace(" ", "")], "pci.pan") == list(PAN.replace(" ", ""))


def test_pieces_of_different_positions_belong_together_only_side_by_side():
    parts = [user("5105 1051"), ANSWER, user("0510 5100", Position.TOOL_RESULT)]
    assert replaced(parts, "pci.pan") == []
    assert replaced([parts[0], parts[2]], "pci.pan") == ["5105 1051", "0510 5100"]


@pytest.mark.parametrize(
    "texts",
    [
        ("It was 1998.", "2004 came later."),
        ("That makes 12", "Thanks! 34 was what I thought"),
        ("call_0012", "call_0013"),
        ("alice@shop.example", "bob@shop.example"),
        ("the version is 1.2", "3 of them failed"),
        ("", "457-55", "", "x"),
        ("read_options_2", "write_options_3"),
    ],
)
def test_texts_that_only_meet_are_left_alone(texts):
    parts = [part for text in texts for part in (user(text), ANSWER)]
    alone = [engine().classify((part,)).findings for part in parts]
    together = engine().classify(parts)
    assert [f._replace(part=0) for f in together.findings] == [f for findings in alone for f in findings]


@given(st.lists(st.text("0123456789- @a.\n\x1e\ud800\u00e9", max_size=14), max_size=9), st.booleans())
def test_every_finding_of_a_chain_is_inside_its_part(texts, interrupted):
    parts = [part for text in texts for part in ((user(text), ANSWER) if interrupted else (user(text),))]
    for chain in chains_within(parts, 0, len(parts)):
        assert all(chain.texts)
    groups = [(n, ends(parts, n, n + 1)) for n in range(len(parts))]
    assert joined_ends(groups) == ends(parts, 0, len(parts))
    classification = engine().classify(parts)
    assert classification.failed == ()
    for finding in classification.findings:
        assert 0 <= finding.start < finding.end <= len(parts[finding.part].text)
