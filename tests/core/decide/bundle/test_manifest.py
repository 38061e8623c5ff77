"""A bundle is taken as it was signed or not at all: each way in which one can be wrong has its sentence."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.decide.bundle.manifest import (
    Manifest,
    Untrusted,
    Window,
    bundle_name,
    changed,
    is_member,
    is_moment,
    manifest_of,
    outside_of,
    read_manifest,
    sign,
    signed_by,
)
from tidegate.core.ledger.notes import Signer

MEMBERS = {"a.cedar": b"permit", "invariants.toml": b"", "tests/first.toml": b"[[case]]"}
OURS, THEIRS = Signer("policy-team", b"\x01" * 32), Signer("somebody", b"\x02" * 32)
SAME_NAME = Signer("policy-team", b"\x03" * 32)
MANIFEST = Manifest(
    name="house",
    revision=7,
    created="2026-11-20T10:00:00Z",
    valid_until="2027-11-20T10:00:00Z",
    approver="Ada",
    files=manifest_of(MEMBERS, name="house").files,
)


def test_a_manifest_is_read_as_it_was_written():
    assert read_manifest(MANIFEST.text()) == MANIFEST
    assert MANIFEST.text().endswith("}\n")
    assert list(json.loads(MANIFEST.text())) == sorted(json.loads(MANIFEST.text()))


def test_the_signature_of_a_trusted_key_is_told_by_its_name():
    assert signed_by(MANIFEST, sign(MANIFEST, OURS), [THEIRS.verifier, OURS.verifier]) == OURS.verifier


@pytest.mark.parametrize(
    ("signature", "why"),
    [
        (sign(MANIFEST, THEIRS), "a key that [policy] trust does not name"),
        (sign(MANIFEST, SAME_NAME), "not the signature of policy-team"),
        (sign(MANIFEST, OURS).replace("—", "-"), "not one signature line"),
        ("", "not one signature line"),
        (sign(MANIFEST, OURS) * 2, "not one signature line"),
    ],
)
def test_any_other_signature_is_refused(signature, why):
    with pytest.raises(Untrusted) as caught:
        signed_by(MANIFEST, signature, [OURS.verifier])
    assert why in str(caught.value)


@given(st.integers(0, len(sign(MANIFEST, OURS)) - 1), st.sampled_from("A+/ b0\n—"))
def test_no_character_of_a_signature_can_be_another(place, letter):
    signature = sign(MANIFEST, OURS)
    other = signature[:place] + letter + signature[place + 1 :]
    if other == signature:
        return
    with pytest.raises(Untrusted):
        signed_by(MANIFEST, other, [OURS.verifier])


@given(st.integers(0, len(MANIFEST.text()) - 1), st.characters(min_codepoint=32, max_codepoint=126))
def test_no_character_of_a_manifest_can_be_another(place, letter):
    text = MANIFEST.text()
    other = text[:place] + letter + text[place + 1 :]
    if other == text:
        return
    with pytest.raises(Untrusted):
        signed_by(read_manifest(other), sign(MANIFEST, OURS), [OURS.verifier])


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({**MEMBERS, "a.cedar": b"permiT"}, ["a.cedar: at least one byte"]),
        ({**MEMBERS, "b.cedar": b""}, ["b.cedar: the manifest knows no such file"]),
        ({"a.cedar": b"permit"}, ["invariants.toml: this file is missing", "tests/first.toml: this file is missing"]),
        (MEMBERS, []),
    ],
)
def test_each_file_that_is_not_as_it_was_is_named(members, told):
    found = changed(MANIFEST, members)
    assert len(found) == len(told)
    assert all(one.startswith(begin) for one, begin in zip(found, told, strict=True))


def spelt(**changes):
    document = {**json.loads(MANIFEST.text()), **changes}
    return json.dumps(document, separators=(",", ":"), sort_keys=True) + "\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not JSON"),
        ("[]\n", "does not say format"),
        (spelt(format="tidegate policy bundle v2"), "does not say format"),
        (spelt(more=1), "what no manifest says"),
        (spelt(revision=-1), "revision"),
        (spelt(revision=1.0), "revision"),
        (spelt(revision=True), "revision"),
        (spelt(revision=2**53), "revision"),
        (spelt(name="../up"), "name"),
        (spelt(created="yesterday"), "created"),
        (spelt(valid_until="2026-02-30T00:00:00Z"), "valid_until"),
        (spelt(approver="A\nB"), "approver"),
        (spelt(files={}), "no files"),
        (spelt(files={"../a.cedar": "0" * 64}), "belongs to no policy"),
        (spelt(files={"a.cedar": "0" * 63}), "digest of a.cedar"),
        (spelt().replace(",", ", "), "not spelled"),
    ],
)
def test_what_no_manifest_says_is_refused(text, why):
    with pytest.raises(Untrusted) as caught:
        read_manifest(text)
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("now", "why"),
    [
        ("2026-11-20T09:54:59.999999999Z", "correct whichever clock is wrong"),
        ("2026-11-20T09:55:00.000000000Z", ""),
        ("2026-11-20T10:00:00.000000000Z", ""),
        ("2027-11-20T10:00:00.999999999Z", ""),
        ("2027-11-20T10:00:01.000000000Z", "sign a newer revision"),
    ],
)
def test_a_bundle_holds_from_when_it_was_made_to_its_last_second(now, why):
    found = outside_of(Window(MANIFEST.created, MANIFEST.valid_until), now)
    assert (why in found) if why else found == ""


def test_without_times_it_always_holds():
    assert outside_of(Window("", ""), "1970-01-01T00:00:00.000000000Z") == ""


@pytest.mark.parametrize(
    ("name", "belongs"),
    [
        ("a.cedar", True), ("invariants.toml", True), ("tests/a.toml", True), ("surroundings.json", True),
        ("../a.cedar", False), ("a/b.cedar", False), (".a.cedar", False), ("manifest.json", False),
        ("tests/../a.toml", False), ("tests/a.cedar", False), ("a.cedar\n", False), ("notes.txt", False),
    ],
)  # fmt: skip
def test_which_files_belong_to_a_policy(name, belongs):
    assert is_member(name) is belongs


@pytest.mark.parametrize(
    ("folder", "name"), [("policy", "policy"), ("our policy/", "our-policy"), ("", "policy"), ("…", "policy")]
)
def test_any_folder_has_a_name_for_its_bundle(folder, name):
    assert bundle_name(folder) == name


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("2026-11-21T14:00:00Z", True), ("2026-13-01T00:00:00Z", False), ("2026-11-21", False), ("", False)],
)
def test_moments_have_one_spelling(text, is_one):
    assert is_moment(text) is is_one
