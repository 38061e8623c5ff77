"""May this policy rule? All that is asked of one before it does: whose it is, what it takes for granted, whether it
can be read, keeps its cases and its invariants, and what it lets through that the one before does not.

Commands ask here, and so does the gateway before it takes what a command laid down: nobody's word is taken for it.
"""

import secrets
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

from tidegate import app
from tidegate.adapters.policy.bundles import Bundle, bundle_of, read_bundle
from tidegate.adapters.policy.desk import Desk
from tidegate.adapters.policy.folder import CASES, read_baseline
from tidegate.adapters.policy.proofs import fitting_proof
from tidegate.adapters.stores.tlog import entries
from tidegate.config import Settings
from tidegate.config.ways import ways_of
from tidegate.core.decide.bundle.manifest import SURROUNDINGS, Untrusted, Window, outside_of, signed_by
from tidegate.core.decide.bundle.standing import Ruling, Standing
from tidegate.core.decide.bundle.surroundings import (
    Surroundings,
    promises_more,
    read_surroundings,
    surroundings_of,
)
from tidegate.core.decide.policy import Policy
from tidegate.core.decide.ways.search import example
from tidegate.core.decide.ways.survey import Ask, Found, Verdict, knowingly, mistakes_of, survey
from tidegate.core.decide.ways.way import is_among, shortest
from tidegate.core.dispatch import plan
from tidegate.core.ledger.entries import nanoseconds, rfc3339
from tidegate.core.ledger.notes import Verifier, parse_vkey
from tidegate.core.values.errors import ConfigError

SET_BACK_NS = 5_000_000_000
"""A clock may be corrected by so much between two looks at it."""
MOST_REFUSALS = 1000

BASELINE = "baseline"
_UNSIGNED = (
    "nobody has signed this policy, and [policy] trust names who must: run `tidegate policy sign`, then activate the "
    "bundle"
)


class Opened(NamedTuple):
    """A policy that may rule as far as its bytes, its signer and its surroundings go. Not proven yet.

    `idle`: ways of the configuration that get nothing today, a sentence each; `closed`: those of them that it closes.
    """

    bundle: Bundle
    policy: Policy
    ruling: Ruling
    idle: tuple[str, ...] = ()
    closed: tuple[Found, ...] = ()


class Newly(NamedTuple):
    """`now`: RFC 3339, UTC."""

    standing: Standing
    now: str


class Examined(NamedTuple):
    """`against`: the bundle that rules now. `looser`: what would get through that does not now, a sentence each.

    `cases`: how many the bundle holds; all of them came out as they say. `closing`: ways of the configuration that lead
    nowhere from then on, and are not closed already, a sentence each.
    """

    opened: Opened
    against: str
    cases: int
    looser: tuple[str, ...]
    closing: tuple[str, ...] = ()

    @property
    def needs_closer(self) -> bool:
        """Whoever only becomes stricter closes what must be closed, at once; else it may be a mistake."""
        return bool(self.closing and self.looser)


def desk_of(settings: Settings) -> Desk:
    return Desk(settings.own_folder / "policy")


def trusted(settings: Settings) -> tuple[Verifier, ...]:
    """Raises ConfigError."""
    keys, mistakes = [], []
    for key in settings.policy.trust:
        try:
            keys.append(parse_vkey(key))
        except ValueError as error:
            mistakes.append(f"policy.trust: {error}; copy the key as `tidegate policy sign` printed it")
    if mistakes:
        raise ConfigError(mistakes)
    return tuple(keys)


def configured(settings: Settings) -> Bundle:
    """What [policy] path holds, or the baseline in the package. Raises ConfigError."""
    return read_bundle(settings.policy.path) if settings.policy.path else baseline()


def baseline() -> Bundle:
    found = read_baseline()
    return bundle_of({name: text.encode() for name, text in found.sources.items()}, name=BASELINE, where=BASELINE)


def opened(
    settings: Settings,
    bundle: Bundle,
    *,
    source: str,
    newly: Newly | None = None,
    labels: Callable[[], Iterable[str]] | None = None,
    closed: Collection[str] | None = (),
) -> Opened:
    """Raises ConfigError with every mistake. `newly`: given where it has not ruled before, and must be newer than all
    that has. `labels`: what is looked for, where whoever asks knows already.
    `closed`: names of ways that it may close; None where it may close any, and whoever asks looks at which.
    """
    signer = _signer(settings, bundle, newly)
    manifest = bundle.manifest
    if signer and newly:
        why = outside_of(Window(manifest.created, manifest.valid_until), newly.now)
        why = why or newly.standing.too_old(manifest.revision, manifest.digest)
        if why:
            raise ConfigError([f"{bundle.where}: {why}"])
    _check_surroundings(settings, bundle, labels)
    policy = bundle.compiled()
    quiet = _check_ways(settings, policy, closed)
    shut = tuple(one for one in quiet if one.verdict is Verdict.CLOSED)
    ruling = Ruling(
        bundle=manifest.digest,
        policy=policy.digest,
        name=manifest.name,
        revision=manifest.revision if signer else 0,
        source=source,
        signed_by=signer,
        created=manifest.created if signer else "",
        valid_until=manifest.valid_until if signer else "",
        approver=manifest.approver if signer else "",
        closed=shortest(one.way.name for one in shut),
    )
    return Opened(bundle, policy, ruling, tuple(one.sentence() for one in quiet), shut)


def examine(settings: Settings, path: Path, *, source: str) -> Examined:
    """Everything that is asked of the policy at `path` before it rules; a copy of it and its proof are kept then.

    Takes up to some seconds. Raises ConfigError with what speaks against it.
    """
    desk = desk_of(settings)
    standing = desk.standing() or Standing()
    bundle = read_bundle(path)
    newly = Newly(standing, deciding_now(settings, bundle))
    found = opened(settings, bundle, source=source, newly=newly, closed=None)
    cases = run_cases_of(bundle, found.policy)
    prove_once(settings, found.policy)
    ruling = desk.get(standing.ruling.bundle) if standing.ruling else configured(settings)
    looser = tuple(_looser(ruling, found))
    before = standing.closed()
    closing = tuple(one.sentence() for one in found.closed if not is_among(one.way.name, before))
    desk.put(bundle)
    return Examined(found, ruling.manifest.digest, cases, looser, closing)


def shadow_bundle(settings: Settings, path: Path) -> Bundle:
    """A policy that is to go along without effect: it need not be signed nor proven. Raises ConfigError."""
    bundle = read_bundle(path)
    bundle.compiled()
    desk_of(settings).put(bundle)
    return bundle


def order(examined: Examined) -> dict[str, object]:
    """What a gateway is told to activate."""
    return {
        "act": "activate",
        "what": examined.opened.bundle.where,
        "bundle": examined.opened.ruling.bundle,
        "against": examined.against,
        "looser": list(examined.looser),
        "cases": examined.cases,
    }


def deciding_now(settings: Settings, bundle: Bundle) -> str:
    """RFC 3339: the machine's time, but never before the log's newest entry.

    Raises ConfigError where the clock was set back and the bundle has times to be held against it.
    """
    wall, newest = time.time_ns(), newest_entry_ns(settings)
    if newest - wall > SET_BACK_NS and bundle.manifest.created:
        times = f"the clock here says {rfc3339(wall)[:19]}Z, and the log was written at {rfc3339(newest)[:19]}Z"
        raise ConfigError([f"{bundle.where}: {times}: it was set back, so no validity can be judged; correct it"])
    return rfc3339(max(wall, newest))


def newest_entry_ns(settings: Settings) -> int:
    """0 where there is no log yet."""
    found = 0
    for log in settings.audit.path.glob("*/log") if settings.audit.path.is_dir() else ():
        for _, entry in entries(log.parent, newest_first=True):
            place = entry.rfind(b'"ts":"')
            found = max(found, nanoseconds(entry[place + 6 : place + 36].decode("ascii", "replace")))
            break
    return found


def run_cases_of(bundle: Bundle, policy: Policy) -> int:
    """How many cases there are. Raises ConfigError with those that come out otherwise than they say."""
    from tidegate.core.decide.lifecycle.cases import read_cases
    from tidegate.core.decide.lifecycle.orders import read_orders
    from tidegate.core.decide.lifecycle.tested import run_cases

    texts = {
        name: content.decode("utf-8-sig", "replace")
        for name, content in bundle.members.items()
        if name.startswith(CASES)
    }
    if not texts:
        return 0
    report = run_cases(policy, read_cases(texts, policy), read_orders(texts, policy))
    if not report.ok:
        raise ConfigError([f"{one.case.file}:{one.case.line}: {one.case.name}: {one.why}" for one in report.failed])
    return len(report.outcomes)


def prove_once(settings: Settings, policy: Policy) -> None:
    """Proves unless a proof is kept; keeps it then. Raises ConfigError with what is not proven."""
    if app.is_proven(policy) or kept_proof(settings, policy):
        return
    report = app.prove_policy(policy)
    if not report.ok:
        raise ConfigError(report.mistakes())
    keep_proof(settings, policy, app.keep_proof(report))


def kept_proof(settings: Settings, policy: Policy) -> bool:
    """Whether a proof of this very policy by this very prover was kept beside the store."""
    try:
        return fitting_proof(policy, proof_file(settings, policy).read_text("utf-8")) is not None
    except (OSError, UnicodeDecodeError):
        return False


def keep_proof(settings: Settings, policy: Policy, proof: str) -> None:
    kept = proof_file(settings, policy)
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = kept.with_suffix(f".{secrets.token_hex(4)}.new")
    fresh.write_text(proof, "utf-8")
    fresh.replace(kept)


def proof_file(settings: Settings, policy: Policy) -> Path:
    return settings.own_folder / "proofs" / f"{policy.digest}.json"


def is_proven(settings: Settings, policy: Policy) -> bool:
    return app.is_proven(policy) or kept_proof(settings, policy)


def surroundings_here(settings: Settings, labels: Callable[[], Iterable[str]] | None = None) -> Surroundings:
    """What the configuration declares and what is looked for. Raises ConfigError."""
    beside = {name: asdict(table) for name, table in settings.detectors.items()}
    found = labels() if labels else app.labels_found(settings)
    return surroundings_of(settings.targets.values(), found, beside)


def closed_here(settings: Settings) -> tuple[str, ...]:
    """Names of ways that were closed knowingly, and stay so. Raises ConfigError."""
    standing = desk_of(settings).standing()
    return standing.closed() if standing else ()


def ways_here(
    settings: Settings, policy: Policy, ask: Ask = example, *, closed: Collection[str] | None = ()
) -> list[Found]:
    """What becomes of every way of the configuration under a policy, today. `closed`: see `opened`."""
    return knowingly(survey(policy, ways_of(settings, plan.day(time.time_ns())), ask), closed)


def proven_ways(settings: Settings, policy: Policy) -> list[Found]:
    """The same, answered by the solver. Imports z3.

    Raises ConfigError where it and the quick answer differ, which would be a defect of tidegate.
    """
    from tidegate.core.decide.ways import solver

    closed = closed_here(settings)
    quick, proven = (ways_here(settings, policy, ask, closed=closed) for ask in (example, solver.example))
    for one, other in zip(quick, proven, strict=True):
        if one.verdict is not other.verdict and Verdict.UNDECIDED not in (one.verdict, other.verdict):
            raise ConfigError([f"{one.way.path}: two answers differ; this is a defect of tidegate: report it"])
    return proven


def lay_down(settings: Settings, wanted: dict[str, object]) -> str:
    """Leaves an act for the gateway; its name."""
    name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
    desk_of(settings).lay_down(name, wanted)
    return name


def note_refusal(settings: Settings, what: str, mistakes: Iterable[str], actor: str) -> None:
    """Has the gateway record that a command refused something. Bounded: nobody fills a disk by being refused."""
    if sum(1 for _ in desk_of(settings).acts()) < MOST_REFUSALS:
        lay_down(settings, {"act": "refused", "what": what, "mistakes": list(mistakes), "actor": actor})


# -- what is asked ---------------------------------------------------------------------------------------------------


def _signer(settings: Settings, bundle: Bundle, newly: Newly | None) -> str:
    """Whose signature it is; empty where no keys are trusted, so that none is asked for. Raises ConfigError.

    The baseline that ships needs none as long as nothing else was ever activated, or to go back to it.
    """
    keys = trusted(settings)
    if not keys:
        return ""
    if not newly and bundle.manifest.digest == baseline().manifest.digest:
        return ""
    if not bundle.signature:
        raise ConfigError([f"{bundle.where}: {_UNSIGNED}"])
    try:
        return signed_by(bundle.manifest, bundle.signature, keys).name
    except Untrusted as error:
        raise ConfigError([f"{bundle.where}: signature: {error}"]) from None


def _check_surroundings(settings: Settings, bundle: Bundle, labels: Callable[[], Iterable[str]] | None) -> None:
    pinned = _pinned(bundle)
    if pinned is None:
        return
    mistakes = promises_more(surroundings_here(settings, labels), pinned)
    if mistakes:
        raise ConfigError([f"{one}; correct the configuration, or sign the policy for it" for one in mistakes])


def _check_ways(settings: Settings, policy: Policy, closed: Collection[str] | None) -> tuple[Found, ...]:
    """Those that are idle or closed. Raises ConfigError where another leads nowhere, or carries what may not go."""
    found = ways_here(settings, policy, closed=closed)
    if wrong := mistakes_of(found):
        raise ConfigError(wrong)
    return tuple(one for one in found if one.verdict in (Verdict.IDLE, Verdict.CLOSED))


def _pinned(bundle: Bundle) -> Surroundings | None:
    if SURROUNDINGS not in bundle.members:
        return None
    try:
        return read_surroundings(bundle.members[SURROUNDINGS])
    except Untrusted as error:
        raise ConfigError([f"{bundle.where}: {error}"]) from None


def _looser(before: Bundle, after: Opened) -> Iterable[str]:
    """What gets more than it does now, and which promises are dropped; an answer not found in time counts as both."""
    old, new = _pinned(before), _pinned(after.bundle)
    if old is not None and new is None:
        yield f"{SURROUNDINGS}: boundaries, contracts and detectors are no longer part of the bundle"
    elif old is not None and new is not None:
        yield from promises_more(new, old)
    policy = before.compiled()
    if policy.digest == after.policy.digest:
        return
    report = app.compare_policies(policy, after.policy)
    yield from (one.sentence() for one in report.looser)
    yield from (one.sentence() for one in report.weakened)
    yield from (f"undecided: {asked}" for asked in report.undecided)
