"""What reviewers send: signed notes (C2SP) whose text is one line of canonical JSON.

An order asks (`list`, `show`); a word says what becomes of a held request, and stands in the log as it was signed, so
that whoever has the reviewer's verifier key can check it without the gateway.
"""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import orjson

from tidegate.core.ledger.entries import nanoseconds
from tidegate.core.ledger.notes import Signer, Verifier, open_note, render_note
from tidegate.core.values.review import Verdict, Word

ORDER, WORD = "tidegate review order v1", "tidegate review word v1"
SKEW_S = 300
MOST_CHARACTERS = 500

Role = Literal["findings", "context"]
_WORD_KEYS = {"at", "binding", "format", "reason", "review", "reviewer", "targets", "until", "verdict"}
_ORDER_KEYS = {"at", "do", "format", "review", "reviewer"}


class Reviewer(NamedTuple):
    """`role`: sees labels and places, or also the text around them."""

    name: str
    verifier: Verifier
    role: Role


class NotSigned(Exception):  # noqa: N818 - an answer about a note, on its way to a sentence
    """Why a note is not taken, and what to do."""


class Order(NamedTuple):
    do: str
    review: str
    at: str


def order_note(signer: Signer, do: str, *, at: str, review: str = "") -> str:
    return _note(signer, {"format": ORDER, "do": do, "review": review, "at": at, "reviewer": signer.verifier.name})


def word_note(
    signer: Signer,
    *,
    review: str,
    binding: str,
    verdict: Verdict,
    targets: tuple[str, ...],
    reason: str,
    at: str,
    until: str,
) -> str:
    return _note(
        signer,
        {
            "format": WORD,
            "review": review,
            "binding": binding,
            "reviewer": signer.verifier.name,
            "verdict": verdict.value,
            "targets": list(targets),
            "reason": reason,
            "at": at,
            "until": until,
        },
    )


def opened(note: str, reviewers: Mapping[str, Reviewer], now_ns: int) -> tuple[Reviewer, Order | Word]:
    """Who has signed it, and what it says. Raises NotSigned, also for what was signed long ago, or is yet to be."""
    text, _, line = note.rpartition("\n\n")
    document = _document(text + "\n")
    reviewer = reviewers.get(str(document.get("reviewer")))
    if reviewer is None:
        raise NotSigned("nobody of that name reviews here; [review.reviewers] names who does")
    if not is_by(reviewer, text + "\n", line):
        raise NotSigned(f"it is not signed with the key of {reviewer.name} in [review.reviewers]")
    said = _said(document, text + "\n", line)
    if abs(_ns(said.at) - now_ns) > SKEW_S * 10**9:
        raise NotSigned("it was signed at another time than now; correct whichever clock is wrong, and sign again")
    return reviewer, said


def word_of(text: str, line: str, reviewer: Reviewer) -> Word | None:
    """The word that a kept text says, if it is of the reviewer and signed by them."""
    try:
        said = _said(_document(text), text, line)
    except NotSigned:
        return None
    if isinstance(said, Word) and said.reviewer == reviewer.name and is_by(reviewer, text, line):
        return said
    return None


def is_by(reviewer: Reviewer, text: str, line: str) -> bool:
    try:
        open_note(f"{text}\n{line}", reviewer.verifier)
    except ValueError:
        return False
    return True


def until_ns(word: Word) -> int:
    """0 for a refusal, which needs no end."""
    return _ns(word.until) if word.until else 0


def _note(signer: Signer, document: Mapping[str, Any]) -> str:
    text = orjson.dumps(document, option=orjson.OPT_SORT_KEYS).decode() + "\n"
    return render_note(text, signer.verifier, signer.sign(text))


def _document(text: str) -> dict[str, Any]:
    """Raises NotSigned for any other spelling than the canonical one."""
    try:
        document = orjson.loads(text)
        canonical = orjson.dumps(document, option=orjson.OPT_SORT_KEYS).decode() + "\n"
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        document, canonical = None, ""
    if not isinstance(document, dict) or canonical != text:
        raise NotSigned("it is no signed note of one line of canonical JSON; `tidegate review` makes them")
    return document


def _said(document: dict[str, Any], text: str, line: str) -> Order | Word:
    plain = {name: value for name, value in document.items() if name != "targets"}
    if all(type(value) is str for value in plain.values()):
        if document.get("format") == ORDER and {*document} == _ORDER_KEYS and _is_moment(document["at"]):
            return Order(document["do"], document["review"], document["at"])
        if document.get("format") == WORD and {*document} == _WORD_KEYS and _is_word(document):
            del plain["format"]
            verdict, targets = Verdict(plain.pop("verdict")), tuple(document["targets"])
            return Word(**plain, verdict=verdict, targets=targets, text=text, signature=line)
    raise NotSigned("it says something that this version does not know; use the `tidegate review` of the gateway")


def _is_word(document: dict[str, Any]) -> bool:
    targets, reason = document["targets"], document["reason"]
    return (
        document["verdict"] in tuple(Verdict)
        and type(targets) is list
        and all(type(one) is str for one in targets)
        and len(reason) <= MOST_CHARACTERS
        and reason.isprintable()
        and _is_moment(document["at"])
        and (document["until"] == "" if document["verdict"] == Verdict.REFUSE else _is_moment(document["until"]))
    )


def _is_moment(text: str) -> bool:
    try:
        return len(text) == len("2026-11-21T14:00:00Z") and _ns(text) > 0
    except ValueError:
        return False


def _ns(moment: str) -> int:
    """Of a time to the second."""
    return nanoseconds(moment.removesuffix("Z") + ".000000000Z")
