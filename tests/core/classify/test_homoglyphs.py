"""Look-alikes are read where scripts are mixed, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.classify.families import findings_of
from tidegate.core.classify.fold import fold
from tidegate.core.classify.homoglyphs import mixed_words


@pytest.mark.parametrize(
    ("text", "label", "value"),
    [
        ("write to \u0430lice@example.com", "pii.email", "\u0430lice@example.com"),
        ("write to t.nguyen@f\u0430brik\u0430m.ex\u0430mple", "pii.email", "t.nguyen@f\u0430brik\u0430m.ex\u0430mple"),
        ("\u0391KIA" + "R5TWLXKJ2QD7NEFA", "secret.aws_access_key", "\u0391KIA" + "R5TWLXKJ2QD7NEFA"),
        ("AKIA" + "R5TWLX\u041aJ2QD7NEFA", "secret.aws_access_key", "AKIA" + "R5TWLX\u041aJ2QD7NEFA"),
        ("457-55-54\u04312", "gov.us_ssn", "457-55-54\u04312"),
        ("51\u043e5 1\u041e51 0510 5100", "pci.pan", "51\u043e5 1\u041e51 0510 5100"),
        ("p\u0430ssword: corr3ct-h0rse", "secret.password", "corr3ct-h0rse"),
        ("\u0440\u200b\u0430ssword: corr3ct-h0rse", "secret.password", "corr3ct-h0rse"),
        ("FR14 2004 1010 0505 0001 3\u041c02 606", "bank.iban", "FR14 2004 1010 0505 0001 3\u041c02 606"),
    ],
)
def test_a_value_with_look_alikes_is_found_whole(text, label, value):
    assert findings_of(text, label) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "\u0421\u0430\u0448\u0430 \u0438 \u0410\u043d\u043d\u0430 \u0436\u0438\u0432\u0443\u0442",
        "\u03a4\u03bf \u03cc\u03bd\u03bf\u03bc\u03b1 \u03c4\u03bf\u03c5 \u03b5\u03af\u03bd\u03b1\u03b9",
        "\u0441\u043e\u0441\u043e",
        "Stra\u00dfe caf\u00e9 na\u00efve Y\u0131ld\u0131z",
        "x2\u0436",
    ],
)
def test_words_of_one_script_stay_as_they_are(text):
    assert list(mixed_words(text.encode())) == []
    assert fold(text.encode()) is None


@given(st.text("ab1 .@\u0430\u0435\u043e\u0436\u03bf\u13aa\u200b\u0301\u00e9", max_size=60))
def test_every_span_leads_back_to_whole_characters(text):
    source = text.encode()
    folded = fold(source)
    for at in range(len(folded.data) if folded else 0):
        low, high = folded.span(at, at + 1)
        assert 0 <= low < high <= len(source)
        if folded.data[at : at + 1].isascii():
            source[low:high].decode()
