"""Signed notes: the published example, and no second spelling of anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.ledger.notes import Signer, Verifier, decode64, open_note, parse_vkey, render_note, verify

# The example of golang.org/x/mod/sumdb/note (BSD-3-Clause, the Go authors): key, note and signature as published there.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

SIGNER = Signer("tidegate/test/w0", bytes(range(32)))
NAMES = st.text(
    st.characters(min_codepoint=0x21, exclude_characters="+", exclude_categories=("Cs", "Z", "C")), min_size=1
)
TEXTS = st.lists(st.text(st.characters(min_codepoint=0x20, exclude_categories=("Cs",)), max_size=20), min_size=1).map(
    lambda lines: "\n".join(lines) + "\n"
)


def note_of(text):
    return render_note(text, SIGNER.verifier, SIGNER.sign(text))


def test_the_published_note_opens_with_the_published_key():
    text, signature = open_note(PETERS_NOTE, parse_vkey(PETER))
    assert text.startswith("If you think") and text.endswith("problem is.\n")
    assert len(signature) == 64


@given(NAMES)
def test_a_verifier_key_comes_back(name):
    verifier = Verifier(name, SIGNER.verifier.public)
    assert parse_vkey(verifier.vkey()) == verifier


@given(TEXTS)
def test_what_was_signed_opens(text):
    assert open_note(note_of(text), SIGNER.verifier) == (text, SIGNER.sign(text))


NOTE = note_of("tidegate/test/w0\n7\nsome root\n")


@given(st.integers(0, len(NOTE.encode()) - 1), st.integers(0, 7))
def test_each_bit_of_a_note_matters(place, bit):
    changed = bytearray(NOTE.encode())
    changed[place] ^= 1 << bit
    with pytest.raises(ValueError):
        open_note(changed.decode(), SIGNER.verifier)


@given(st.integers(0, len(PETER) - 1), st.integers(0, 7))
def test_each_bit_of_a_verifier_key_matters(place, bit):
    changed = bytearray(PETER.encode())
    changed[place] ^= 1 << bit
    with pytest.raises(ValueError):
        parse_vkey(changed.decode())


@pytest.mark.parametrize(
    ("what", "note"),
    [
        ("empty", ""),
        ("no signature", "a text\n"),
        ("no text", "\n" + NOTE.partition("\n\n")[2]),
        ("two signatures", NOTE + NOTE.partition("\n\n")[2]),
        ("no newline at the end", NOTE[:-1]),
        ("a hyphen for the dash", NOTE.replace("— ", "- ")),
        ("another name", NOTE.replace("— tidegate/test/w0", "— tidegate/test/w1")),
        ("more behind it", NOTE + "\n"),
    ],
)
def test_what_is_no_note_of_this_log_does_not_open(what, note):
    with pytest.raises(ValueError, match="note"):
        open_note(note, SIGNER.verifier)


def test_another_key_under_the_same_name_is_not_taken():
    other = Signer(SIGNER.verifier.name, bytes(32))
    with pytest.raises(ValueError, match="signed by tidegate/test/w0"):
        open_note(NOTE, other.verifier)


def test_another_text_does_not_carry_the_signature():
    with pytest.raises(ValueError, match="not that of tidegate/test/w0"):
        verify("another text\n", SIGNER.verifier, SIGNER.sign("a text\n"))


@pytest.mark.parametrize("name", ["", "two words", "a+b", "tab\there", "line\nbreak", "ctrl\x01"])
def test_some_names_cannot_sign(name):
    with pytest.raises(ValueError, match="cannot name a key"):
        Signer(name, bytes(32))


@pytest.mark.parametrize("encoded", ["AA=", "AAB=", "AA==\n", "A A=", "AA", "A-_A"])
def test_base64_has_one_spelling(encoded):
    with pytest.raises(ValueError, match="not base64"):
        decode64(encoded)


def test_a_signer_shows_no_key():
    assert bytes(range(32)).hex() not in repr(SIGNER).lower()
    assert not hasattr(SIGNER, "__dict__")
