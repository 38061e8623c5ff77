"""Encoded runs and armoured blocks that nobody can look into: files, archives, ciphertext.

What says so is a file's first bytes, or length: a run that decodes to no text is a key, a hash, a signature or an
identifier while it is short (a signature of RSA-4096 has 684 letters, its SSH key 716), and data when it is longer.
"""

from tidegate.core.classify.encoded import Run
from tidegate.core.classify.patterns import compile_pattern
from tidegate.core.classify.rows import BuiltIn, Hit, Row

ROWS: tuple[Row, ...] = (
    BuiltIn(
        label="unscannable",
        name="opaque_base64",
        about="base64 of a file by its first bytes (60 letters or more), or of anything else that is no text (800)",
    ),
    BuiltIn(
        label="unscannable",
        name="encrypted_block",
        about="an armoured block of ciphertext: PGP, age, CMS, Ansible Vault",
    ),
)

FEWEST_LETTERS = 60
OPAQUE_LETTERS = 800
_SAMPLE = 512
_DISTINCT = 40
_MAGIC = (
    b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"RIFF", b"%PDF-", b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b\x08", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"BZh9",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"OggS\x00", b"ID3\x03", b"ID3\x04", b"fLaC\x00", b"\x1aE\xdf\xa3",
    b"\x7fELF", b"MZ\x90\x00", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\x00asm\x01", b"SQLite format 3\x00",
    b"PAR1",
    b"wOFF", b"wOF2", b"Salted__",
)  # fmt: skip
"""First bytes of images, documents, archives, sound, programs, databases, fonts and OpenSSL's ciphertext."""
_MEDIA = b"ftyp"
"""From the fifth byte on: ISO base media, such as MP4 and HEIC."""
_ENVELOPED = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"
"""RFC 5652: the content type of encrypted CMS."""
_PUBLIC = (b"\x30\x82", b"\x30\x80", b"\x00\x00\x00\x07ssh-", b"\x00\x00\x00\x13ecdsa-")
"""ASN.1 and SSH's own: certificates and keys, which other detectors know."""

ARMOUR = rb"-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE|PKCS7|CMS|ENCRYPTED MESSAGE)-----|\$ANSIBLE_VAULT;[0-9.]+;"
"""How a block of ciphertext begins."""
ARMOUR_HEADS = (b"-----BEGIN ", b"$ANSIBLE_VAULT;")
_BLOCK_BODY = compile_pattern(rb"(?:\s*[A-Za-z][A-Za-z-]*: [^\n]*\n)*(?:[\s>]*[A-Za-z0-9+/=]{16}[A-Za-z0-9+/=]*)*")
_BLOCK_END = compile_pattern(rb"[\s>A-Za-z0-9+/=]*-----END [A-Z0-9 ]+-----")
_END_BYTES = 256
_VAULT_BODY = compile_pattern(rb"[A-Z0-9;._a-z-]*(?:[ \t]*\r? ?\n[ \t]*[0-9a-f]+)*")


def is_opaque(run: Run) -> bool:
    """Nobody can read what the run decodes to."""
    raw = run.raw
    if len(run.letters) < FEWEST_LETTERS:
        return False
    if raw.startswith(_MAGIC) or raw[4:8] == _MEDIA or _ENVELOPED in raw[:40]:
        return True
    if len(run.letters) < OPAQUE_LETTERS or raw.startswith(_PUBLIC) or _is_text(raw):
        return False
    sample = run.letters[:_SAMPLE]
    mixed = (b"+" in sample or b"/" in sample) and (b"-" in sample or b"_" in sample)
    return not mixed and len(set(sample)) >= _DISTINCT


def _is_text(raw: bytes) -> bool:
    try:
        return not any(byte < 0x20 and byte not in b"\t\n\r\f\x00" for byte in raw.decode().encode()[:_SAMPLE])
    except UnicodeDecodeError:
        return False


def opaque(run: Run) -> Hit:
    return Hit(run.start, run.end, "unscannable", 0.9, "opaque_base64")


def block(data: bytes, start: int, end: int) -> Hit:
    """The block that a match of `ARMOUR` opens, with its footer, or as far as it goes."""
    size = len(data)
    if data[start : start + 1] == b"$":
        return _block(start, max(end, _VAULT_BODY.match(data, end, size)[0][1]))
    body = max(end, _BLOCK_BODY.match(data, end, size)[0][1])
    return _block(start, max(body, _BLOCK_END.match(data, body, min(size, body + _END_BYTES))[0][1]))


def _block(start: int, end: int) -> Hit:
    return Hit(start, end, "unscannable", 0.9, "encrypted_block")
