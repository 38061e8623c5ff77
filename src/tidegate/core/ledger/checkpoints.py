"""What a log signs: who it is (the `log` file), its head (`checkpoint`), and every head it ever had (`checkpoints`)."""

from base64 import b64encode
from typing import NamedTuple

from tidegate.core.ledger.notes import Signer, Verifier, decode64, open_note, parse_vkey, render_note, verify

SECTOR = 512
LOG_FORMAT = "tidegate audit log v1"


class Head(NamedTuple):
    """A tree head of the log `origin`; its text is C2SP tlog-checkpoint's, without extension lines."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


class Identity(NamedTuple):
    """Who a log is: fixed at its creation. `created` is RFC 3339."""

    origin: str
    created: str
    verifier: Verifier

    def text(self) -> str:
        return f"{LOG_FORMAT}\n{self.origin}\n{self.created}\n{self.verifier.vkey()}\n"


class HistoryLine(NamedTuple):
    """One line of `checkpoints`. `number` counts from 1. `low` is the index of the oldest open intent among the first
    `head.size` entries, or `head.size`: a restart looks for orphans from there. Both can be worked out again.
    """

    number: int
    low: int
    head: Head
    signature: bytes

    def render(self) -> str:
        words = (b64encode(self.head.root).decode(), b64encode(self.signature).decode())
        return f"{self.number} {self.low} {self.head.size} {words[0]} {words[1]}\n"

    def note(self, verifier: Verifier) -> str:
        """The checkpoint as the file `checkpoint` holds it."""
        return render_note(self.head.text(), verifier, self.signature)


def render_identity(identity: Identity, signer: Signer) -> str:
    return render_note(identity.text(), signer.verifier, signer.sign(identity.text()))


def parse_identity(note: str) -> Identity:
    """Who signed is told by the note itself; a caller that knows the key compares it. Raises ValueError."""
    lines = note.split("\n")
    if len(lines) != 7 or lines[0] != LOG_FORMAT:
        raise ValueError(f"this is not a `{LOG_FORMAT}` file")
    identity = Identity(lines[1], lines[2], parse_vkey(lines[3]))
    if identity.verifier.name != identity.origin:
        raise ValueError("the key is named after another log")
    open_note(note, identity.verifier)
    return identity


def parse_checkpoint(note: str, verifier: Verifier) -> tuple[Head, bytes]:
    """The head and its signature. Raises ValueError."""
    text, signature = open_note(note, verifier)
    lines = text.split("\n")
    if len(lines) != 4 or lines[0] != verifier.name or not lines[1].isdecimal():
        raise ValueError("this is no checkpoint of this log: origin, size and root are expected, a line each")
    head = Head(verifier.name, int(lines[1]), decode64(lines[2]))
    if head.text() != text or len(head.root) != 32:
        raise ValueError("this checkpoint is not spelled as it must be")
    return head, signature


def whole_lines(history: bytes, offset: int = 0) -> bytes:
    """The lines that were finished. What a stop left of the next is a beginning, or has zeros to the end of a sector.

    `offset`: where in the file `history` begins. Zeros elsewhere are no stop: they make a line that is none.
    """
    hole = history.find(b"\x00")
    if hole >= 0 and not any(history[hole : hole + -(offset + hole) % SECTOR]):
        history = history[:hole]
    return history[: history.rfind(b"\n") + 1]


def parse_history_line(line: str, verifier: Verifier) -> HistoryLine:
    """`line` with its newline; the signature is checked. Raises ValueError."""
    words = line.split(" ")
    if len(words) != 5 or not all(word.isdecimal() and word.isascii() for word in words[:3]):
        raise ValueError("five words are expected: number, low-water mark, size, root, signature")
    number, low, size = (int(word) for word in words[:3])
    head = Head(verifier.name, size, decode64(words[3]))
    parsed = HistoryLine(number, low, head, decode64(words[4].removesuffix("\n")))
    if parsed.render() != line:
        raise ValueError("this line is not spelled as it must be")
    verify(head.text(), verifier, parsed.signature)
    return parsed
