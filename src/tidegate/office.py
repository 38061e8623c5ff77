"""Which policy a gateway begins with, and what it does on disk for the policies that come after."""

import asyncio
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from tidegate import activation
from tidegate.activation import Newly, Opened
from tidegate.adapters.policy.desk import Act
from tidegate.adapters.stores.tlog import entries
from tidegate.config import Settings
from tidegate.core.decide.bundle.standing import Standing
from tidegate.core.decide.policy import Policy
from tidegate.core.settle.policy_record import ACTIVATED, ROLLED_BACK
from tidegate.core.values.errors import ConfigError

_EXAMINATION_S = 300.0
_LOST = (
    "by the log revision {} has ruled, and what was kept of it is gone; restore the folder, or name that bundle or a "
    "newer one in [policy] path"
)


class Begun(NamedTuple):
    """`is_news`: it is another policy than the one that ruled when the gateway ended, and the log should say so.
    `idle`: ways of the configuration that get nothing today, a sentence each.
    """

    standing: Standing
    policy: Policy
    proven: bool
    is_news: bool
    idle: tuple[str, ...] = ()


Labels = Callable[[], Iterable[str]]


def begin(settings: Settings, labels: Labels) -> Begun:
    """What was activated goes on ruling; without an activation, what [policy] path holds. Raises ConfigError."""
    desk = activation.desk_of(settings)
    before = desk.standing()
    standing = before or _remembered(settings)
    ruling = standing.ruling
    if ruling and _stays(settings, standing):
        bundle = desk.get(ruling.bundle)
        found = activation.opened(settings, bundle, source=ruling.source, labels=labels, closed=standing.closed())
        standing = standing.closing(found.ruling.closed)
        return Begun(standing, found.policy, activation.is_proven(settings, found.policy), False, found.idle)
    bundle = activation.configured(settings)
    first = Newly(standing, activation.deciding_now(settings, bundle)) if settings.policy.path else None
    found = activation.opened(
        settings, bundle, source="configuration", newly=first, labels=labels, closed=standing.closed()
    )
    is_same = ruling is not None and ruling.bundle == found.ruling.bundle
    if not is_same:
        desk.put(bundle)
        standing = standing.activated(found.ruling.with_closed(found.ruling.closed, ruling.closed_by if ruling else ""))
    standing = standing.closing(found.ruling.closed)
    standing = replace(standing, looked_at=watched(settings) or standing.looked_at)
    is_news = not is_same and (before is not None or bool(found.ruling.signed_by))
    return Begun(standing, found.policy, activation.is_proven(settings, found.policy), is_news, found.idle)


class InForce(NamedTuple):
    """`where` it comes from, for people."""

    policy: Policy
    standing: Standing
    where: str


def in_force(settings: Settings) -> InForce:
    """What a gateway would rule by that starts now; nothing is changed, nothing is asked of it. Raises ConfigError."""
    desk = activation.desk_of(settings)
    standing = desk.standing() or Standing()
    if standing.ruling and _stays(settings, standing):
        return InForce(desk.get(standing.ruling.bundle).compiled(), standing, standing.ruling.title())
    where = str(settings.policy.path or "the baseline in the package")
    return InForce(activation.configured(settings).compiled(), standing, where)


def _stays(settings: Settings, standing: Standing) -> bool:
    if settings.policy.trust:
        return bool(standing.ruling and standing.ruling.signed_by) or bool(standing.highest)
    return bool(standing.ruling and standing.ruling.source != "configuration") or settings.policy.watch


def _remembered(settings: Settings) -> Standing:
    """Where the desk is gone, the log still knows which revisions are too old."""
    highest, bundle = 0, ""
    logs = settings.audit.path.glob("*/log") if settings.policy.trust and settings.audit.path.is_dir() else ()
    acts = tuple(f'"act":"{act}"'.encode() for act in (ACTIVATED, ROLLED_BACK))
    for log in logs:
        for _, entry in entries(log.parent):
            if any(act in entry for act in acts):
                record = json.loads(entry)
                if record["signed_by"] and record["revision"] > highest:
                    highest, bundle = record["revision"], record["bundle"]
    if highest and settings.policy.path is None:
        raise ConfigError([f"{activation.desk_of(settings).folder}: {_LOST.format(highest)}"])
    return Standing(highest=highest, highest_bundle=bundle, counted=highest)


def watched(settings: Settings) -> str:
    """Differs whenever a file at the watched place is another one or was written; empty where nothing is watched."""
    path = settings.policy.path
    if not settings.policy.watch or path is None:
        return ""
    told = hashlib.sha256()
    for one in (path, *(sorted(path.rglob("*")) if path.is_dir() else ())):
        try:
            about = one.stat()
            told.update(f"{one.relative_to(path)} {about.st_ino} {about.st_size} {about.st_mtime_ns}\n".encode())
        except OSError as error:
            told.update(f"{one.name} {error.errno}\n".encode())
    return told.hexdigest()


class DeskOffice:
    """services.ruling.Office over the desk beside the store. `labels`: what the gateway looks for."""

    def __init__(self, settings: Settings, labels: Labels) -> None:
        self._settings, self._labels = settings, labels
        self._desk = activation.desk_of(settings)

    def acts(self) -> Sequence[Act]:
        return list(self._desk.acts())

    def done(self, name: str) -> None:
        self._desk.done(name)

    def keep(self, standing: Standing) -> None:
        self._desk.keep(standing)

    def tell(self, now: Mapping[str, Any]) -> None:
        self._desk.tell(now)

    def open(self, bundle: str, now: str, standing: Standing | None = None) -> Opened:
        newly = Newly(standing, now) if standing else None
        found = activation.opened(
            self._settings, self._desk.get(bundle), source="command", newly=newly, labels=self._labels, closed=None
        )
        if not activation.is_proven(self._settings, found.policy):
            raise ConfigError([f"{found.ruling.title()}: this version has not proven it; activate it again"])
        return found

    def read(self, bundle: str) -> Policy:
        return self._desk.get(bundle).compiled()

    def watched(self) -> str:
        return watched(self._settings)

    async def examine(self) -> Mapping[str, Any]:
        order = {"document": dict(self._settings.document), "path": str(self._settings.policy.path)}
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tidegate.examiner",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            said = child.communicate(json.dumps(order).encode() + b"\n")
            told, _ = await asyncio.wait_for(said, _EXAMINATION_S)
        except TimeoutError:
            raise ConfigError(["examining it took too long; make the policy smaller"]) from None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        answer: Mapping[str, Any] = json.loads(told or b'{"mistakes": ["whoever examines policies gave no answer"]}')
        if answer.get("mistakes"):
            raise ConfigError([str(one) for one in answer["mistakes"]])
        return answer


def kept_folder(settings: Settings, bundle: str) -> Path:
    """Where a copy of a bundle lies as a policy folder."""
    return activation.desk_of(settings).place(bundle)
