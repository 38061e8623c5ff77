"""The checks of `tidegate doctor`, in the order in which the gateway would stumble. None changes what it looks at."""

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

from tidegate.cli.chosen import Chosen
from tidegate.core.decide.bundle.standing import WATCHED, Standing
from tidegate.core.values.errors import ConfigError, TidegateError
from tidegate.core.values.labels import covers
from tidegate.core.values.target import Target

_LEAST_FREE_BYTES = 256 * 1024 * 1024
_SOON_DAYS = 30


NAMED_LABELS = (
    "bank.iban",
    "code.proprietary",
    "code.source",
    "customer.config",
    "gov.us_ssn",
    "injection.suspected",
    "pci.pan",
    "phi.mrn",
    "pii.address",
    "pii.dob",
    "pii.email",
    "pii.person",
    "pii.phone",
    "secret.aws_access_key",
    "secret.private_key",
)
"""What people expect a gateway to find; a policy may speak of each of them."""


class Verdict(StrEnum):
    OK = "OK"
    FAIL = "FAIL"
    SKIP = "SKIP"


@dataclass(frozen=True, slots=True)
class Line:
    """What was looked at, what was found, and what to do next (empty when there is nothing to do)."""

    verdict: Verdict
    what: str
    found: str
    next_step: str = ""


Check = Callable[[Chosen], Iterator[Line]]


def _ok(what: str, found: str) -> Line:
    return Line(Verdict.OK, what, found)


def _fail(what: str, found: str, next_step: str) -> Line:
    return Line(Verdict.FAIL, what, found, next_step)


def _skip(what: str, found: str, next_step: str = "") -> Line:
    return Line(Verdict.SKIP, what, found, next_step)


def _configuration(chosen: Chosen) -> Iterator[Line]:
    targets = len(chosen.settings.targets)
    where = chosen.source or "no file; the runtimes on this machine"
    yield _ok("configuration", f"{where}: {targets} target{'s' if targets != 1 else ''}")
    for found in chosen.idle:
        yield _skip(found.name, found.state)


def _keys(chosen: Chosen) -> Iterator[Line]:
    from tidegate import app

    path = chosen.settings.keys.path
    if not path.exists() and not path.is_symlink():
        yield _skip("keys", f"none at {path} yet; the first `tidegate up` makes them")
        yield from _writable("keys folder", path)
        return
    try:
        keyring = app.read_keys(chosen.settings)
    except ConfigError as error:
        yield _fail("keys", str(error), "the sentence says what to do; never make new keys for a log that exists")
        return
    yield _ok("keys", f"{path}, epoch {keyring.keys.epoch}; auditors get {path / 'signing.pub'}")


def _writable(what: str, folder: Path) -> Iterator[Line]:
    """Writes and removes a file in the folder, or in what exists of the way to it."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    try:
        with tempfile.NamedTemporaryFile(dir=there, prefix=".tidegate-doctor-") as probe:
            probe.write(b"x")
            probe.flush()
            os.fsync(probe.fileno())
        free = shutil.disk_usage(there).free
    except OSError as error:
        yield _fail(
            what, f"{there} cannot be written ({error.strerror})", "give the gateway's user a folder it may write"
        )
        return
    if free < _LEAST_FREE_BYTES:
        yield _fail(what, f"{there} has {free // 1024 // 1024} MiB left", "make room: without a record nothing is sent")
        return
    yield _ok(what, f"{folder} can be written, {free // 1024**3} GiB free")


def _audit(chosen: Chosen) -> Iterator[Line]:
    from tidegate import app

    settings = chosen.settings
    # The log's own folder takes no foreign file, not even for a moment: a verifier may be looking.
    yield from _writable("audit folder", settings.audit.path)
    if not any(settings.audit.path.glob("*/log")) and not app.has_store(settings):
        yield _skip("audit log", "none yet; it begins with the first `tidegate up`")
        return
    from tidegate import verify
    from tidegate.cli.audit import report_on

    try:
        report = report_on(settings)
    except (verify.CannotTell, TidegateError) as error:
        yield _fail("audit log", str(error), "tidegate audit verify")
        return
    if not report["ok"]:
        damage = report["first_damage"]
        yield _fail(
            "audit log", f"{damage['file']}: {damage['what']}", "tidegate audit verify, and keep the folder as it is"
        )
        return
    live = ", in use by a running gateway" if any(log["live"] for log in report["logs"]) else ""
    yield _ok("audit log", f"{report['entries']} entries verify{live}; {report['exposure']}")


def _store(chosen: Chosen) -> Iterator[Line]:
    from tidegate import app

    path = chosen.settings.store.path
    if path and not path.exists():
        yield from _writable("store", path.parent)
        return
    try:
        heads = app.anchored_heads(chosen.settings)
    except TidegateError as error:
        what = "restore it from a backup; the log itself is not affected" if path else "correct [store], or start it"
        yield _fail("store", str(error), what)
        return
    yield _ok("store", f"{path or 'PostgreSQL'} opens; {len(heads)} anchored head{'s' if len(heads) != 1 else ''}")


def _policy(chosen: Chosen) -> Iterator[Line]:
    from tidegate import activation, app, office

    settings = chosen.settings
    try:
        policy, standing, source = office.in_force(settings)
    except ConfigError as error:
        for mistake in error.mistakes:
            yield _fail("policy", mistake, "tidegate policy check; until it is mended the gateway does not start")
        return
    yield from _refused(standing)
    if doubt := activation.desk_of(settings).told().get("in_doubt"):
        yield _fail(
            "policy",
            f"the gateway serves local targets only: {doubt}",
            "report it; `tidegate policy activate`, `rollback` or a restart has it serve the others again",
        )
    where = f"{source} ({len(policy.rules)} rules, {policy.digest[:12]})"
    if activation.is_proven(settings, policy):
        yield _ok("policy", f"{where} is proven")
        return
    report = app.prove_policy(policy)
    if not report.ok:
        for mistake in report.mistakes():
            yield _fail("policy", mistake, "tidegate policy prove; until then only local targets are served")
        return
    yield _ok("policy", f"{where} proves ({report.seconds:.1f} s)")


def _ways(chosen: Chosen) -> Iterator[Line]:
    """What the configuration lets leave, held against the policy that would rule; that one is asked about before."""
    from tidegate import activation, office
    from tidegate.core.decide.ways.survey import Verdict as Way

    try:
        policy, standing, _ = office.in_force(chosen.settings)
        found = activation.ways_here(chosen.settings, policy, closed=standing.closed())
    except ConfigError:
        return
    for one in found:
        if one.is_mistake:
            yield _fail("way", one.sentence(), "until then the gateway does not start")
        elif one.verdict is Way.CLOSED:
            yield _skip("way", one.sentence(), "take it out if nothing is to go there again; another policy opens it")
        elif one.verdict is not Way.OPEN:
            yield _skip("way", one.sentence(), "renew or state what the rule asks for, if something should go there")
    if not any(one.is_mistake for one in found):
        yield _ok("ways", f"policy permits all {len(found)} of the configuration, or asks for each request")


def _refused(standing: Standing) -> Iterator[Line]:
    """What was wrong with the newest policy, as long as an older one goes on in its place."""
    if standing.refused is None:
        return
    what, mistakes, at = standing.refused
    for mistake in mistakes:
        found = f"{what} was refused at {at[:19]}Z: {mistake}"
        if what == WATCHED:
            yield _fail("policy", found, "correct it there; until then the policy before it goes on ruling")
        else:
            yield _skip("policy", found, "nothing has changed by it; `tidegate policy activate` tries again")


def _detectors(chosen: Chosen) -> Iterator[Line]:
    from tidegate import app

    try:
        found = app.labels_found(chosen.settings)
    except ConfigError as error:
        for mistake in error.mistakes:
            yield _fail("detectors", mistake, "until then the gateway does not start")
        return
    spoken_of = {*NAMED_LABELS, *(label for work in chosen.settings.workloads.values() for label in work.labels)}
    missing = sorted(one for one in spoken_of if not any(covers(one, label) for label in found))
    yield _ok("detectors", f"{len(found)} labels can be found")
    if missing:
        yield _skip(
            "detectors",
            f"no detector finds {', '.join(missing)}",
            "keep such texts to models whose candidates are all local: they pass as if nothing were in them",
        )


def _targets(chosen: Chosen) -> Iterator[Line]:
    for target in chosen.settings.targets.values():
        what = f"target {target.name}"
        yield from _contract(what, target, datetime.now(UTC).date())
        if target.provider == "embedded":
            yield from _embedded(what)
            continue
        try:
            secret = _secret(target)
        except ConfigError as error:
            yield _fail(what, str(error), "until then this target is not served")
            continue
        yield from _answers(what, target, secret)


def _contract(what: str, target: Target, today: date) -> Iterator[Line]:
    if target.boundary.kind != "cloud":
        return
    expires = target.contract.expires if target.contract else None
    if target.contract is None or expires is None:
        lacks = "no contract" if target.contract is None else "a contract without a last day"
        yield _skip(what, f"it has {lacks}, so it gets nothing", f"state it: [targets.{target.name}] contract")
    elif expires < today:
        yield _fail(what, f"its contract expired on {expires}, so it gets nothing", "renew it, then correct expires")
    elif (expires - today).days <= _SOON_DAYS:
        yield _ok(what, f"its contract expires soon, on {expires}")


def _embedded(what: str) -> Iterator[Line]:
    from tidegate import app

    if not app.has_embedded_engine():
        yield _fail(what, "the embedded engine is not installed", "pip install 'tidegate[embedded]'")
        return
    try:
        path = app.embedded_model()
    except FileNotFoundError as error:
        yield _fail(what, str(error), "pip install --force-reinstall 'tidegate[embedded]'")
        return
    yield _ok(what, f"the engine is installed, the model is {path.name}; it starts with the gateway")


# They keep no list of models for whoever shows a key.
_UNLISTED = frozenset({"azure-ai", "bedrock", "vertex"})
# Models that could be deployed, not the deployments that are asked for.
_LISTS_OTHERS = frozenset({"azure"})


def _secret(target: Target) -> str:
    from tidegate import app

    return app.secret(target.credential) if target.credential else ""


def _answers(what: str, target: Target, secret: str) -> Iterator[Line]:
    from tidegate.cli.probe import Unanswered, models_of, outside
    from tidegate.cli.provenance import doubts
    from tidegate.core.dispatch.credentials import Style, shown, style_of
    from tidegate.core.dispatch.endpoints import always_sent
    from tidegate.core.dispatch.runtimes import ALIVE

    if target.boundary.kind == "local" and (address := outside(target.url)):
        yield _fail(
            what,
            f"its boundary {target.boundary.name} is local, and its name leads to {address}",
            "correct the url, or name a boundary of kind cloud or private",
        )
        return
    style = style_of(target)
    if style in (Style.SIGV4, Style.GOOGLE) or target.provider in _UNLISTED:
        yield _skip(what, f"{target.url} keeps no list of models that a key opens; it is not asked")
        return
    path = ALIVE.get(target.provider, "/v1/models")
    headers = dict((*always_sent(target.provider), *shown(style, secret)))
    try:
        models = models_of(target.url + path, headers, target.access.ca_file)
    except Unanswered as error:
        yield _fail(what, f"{target.url}: {error}", error.next_step)
        return
    named = {target.model, f"{target.model}:latest"} if target.provider == "ollama" else {target.model}
    if models and not named & models and target.provider not in _LISTS_OTHERS:
        some = ", ".join(sorted(models)[:8])
        yield _fail(what, f"it does not list the model {target.model}", f"name one that it has: {some}")
        return
    yield _ok(what, f"{target.url} answers" + (f" and lists {target.model}" if models else ""))
    for doubt in doubts(target, models, dict(shown(style, secret))):
        yield (_fail if doubt.certain else _skip)(what, doubt.found, doubt.next_step)


def _health(known: Mapping[str, str]) -> Iterator[Line]:
    """As the running gateway has found its targets: it may know of what is over by now, or comes and goes."""
    failing = [name for name, health in known.items() if health == "failing"]
    if failing:
        yield _fail(
            "health",
            f"the running gateway finds {', '.join(failing)} failing",
            "see the line of that target; it is asked again by itself",
        )
    elif known:
        well = sum(health == "healthy" for health in known.values())
        yield _ok("health", f"the running gateway finds none of {len(known)} targets failing, and {well} well")


def _port(chosen: Chosen) -> Iterator[Line]:
    from tidegate.cli.probe import gateway_health, gateway_state

    address = chosen.settings.server.listen
    with socket.socket(socket.AF_INET6 if ":" in address.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            taken = error
        else:
            yield _skip("gateway", f"{address} is free; nothing runs there", "tidegate up")
            return
    state = gateway_state(address.host, address.port)
    if state == "ready":
        yield _ok("gateway", f"it serves on {address}")
        yield from _health(gateway_health(address.host, address.port))
    elif state:
        yield _fail("gateway", f"it runs on {address} and is not ready: {state}", "read what `tidegate up` said")
    else:
        yield _fail(
            "gateway",
            f"{address} is taken by something else ({taken.strerror})",
            "stop that, or set server.listen to another port",
        )


def _reviews(chosen: Chosen) -> Iterator[Line]:
    from tidegate.cli.review.condition import told

    for verdict, found, next_step in told(chosen.settings):
        yield Line(Verdict(verdict), "reviews", found, next_step)


CHECKS: tuple[Check, ...] = (
    _configuration,
    _keys,
    _audit,
    _store,
    _policy,
    _ways,
    _reviews,
    _detectors,
    _targets,
    _port,
)
