"""Surrogates as models write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.restore.lookalikes import Lookalikes

SURROGATES = {
    "Hedda Fenwick": "Jane Doe",
    "Hedda": "Jane",
    "Fenwick": "Doe",
    "+1 (212) 555-0143": "+1 (415) 867-5309",
    "4111 1182 3344 5567": "4242 4242 4242 4242",
    "192.0.2.17": "10.1.2.3",
    "1984-11-02": "1983-03-05",
    "hedda.fenwick42@amber.example": "jane@corp.test",
    "481736250": "457555462",
    "-99887766": "-12345678",
}


def values(text, *, json=False, surrogates=SURROGATES):
    found = Lookalikes(surrogates, json=json).search(text, "", last=True).whole
    out, at = [], 0
    for each in found:
        if each.begin >= at:
            out.append(each.value)
            at = each.end
    return out


FOUND = [
    ("Dear Hedda Fenwick,", ["Jane Doe"]),
    ("Dear hedda, dear MS FENWICK", ["Jane", "Doe"]),
    ("Hedda\u00a0Fenwick / Hedda  Fenwick / hedda_fenwick / Hedda-Fenwick", ["Jane Doe"] * 4),
    ("HeddaFenwick", ["Jane Doe"]),
    ("Fenwick, Hedda", ["Doe", "Jane"]),
    ("the Fenwicks, Hedda's, _Fenwick_, **Hedda**", ["Doe", "Jane", "Doe", "Jane"]),
    ("Heddara Fenwickshire xHedda Hedda1", []),
    ("O'Hedda x-Hedda a.hedda", []),
    ("call +1 (212) 555-0143 or 212-555-0143", ["1 (415) 867-5309"]),
    ("call 1.212.555.0143, 12125550143, (1) 212 555 0143", ["1 (415) 867-5309"] * 3),
    ("12125550143-7 112125550143 12125550143.5", []),
    ("4111-1182-3344-5567 4111118233445567", ["4242 4242 4242 4242"] * 2),
    ("192.0.2.17 192.0.21.7 192.02.17 192.0.2.17.5", ["10.1.2.3"]),
    ("192.0.2.17:8080, 192.0.2.17. 192-0-2-17", ["10.1.2.3"] * 3),
    ("1984-11-02 1984-1-102 19841102 1984/11/02", ["1983-03-05"] * 2),
    ("HEDDA.FENWICK42@AMBER.EXAMPLE hedda.fenwick42 @ amber.example", ["jane@corp.test"] * 2),
    ("x-hedda.fenwick42@amber.example x.hedda.fenwick42@amber.example", []),
    ("I met Hedda. Fenwick came; Hedda (Fenwick)", ["Jane", "Doe", "Jane", "Doe"]),
    ("481736250 481,736,250 4817362501", ["457555462", "457555462"]),
    ("is -99887766 or 99887766", ["12345678", "12345678"]),
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_what_is_found(text, expected):
    assert values(text) == expected


JSON_TEXTS = [
    ('{"a":"Hedda\\u0020Fenwick"}', ["Jane Doe"]),
    ('{"a":"\\nHedda\\tFenwick\\n"}', ["Jane", "Doe"]),
    ('{"a":"H\\u0065dda"}', ["Jane"]),
    ('{"a":"\\u00e9Hedda \\\\Hedda"}', ["Jane"]),
    ('{"n":481736250,"m":4817362501}', ["457555462"]),
]


@pytest.mark.parametrize(("text", "expected"), JSON_TEXTS)
def test_escapes_are_what_they_mean(text, expected):
    assert values(text, json=True) == expected


def test_spellings_are_told_apart_and_what_is_neither_is_the_first():
    spelled = {"Hedda": "Jane", "HEDDA": "JANE"}
    assert values("Hedda HEDDA hedda", surrogates=spelled) == ["Jane", "JANE", "Jane"]


def test_what_could_be_two_values_is_none():
    assert values("HEDDA Hedda", surrogates={"Hedda": "Jane", "hedda": "Joan"}) == [None, "Jane"]


@given(
    st.lists(st.sampled_from([*SURROGATES, "Hed", "dda", " ", "-", "s", ".", "1", "\u27e6", "x"]), max_size=6).map(
        "".join
    )
)
def test_what_is_found_in_the_end_was_begun_before(text):
    looks = Lookalikes(SURROGATES)
    for whole in looks.search(text, "", last=True).whole:
        for cut in range(whole.begin + 1, whole.end):
            assert min(looks.search(text[:cut], "", last=False).begun, default=cut) <= whole.begin
