"""What nobody can look into is said so; what is merely long or random is not."""

import json
from base64 import b64encode, urlsafe_b64encode
from random import Random

import pytest

from tests.core.classify.families import engine, findings_of
from tidegate.core.values.envelope import Part, Position


def random(size: int) -> bytes:
    return Random(size).randbytes(size)


def wrapped(text: str, width: int, line: str) -> str:
    return line.join(text[at : at + width] for at in range(0, len(text), width))


FILES = {
    "png": b"\x89PNG\r\n\x1a\n",
    "jpeg": b"\xff\xd8\xff\xe0",
    "pdf": b"%PDF-1.7\n%\xe2\xe3",
    "zip": b"PK\x03\x04\x14\x00",
    "gzip": b"\x1f\x8b\x08\x00",
    "mp4": b"\x00\x00\x00\x20ftypisom",
    "ogg": b"OggS\x00\x02",
    "openssl": b"Salted__",
    "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
}


@pytest.mark.parametrize("magic", FILES.values(), ids=FILES)
@pytest.mark.parametrize("form", ["{}", "see {} there", "data:application/octet-stream;base64,{}", '{{"file": "{}"}}'])
def test_a_file_in_base64_is_unscannable(magic, form):
    run = b64encode(magic + random(90)).decode()
    assert findings_of(form.format(run), "unscannable")


@pytest.mark.parametrize("encode", [b64encode, urlsafe_b64encode])
def test_long_base64_of_no_text_is_unscannable_and_covered_whole(encode):
    run = encode(random(900)).decode()
    assert findings_of(f"take {run} along", "unscannable") == [run]
    lines = wrapped(run, 76, "\n")
    assert findings_of(f"take\n{lines}\nalong", "unscannable")[0].startswith(lines)
    escaped = json.dumps({"blob": lines})
    assert findings_of(escaped, "unscannable")[0] in escaped
    assert len(findings_of(escaped, "unscannable")[0]) >= len(lines)


@pytest.mark.parametrize(
    "block",
    [
        "-----BEGIN PGP MESSAGE-----\n\nhQEMA5Z2n0Xr\n=aB3d\n-----END PGP MESSAGE-----",
        "-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24ub3JnL3Yx\n-----END AGE ENCRYPTED FILE-----",
        "-----BEGIN PKCS7-----\nMIIBygYJKoZI\n-----END PKCS7-----",
        "$ANSIBLE_VAULT;1.1;AES256\n33363965326261303234383766\n3165363461",
    ],
    ids=lambda block: block[:20],
)
def test_armoured_ciphertext_is_unscannable_as_a_block(block):
    assert findings_of(f"Read this:\n{block}\nThanks", "unscannable") == [block]
    assert "unscannable" in engine().classify((Part(Position.USER, (), json.dumps(block)),)).labels
    assert findings_of(f"-----BEGIN PGP MESSAGE----- is how it begins, {'-' * 20}", "unscannable")


@pytest.mark.parametrize(
    "text",
    [
        "sha512-" + b64encode(random(64)).decode(),
        random(64).hex(),
        random(600).hex(),
        "\n".join(random(32).hex() for _ in range(60)),
        b64encode(random(512)).decode(),
        "eyJhbGciOiJSUzUxMiJ9." + urlsafe_b64encode(b'{"sub": "1234567890", "name": "x"}').decode(),
        "ssh-rsa " + b64encode(b"\x00\x00\x00\x07ssh-rsa" + random(800)).decode(),
        "-----BEGIN CERTIFICATE-----\n" + wrapped(b64encode(b"\x30\x82\x05\x0a" + random(1200)).decode(), 64, "\n"),
        "ACGTTGCA" * 300,
        ">seq\n" + "\n".join("ACGTAACC" * 8 for _ in range(60)),
        "/usr/lib/python3/dist-packages/some_package-1.0/module_name" * 20,
        "a" * 5000,
        "-" * 5000,
        "AAAA;AACA,CAAC,GAAD,IAAI" * 200,
        b64encode(("A text, and nothing but a text. " * 60).encode()).decode(),
        b64encode(("Ein ganz gew\u00f6hnlicher Text. " * 60).encode()).decode(),
        "\n".join(f"import module_{n} from '../lib/module_{n}.js'" for n in range(80)),
        "internationalization_of_everything_" * 60,
        "The text -----BEGIN PUBLIC KEY----- stands for a public key.",
    ],
    ids=lambda text: text[:24],
)
def test_hashes_keys_identifiers_and_words_are_not_unscannable(text):
    assert findings_of(text, "unscannable") == []
