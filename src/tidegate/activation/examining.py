"""Everything that is asked of a policy before it rules anew: cases, proof, and what it lets through that the one that
rules does not.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from tidegate import app
from tidegate.activation.desk import desk_of
from tidegate.activation.opening import Newly, Opened, configured, opened
from tidegate.activation.proofs import prove_once
from tidegate.activation.surrounding import pinned
from tidegate.activation.times import deciding_now
from tidegate.adapters.policy.bundles import Bundle, read_bundle
from tidegate.adapters.policy.folder import CASES
from tidegate.config import Settings
from tidegate.core.decide.bundle.manifest import SURROUNDINGS
from tidegate.core.decide.bundle.standing import Standing
from tidegate.core.decide.bundle.surroundings import promises_more
from tidegate.core.decide.policy import Policy
from tidegate.core.decide.ways.way import is_among
from tidegate.core.values.errors import ConfigError


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


def shadow_bundle(settings: Settings, path: Path) -> Bundle:
    """A policy that is to go along without effect: it need not be signed nor proven. Raises ConfigError."""
    bundle = read_bundle(path)
    bundle.compiled()
    desk_of(settings).put(bundle)
    return bundle


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


def _looser(before: Bundle, after: Opened) -> Iterable[str]:
    """What gets more than it does now, and which promises are dropped; an answer not found in time counts as both."""
    old, new = pinned(before), pinned(after.bundle)
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
