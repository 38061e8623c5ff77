"""What a policy takes for granted: boundaries, targets, contracts, what is looked for. A bundle may carry it along.

A proof is about facts, and these are where facts come from: who declares a cloud to be local needs no other policy. So
what the configuration says must be what the bundle has, or promise less: a target that is left out, a contract fact at
its worst value, a boundary of a kind that is trusted less. Whatever else differs counts as looser.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from tidegate.core.decide.bundle.manifest import SURROUNDINGS, Untrusted
from tidegate.core.values.target import Contract, Target

Surroundings = Mapping[str, Any]
"""boundaries, targets, detectors: tables by name; labels: what some detector finds."""

_TRUST = {"cloud": 0, "private": 1, "local": 2}
_WORST: Mapping[str, object] = {
    "retention": "unknown",
    "training": "unknown",
    "tier": "unknown",
    "region": "",
    "baa": False,
    "dpa": False,
    "expires": "",
}
_TABLES = ("boundaries", "targets", "detectors")


def surroundings_of(
    targets: Iterable[Target], labels: Iterable[str], detectors: Mapping[str, Mapping[str, object]]
) -> Surroundings:
    """`detectors`: tables of those beside the engine, as the configuration has them."""
    known = list(targets)
    return {
        "boundaries": {one.boundary.name: {"kind": one.boundary.kind, "region": one.boundary.region} for one in known},
        "targets": {one.name: _target(one) for one in known},
        "detectors": {name: dict(table) for name, table in detectors.items()},
        "labels": sorted(labels),
    }


def render(surroundings: Surroundings) -> bytes:
    return orjson.dumps(surroundings, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2) + b"\n"


def read_surroundings(content: bytes) -> Surroundings:
    """Raises Untrusted for what `render` would not have written."""
    try:
        found = orjson.loads(content)
        sound = render(found) == content and {*found} == {*_TABLES, "labels"} and _is_sound(found)
    except (orjson.JSONDecodeError, TypeError, AttributeError, KeyError, ValueError):
        sound = False
    if not sound:
        raise Untrusted(f"{SURROUNDINGS}: this is not what `tidegate policy sign` writes; sign the policy again")
    return dict(found)


def promises_more(here: Surroundings, pinned: Surroundings) -> list[str]:
    """A sentence for each thing in which `here` is trusted with more than `pinned`, with its place."""
    return [
        *(f"{place}: {what}" for place, what in _boundaries(here["boundaries"], pinned["boundaries"])),
        *(f"{place}: {what}" for place, what in _targets(here["targets"], pinned["targets"])),
        *(f"{place}: {what}" for place, what in _detectors(here["detectors"], pinned["detectors"])),
        *(f"labels: nothing looks for {label} here" for label in sorted({*pinned["labels"]} - {*here["labels"]})),
    ]


def _target(target: Target) -> dict[str, Any]:
    return {
        "provider": target.provider,
        "url": target.url,
        "model": target.model,
        "boundary": target.boundary.name,
        "approval": target.approval,
        "allow_fields": sorted(target.allow_fields),
        "contract": _contract(target.contract),
    }


def _contract(contract: Contract | None) -> dict[str, Any]:
    """None is the contract that promises nothing."""
    told = contract or Contract()
    return {
        **{name: getattr(told, name) for name in _WORST},
        "expires": told.expires.isoformat() if told.expires else "",
        "capabilities": sorted(told.capabilities),
    }


def _boundaries(here: Mapping[str, Any], pinned: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, boundary in here.items():
        place = f"boundaries.{name}"
        known = pinned.get(name)
        if known is None:
            yield place, "the bundle knows no such boundary"
            continue
        if _TRUST[boundary["kind"]] > _TRUST[known["kind"]]:
            yield f"{place}.kind", f"{boundary['kind']} here, {known['kind']} in the bundle"
        if boundary["region"] not in ("", known["region"]):
            yield f"{place}.region", _otherwise(boundary["region"], known["region"])


def _targets(here: Mapping[str, Any], pinned: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, target in here.items():
        place = f"targets.{name}"
        known = pinned.get(name)
        if known is None:
            yield place, "the bundle knows no such target"
            continue
        for fact in ("provider", "url", "model", "boundary", "approval"):
            if target[fact] != known[fact]:
                yield f"{place}.{fact}", _otherwise(target[fact], known[fact])
        for field in sorted({*target["allow_fields"]} - {*known["allow_fields"]}):
            yield f"{place}.allow_fields", f"{field} is not among those of the bundle"
        yield from _contracts(f"{place}.contract", target["contract"], known["contract"])


def _contracts(place: str, here: Mapping[str, Any], pinned: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for fact, worst in _WORST.items():
        less = here[fact] <= pinned[fact] if fact == "expires" else here[fact] in (worst, pinned[fact])
        if not less:
            yield f"{place}.{fact}", _otherwise(here[fact], pinned[fact])
    for capability in sorted({*here["capabilities"]} - {*pinned["capabilities"]}):
        yield f"{place}.capabilities", f"{capability} is not among those of the bundle"


def _detectors(here: Mapping[str, Any], pinned: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """One more may look here; each of the bundle's looks as it does there."""
    for name, table in pinned.items():
        if name not in here:
            yield f"detectors.{name}", "the bundle has this detector, and the configuration does not"
        elif here[name] != table:
            yield f"detectors.{name}", "it is set otherwise than in the bundle"


def _otherwise(here: object, there: object) -> str:
    return f"{_shown(here)} here, {_shown(there)} in the bundle"


def _shown(value: object) -> str:
    return {True: "true", False: "false", "": "nothing"}.get(value, str(value))


def _is_sound(found: Mapping[str, Any]) -> bool:
    """Everything is where comparing looks for it."""
    facts = {*_WORST, "capabilities"}
    return (
        all(type(found[table]) is dict for table in _TABLES)
        and all(one["kind"] in _TRUST and {*one} == {"kind", "region"} for one in found["boundaries"].values())
        and all({*one} == _TARGET_FACTS and {*one["contract"]} == facts for one in found["targets"].values())
        and all(type(label) is str for label in found["labels"])
    )


_TARGET_FACTS = {"provider", "url", "model", "boundary", "approval", "allow_fields", "contract"}
