"""C2SP signed notes with Ed25519 (signature type 0x01), and the verifier keys that name who signs.

A note is a text that ends in a newline, an empty line, and signature lines `— NAME BASE64(key id ‖ signature)`.
Only one spelling of a note is accepted: each of its bits matters.
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"


class Verifier(NamedTuple):
    """Whose signature is expected: a name and a raw Ed25519 public key of 32 bytes."""

    name: str
    public: bytes

    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def vkey(self) -> str:
        """`NAME+HEX+BASE64`, the form in which verifier keys travel."""
        return f"{self.name}+{self.key_id().hex()}+{b64encode(ED25519 + self.public).decode()}"


class Signer:
    """Signs notes under one name. Never shows its key."""

    __slots__ = ("_key", "verifier")

    def __init__(self, name: str, seed: bytes) -> None:
        """`seed`: the raw Ed25519 private key, 32 bytes."""
        check_name(name)
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = Verifier(name, self._key.public_key().public_bytes_raw())

    def sign(self, text: str) -> bytes:
        return self._key.sign(text.encode())


def check_name(name: str) -> None:
    if not name or "+" in name or any(letter.isspace() or ord(letter) < 0x20 for letter in name):
        raise ValueError(f"{name!r} cannot name a key: it is empty or has spaces, controls or a plus sign")


def parse_vkey(vkey: str) -> Verifier:
    """Raises ValueError for anything but the one spelling of an Ed25519 verifier key."""
    name, _, rest = vkey.partition("+")
    _, _, encoded = rest.partition("+")
    decoded = decode64(encoded)
    check_name(name)
    verifier = Verifier(name, decoded[1:])
    if decoded[:1] != ED25519 or len(decoded) != 33 or verifier.vkey() != vkey:
        raise ValueError("this is no Ed25519 verifier key of the form NAME+HEX+BASE64")
    return verifier


def render_note(text: str, verifier: Verifier, signature: bytes) -> str:
    return f"{text}\n— {verifier.name} {b64encode(verifier.key_id() + signature).decode()}\n"


def open_note(note: str, verifier: Verifier) -> tuple[str, bytes]:
    """The text and the signature of a note that `verifier` alone has signed. Raises ValueError otherwise."""
    text, gap, line = note.rpartition("\n\n")
    words = line.removesuffix("\n").split(" ")
    if not gap or len(words) != 3:
        raise ValueError("this is no note with one signature")
    signature = decode64(words[2])[4:]
    if render_note(text + "\n", verifier, signature) != note:
        raise ValueError(f"this is no note signed by {verifier.name} in the one spelling that is accepted")
    verify(text + "\n", verifier, signature)
    return text + "\n", signature


def verify(text: str, verifier: Verifier, signature: bytes) -> None:
    """Raises ValueError unless `signature` is the verifier's over `text`."""
    try:
        Ed25519PublicKey.from_public_bytes(verifier.public).verify(signature, text.encode())
    except InvalidSignature as error:
        raise ValueError(f"the signature is not that of {verifier.name}") from error


def decode64(encoded: str) -> bytes:
    """Standard base64 in its only canonical spelling. Raises ValueError."""
    try:
        decoded = b64decode(encoded, validate=True)
    except (Base64Error, ValueError) as error:
        raise ValueError("this is not base64") from error
    if b64encode(decoded).decode() != encoded:
        raise ValueError("this is not base64 in its canonical spelling")
    return decoded
