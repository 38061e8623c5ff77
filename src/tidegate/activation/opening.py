"""A policy as far as its bytes, its signer and its surroundings go: the way of each, whether it rules anew or again."""

from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from tidegate.activation.surrounding import check_surroundings, check_ways
from tidegate.adapters.policy.bundles import Bundle, bundle_of, read_bundle
from tidegate.adapters.policy.folder import read_baseline
from tidegate.config import Settings
from tidegate.core.decide.bundle.manifest import Untrusted, Window, outside_of, signed_by
from tidegate.core.decide.bundle.standing import Ruling, Standing
from tidegate.core.decide.policy import Policy
from tidegate.core.decide.ways.survey import Found, Verdict
from tidegate.core.decide.ways.way import shortest
from tidegate.core.ledger.notes import Verifier, parse_vkey
from tidegate.core.values.errors import ConfigError

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
    check_surroundings(settings, bundle, labels)
    policy = bundle.compiled()
    quiet = check_ways(settings, policy, closed)
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
