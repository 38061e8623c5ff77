"""What approving and refusing have in common: see what is bound, sign it, hand it in."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from typing import Any

from tidegate.cli import terminal
from tidegate.cli.review import desk
from tidegate.core.values.errors import TidegateError
from tidegate.core.values.review import Verdict


def declare(parser: ArgumentParser) -> None:
    desk.review_argument(parser)
    desk.declare(parser)


def say(
    given: Namespace,
    verdict: Verdict,
    *,
    targets: Sequence[str] = (),
    reason: str = "",
    for_minutes: int | None = None,
) -> int:
    """Signs over what the gateway says is bound, once its digest has been worked out here."""
    from tidegate.core.review.signed import word_note

    at = desk.desk(given)
    about = at.order("about", given.review)
    _check(about, given.review)
    refuses = verdict is Verdict.REFUSE
    holds_s = min((for_minutes or 10**6) * 60, int(about["approved_s"]))
    note = word_note(
        at.signer,
        review=given.review,
        binding=about["binding"],
        verdict=verdict,
        targets=() if refuses else tuple(targets or about["targets"]),
        reason=reason,
        at=desk.now(),
        until="" if refuses else desk.now(holds_s),
    )
    return _tell(at.send(note), verdict, as_json=given.json)


def _check(about: Mapping[str, Any], review: str) -> None:
    from tidegate.core.review.keeping import bound_of

    if about["review"] != review or bound_of(about["bound_to"]) != about["binding"]:
        raise TidegateError("what the gateway wants signed is not what it shows; do not sign, and look into it")


def _tell(found: Mapping[str, Any], verdict: Verdict, *, as_json: bool) -> int:
    if as_json:
        terminal.say_json({"ok": True, **found})
        return 0
    state = terminal.paint(str(found["state"]), "bad" if verdict is Verdict.REFUSE else "good")
    if found["state"] == "approved":
        said = f"its caller may send it once, until {found['until']}, to {', '.join(found['targets'])}"
    elif found["state"] == "waiting":
        said = f"{len(found['approved_by'])} of {found['needs']} have approved it; another reviewer must, too"
    else:
        said = "its caller is told your reason"
    terminal.say(f"{state}: {said}")
    return 0
