"""What a log signs, and the history of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.ledger.checkpoints import (
    Head,
    HistoryLine,
    Identity,
    parse_checkpoint,
    parse_history_line,
    parse_identity,
    render_identity,
)
from tidegate.core.ledger.merkle import EMPTY_ROOT
from tidegate.core.ledger.notes import Signer, render_note

ORIGIN = "tidegate/0199aa/w0"
SIGNER = Signer(ORIGIN, bytes(range(32)))
HEAD = Head(ORIGIN, 12, EMPTY_ROOT)
LINE = HistoryLine(3, 10, HEAD, SIGNER.sign(HEAD.text()))
IDENTITY = Identity(ORIGIN, "2026-11-21T14:00:00.000000000Z", SIGNER.verifier)
NO_ERROR_IS_ENOUGH = "the sentence depends on the bit"


def flipped(text, place, bit):
    changed = bytearray(text.encode())
    changed[place] ^= 1 << bit
    return changed.decode()


def test_a_checkpoint_is_three_lines_under_a_signature():
    note = LINE.note(SIGNER.verifier)
    assert note.split("\n\n")[0] == f"{ORIGIN}\n12\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    assert parse_checkpoint(note, SIGNER.verifier) == (HEAD, LINE.signature)


@given(st.integers(1, 10**9), st.integers(0, 10**12), st.integers(0, 10**12), st.binary(min_size=32, max_size=32))
def test_a_history_line_comes_back(number, low, size, root):
    head = Head(ORIGIN, size, root)
    line = HistoryLine(number, low, head, SIGNER.sign(head.text()))
    assert parse_history_line(line.render(), SIGNER.verifier) == line
    assert parse_checkpoint(line.note(SIGNER.verifier), SIGNER.verifier)[0] == head


NUMBERS = len("3 10 ")


@given(st.integers(NUMBERS, len(LINE.render()) - 1), st.integers(0, 7))
def test_each_signed_bit_of_a_history_line_matters(place, bit):
    """The two numbers before the size are not signed: whoever reads all entries works them out again."""
    with pytest.raises(ValueError):
        parse_history_line(flipped(LINE.render(), place, bit), SIGNER.verifier)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "\n",
        "3 10 12\n",
        LINE.render()[:-1],
        LINE.render().replace("3 10", "+3 10"),
        LINE.render().replace("3 10", "03 10"),
        LINE.render().replace("3 10", "٣ 10"),
    ],
)
def test_no_other_spelling_is_a_line(line):
    with pytest.raises(ValueError):
        parse_history_line(line, SIGNER.verifier)


@given(st.integers(0, len(render_identity(IDENTITY, SIGNER).encode()) - 1), st.integers(0, 7))
def test_each_bit_of_what_a_log_says_of_itself_matters(place, bit):
    with pytest.raises(ValueError):
        parse_identity(flipped(render_identity(IDENTITY, SIGNER), place, bit))


def test_a_log_says_who_it_is():
    assert parse_identity(render_identity(IDENTITY, SIGNER)) == IDENTITY


def test_a_log_signs_under_its_own_name():
    with pytest.raises(ValueError, match="named after another log"):
        parse_identity(render_identity(IDENTITY._replace(origin="tidegate/other/w0"), SIGNER))


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n12\n",
        f"{ORIGIN}\n12\nAAAA\n",
        f"{ORIGIN}\n012\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        f"{ORIGIN}\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "another\n12\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        f"{ORIGIN}\n12\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nextension\n",
        IDENTITY.text(),
    ],
)
def test_a_signature_alone_makes_no_checkpoint(text):
    note = render_note(text, SIGNER.verifier, SIGNER.sign(text))
    with pytest.raises(ValueError):
        parse_checkpoint(note, SIGNER.verifier)
