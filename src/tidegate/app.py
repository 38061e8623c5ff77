"""Composition root: the only place that knows both what the gateway needs and the adapters that supply it."""

import hmac
import importlib.util
import socket
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from tidegate.config import Settings
from tidegate.core.values.errors import ConfigError, LedgerError

if TYPE_CHECKING:  # adapters are imported where they are used: a command must not pay for all of them
    from tidegate.adapters.registry.code import Registered as RegisteredCode
    from tidegate.adapters.registry.data import RegisteredData
    from tidegate.adapters.registry.terms import Dictionary, Outcome
    from tidegate.adapters.runtimes.discovery import Runtime
    from tidegate.adapters.secrets.keyring import Keyring
    from tidegate.adapters.stores.sql import SqlStore
    from tidegate.core.classify.engine import Engine
    from tidegate.core.classify.rows import Finder
    from tidegate.core.decide.lifecycle.difference import Difference
    from tidegate.core.decide.lifecycle.tally import ReplayReport
    from tidegate.core.decide.lifecycle.tested import CasesReport
    from tidegate.core.decide.policy import Policy
    from tidegate.core.decide.proof import ProofReport
    from tidegate.core.ledger.notes import Signer
    from tidegate.core.values.owed import Owed
    from tidegate.core.values.wish import About, Wish
    from tidegate.ports import Anchor, Detector
    from tidegate.services.explain import Explainer
    from tidegate.services.reviews import ReviewQueue, Rules

T = TypeVar("T")

# -- what commands ask for ---------------------------------------------------------------------------


def discover_runtimes() -> "list[Runtime]":
    """Local runtimes that answer on their usual ports, best first; at most about 0.3 s."""
    from tidegate.adapters.runtimes.discovery import discover
    from tidegate.config.endpoints import USUAL

    return discover({name: USUAL[name] for name in ("ollama", "lmstudio", "llamacpp", "vllm")})


def has_embedded_engine() -> bool:
    """Whether the `embedded` extra is installed."""
    return importlib.util.find_spec("xllamacpp") is not None


def embedded_model() -> Path:
    """The model that ships in the package."""
    from tidegate.models import tiny_model_path

    return tiny_model_path()


def open_keys(settings: Settings) -> "Keyring":
    """The gateway's keys, made if this is the first start. Raises ConfigError."""
    from tidegate.adapters.secrets.keyring import open_keyring

    return open_keyring(settings.keys.path)


def read_keys(settings: Settings) -> "Keyring":
    """The gateway's keys as they are. Raises ConfigError."""
    from tidegate.adapters.secrets.keyring import read_keyring

    return read_keyring(settings.keys.path)


def secret(reference: str) -> str:
    """What `env:NAME` or `file:PATH` holds. Raises ConfigError, which never repeats it."""
    from tidegate.adapters.secrets.references import resolve

    return resolve(reference)


def secret_document(reference: str) -> str:
    """A document, such as a key file, that `env:NAME` or `file:PATH` holds. Raises ConfigError without it."""
    from tidegate.adapters.secrets.references import resolve_document

    return resolve_document(reference)


def compiled_policy(path: Path | None) -> "Policy":
    """The policy of a folder, or the baseline. Raises ConfigError with every mistake."""
    from tidegate.adapters.policy.bundles import read_bundle
    from tidegate.adapters.policy.folder import read_baseline, read_policy
    from tidegate.core.decide.preferences.policy import compile_whole

    if path and path.is_file():
        return read_bundle(path).compiled()
    found = read_policy(path) if path else read_baseline()
    return compile_whole(found.sources, schema=found.schema)


def prove_policy(policy: "Policy") -> "ProofReport":
    """Proves anew, whatever has been proven before. Takes up to some seconds."""
    from tidegate.core.decide.prove import prove

    began = time.monotonic()
    report = prove(policy)
    return report.lasting(time.monotonic() - began)


def keep_proof(report: "ProofReport") -> str:
    """A text from which a later start knows that this policy was proven. Raises ValueError if it was not."""
    from tidegate.adapters.policy.proofs import keep

    return keep(report)


def is_proven(policy: "Policy") -> bool:
    """Whether a proof of this very policy by this very prover is kept."""
    from tidegate.adapters.policy.proofs import proof_is_cached

    return proof_is_cached(policy)


def explainer(settings: Settings, policy: "Policy") -> "Explainer":
    """Classifies and decides as the path does, without record and dispatch. It knows nothing of past answers."""
    from tidegate.services.explain import Explainer

    # Only what was registered needs the key, and only a gateway or `tidegate detect` makes keys.
    detection = read_keys(settings).keys.detection if settings.detection.path.exists() else b""
    targets = list(settings.targets.values())
    return Explainer(
        open_engine(settings, detection),
        policy,
        targets,
        open_detectors(settings),
    )


def open_engine(settings: Settings, detection: bytes) -> "Engine":
    """The engine, with names and all that is the user's own. `detection`: `Keys.detection`. Raises ConfigError."""
    from tidegate.core.classify.engine import Engine

    finders = own_finders(settings, detection)
    if settings.detection.names:
        finders.append(names_finder())
    key = hmac.digest(detection, b"tidegate texts seen before", "sha256")
    return Engine(finders=finders, key=key, kept_bytes=settings.detection.cache_bytes)


@cache
def names_finder() -> "Finder":
    """The tagger that ships. Its data, some megabytes, is read once."""
    from tidegate.core.classify import names
    from tidegate.models.names import names_data

    return names.load(*names_data())


def open_detectors(settings: Settings) -> "list[Detector]":
    """The detectors beside the engine that the configuration names, loaded: seconds. Raises ConfigError."""
    if not settings.detectors:
        return []
    from tidegate.adapters.detectors.opening import open_detector

    return [
        open_detector(
            name,
            kind=table.kind,
            model=table.model,
            labels=table.labels,
            timeout_s=table.timeout_s,
            threshold=table.threshold,
        )
        for name, table in settings.detectors.items()
    ]


def baseline_files() -> dict[str, str]:
    """The baseline as files to start a policy of one's own from, the published schema beside them."""
    from tidegate.adapters.policy.folder import SCHEMA, read_baseline

    found = read_baseline()
    return {**found.sources, SCHEMA: found.schema}


def policy_files(names: Sequence[str] = ()) -> dict[str, str]:
    """The baseline and the named policies as files of one, with cases and schema, by their paths in its folder.

    Raises ConfigError for names that there is no policy by.
    """
    from tidegate.adapters.policy.folder import SCHEMA, read_baseline
    from tidegate.adapters.policy.library import composed_policy

    return {**composed_policy(names), SCHEMA: read_baseline().schema}


def log_entries(folder: Path, *, newest_first: bool = False, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """(index, entry) of one log, which may be in use. Raises LedgerError."""
    from tidegate.adapters.stores.tlog.reading import entries

    return entries(folder, newest_first=newest_first, start=start)


def labels_found(settings: Settings) -> frozenset[str]:
    """Labels that some detector can find; what is not among them is never reported. Raises ConfigError where what was
    registered, a dictionary or a model cannot be read.
    """
    detection = read_keys(settings).keys.detection if settings.detection.path.exists() else b""
    return labels_of(settings, open_engine(settings, detection), open_detectors(settings))


def labels_of(settings: Settings, engine: "Engine", detectors: "Sequence[Detector]") -> frozenset[str]:
    """What these find, and what is remembered of answers."""
    from tidegate.core.classify.derived import LABEL

    remembered = {LABEL} if settings.detection.derived_hours else set()
    return engine.labels.union(remembered, *(detector.labels for detector in detectors))


class StorePlace(NamedTuple):
    """`url` may hold a password, where a reference led to it. `replica` is empty where nobody else shares the store."""

    url: str
    password: str
    replica: str

    def __repr__(self) -> str:
        return "StorePlace(…)"

    @property
    def is_shared(self) -> bool:
        return bool(self.replica)


def store_place(settings: Settings) -> StorePlace:
    """Where the store is, with all that references lead to. Raises ConfigError, which repeats none of it."""
    from tidegate.config.databases import is_postgresql, postgresql_url

    store = settings.store
    if store.path:
        return StorePlace(store.url, "", "")
    url = store.url
    if not is_postgresql(url):
        url, named = secret(url), url
        try:
            url = postgresql_url(url, from_reference=True)
        except ValueError as why:
            raise ConfigError([f"store.url: what {named} leads to is no PostgreSQL URL: {why}"]) from None
    if importlib.util.find_spec("psycopg") is None:
        raise ConfigError(["store.url: PostgreSQL needs its driver: pip install 'tidegate[postgres]'"])
    password = secret_document(store.password) if store.password else ""
    return StorePlace(url, password, store.replica or f"{socket.gethostname()}:{settings.audit.path}"[-255:])


def has_store(settings: Settings) -> bool:
    """Whether there can be anything in it: a file that nobody has made yet holds nothing."""
    return settings.store.path is None or settings.store.path.exists()


def anchored_heads(settings: Settings) -> "list[Anchor]":
    """The newest heads of this gateway's logs that are kept outside of them. Raises ConfigError or StoreError."""
    from tidegate.adapters.stores.sql import read_anchors

    place = store_place(settings)
    return read_anchors(place.url, password=place.password, replica=place.replica)


async def _command_store(settings: Settings) -> "SqlStore":
    """For a command: what it owes, whichever gateway comes first pays."""
    from tidegate.adapters.stores.sql import SqlStore
    from tidegate.adapters.system.entropy import SystemEntropy

    place = store_place(settings)
    return await SqlStore.open(place.url, entropy=SystemEntropy(), password=place.password)


# -- what the user registered of their own -----------------------------------------------------------


def own_finders(settings: Settings, detection: bytes) -> "list[Finder]":
    """Detectors of the user's own words, records and code. `detection`: `Keys.detection`. Raises ConfigError."""
    from tidegate.adapters.registry.folder import own_finders

    return own_finders(settings.detection.path, settings.detection.dictionaries, detection)


def own_state(settings: Settings) -> tuple[object, ...]:
    """Differs whenever `own_finders` would give something else. Blocking, but short: it asks for each file's date."""
    from tidegate.adapters.registry.folder import state

    return state(settings.detection.path, settings.detection.dictionaries)


def register_code(
    settings: Settings, path: Path, *, name: str = "", progress: Callable[[int, int], None] | None = None
) -> "RegisteredCode":
    """Fingerprints the code below `path`. Raises ConfigError."""
    from tidegate.adapters.registry import code

    detection = open_keys(settings).keys.detection
    return code.register_code(
        path, settings.detection.path, detection, registered_at=_now(), name=name, progress=progress
    )


def register_data(
    settings: Settings,
    file: Path,
    *,
    name: str = "",
    label: str = "",
    columns: Sequence[str] = (),
    alone: Sequence[str] = (),
    together: Sequence[str] = (),
    encoding: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> "RegisteredData":
    """Hashes the cells of a CSV file. Raises ConfigError."""
    from tidegate.adapters.registry import data

    return data.register_data(
        file,
        settings.detection.path,
        open_keys(settings).keys.detection,
        registered_at=_now(),
        name=name,
        label=label or data.DEFAULT_LABEL,
        columns=columns,
        alone=alone,
        together=together,
        encoding=encoding,
        progress=progress,
    )


def registered_code(settings: Settings) -> "list[RegisteredCode]":
    """Raises ConfigError for a file that cannot be read."""
    from tidegate.adapters.registry.code import registered

    return registered(settings.detection.path)


def registered_data(settings: Settings) -> "list[RegisteredData]":
    """Raises ConfigError for a file that cannot be read."""
    from tidegate.adapters.registry.data import registered_data

    return registered_data(settings.detection.path)


def forget(settings: Settings, name: str) -> list[str]:
    """What was registered under a name and is no longer: "code", "records", both or nothing. Raises ConfigError."""
    from tidegate.adapters.registry.code import forget_code
    from tidegate.adapters.registry.data import forget_data

    ways = (("code", forget_code), ("records", forget_data))
    return [what for what, forget_one in ways if forget_one(settings.detection.path, name)]


def read_dictionary(path: Path) -> "Dictionary":
    """A dictionary, its tests not run. Raises ConfigError with every mistake."""
    from tidegate.adapters.registry.terms import read_dictionary

    return read_dictionary(path)


def dictionary_outcomes(dictionary: "Dictionary") -> "list[Outcome]":
    """What becomes of each test in a dictionary."""
    from tidegate.adapters.registry.terms import outcomes

    return outcomes(dictionary)


def _now() -> str:
    from tidegate.adapters.system.clock import SystemClock
    from tidegate.core.settle.record import timestamp

    return timestamp(SystemClock().now_ns())[:19] + "Z"


# -- what a policy would do, and did -----------------------------------------------------------------


def run_cases(policy: "Policy", folder: Path | None) -> "tuple[CasesReport, float]":
    """Runs the cases beside a policy (None: the baseline's), and says how many seconds it took. Raises ConfigError."""
    from tidegate.adapters.policy.folder import case_files
    from tidegate.core.decide.lifecycle.cases import read_cases
    from tidegate.core.decide.lifecycle.orders import read_orders
    from tidegate.core.decide.lifecycle.tested import run_cases

    began = time.monotonic()
    files = case_files(folder)
    report = run_cases(policy, read_cases(files, policy), read_orders(files, policy))
    return report, time.monotonic() - began


def compare_policies(old: "Policy", new: "Policy") -> "Difference":
    """Over every request that could come. Takes up to some seconds."""
    from tidegate.core.decide.lifecycle.difference import difference

    began = time.monotonic()
    report = difference(old, new)
    return report.lasting(time.monotonic() - began)


def recorded_intent(settings: Settings, request_id: str) -> dict[str, object] | None:
    """The newest intent record of a request; None where no log has one. Raises TidegateError."""
    import orjson

    wanted = b'"request_id":' + orjson.dumps(request_id)
    for folder in log_folders(settings):
        for _, entry in log_entries(folder, newest_first=True):
            if wanted in entry:
                record: dict[str, object] = orjson.loads(entry)
                if record.get("kind") == "intent" and record.get("request_id") == request_id:
                    return record
    return None


def replay_log(
    settings: Settings,
    new: "Policy",
    *,
    old: "Policy | None" = None,
    since: str = "",
    newest: int = 0,
    most_ids: int = 1000,
) -> "ReplayReport":
    """Decides recorded requests by `new`, and compares with the record or with `old`. Raises TidegateError.

    `since`: only from that moment on. `newest`: only so many records of each log; 0 for all.
    """
    from tidegate.adapters.stores.tlog.reading import first_since
    from tidegate.core.decide.lifecycle.replay import Replay

    replay = Replay(new, old=old, most_ids=most_ids)
    for folder in log_folders(settings):
        start = first_since(folder, since, newest=newest)
        replay.read(log_entries(folder, start=start))
    return replay.report()


def log_folders(settings: Settings) -> list[Path]:
    """The logs under the configured folder, one a worker slot. Raises LedgerError if there is none."""
    root = settings.audit.path
    found = sorted(path.parent for path in root.glob("*/log")) if root.is_dir() else []
    if not found:
        raise LedgerError(f"there is no log under {root} yet; it begins with the first `tidegate up`")
    return found


# -- requests that wait for a person -----------------------------------------------------------------


def review_rules(settings: Settings) -> "Rules":
    """Who reviews, and under which terms. Raises ConfigError."""
    from tidegate.core.ledger.notes import parse_vkey
    from tidegate.core.review.hearing import Terms
    from tidegate.core.review.signed import Reviewer
    from tidegate.services.reviews import Rules

    review = settings.review
    return Rules(
        reviewers={
            name: Reviewer(name, parse_vkey(table.key), table.role)  # type: ignore[arg-type]  # the choice is Role
            for name, table in review.reviewers.items()
        },
        terms=Terms(
            four_eyes=review.four_eyes, held_s=review.held_minutes * 60, approved_s=review.approved_minutes * 60
        ),
        wait_s=review.wait_s,
        most=review.most,
        hooks=tuple(review.webhooks),
    )


def reviewer_key(path: Path) -> "Signer":
    """Raises ConfigError."""
    from tidegate.adapters.policy.bundles import read_signing_key

    return read_signing_key(path)


def make_reviewer_key(path: Path, name: str) -> "Signer":
    """Raises ConfigError, also where something is there already."""
    from tidegate.adapters.policy.bundles import make_signing_key
    from tidegate.core.decide.bundle.manifest import bundle_name

    return make_signing_key(path, bundle_name(name))


def waiting_reviews(settings: Settings) -> "list[dict[str, Any]]":
    """What waits for a person, by a look into the store. Raises ConfigError or StoreError."""
    return _reviewing(settings, lambda queue: queue.open()) if has_store(settings) else []


def forget_review(settings: Settings, review_id: str, actor: str) -> str:
    """Erases a held request; its state then, empty where there is none. Raises ConfigError or StoreError."""
    return _reviewing(settings, lambda queue: queue.forget(review_id, actor)) if has_store(settings) else ""


def _reviewing(settings: Settings, work: "Callable[[ReviewQueue], Awaitable[T]]") -> "T":
    """What a change owes to log and webhooks stays with it in the store: the gateway pays it."""
    import asyncio

    from tidegate.adapters.system.clock import SystemClock
    from tidegate.adapters.system.entropy import SystemEntropy
    from tidegate.services.reviews import Effects, ReviewQueue

    async def never(_entry: bytes) -> int:
        raise LedgerError("only the gateway writes the log")

    async def run() -> T:
        entropy = SystemEntropy()
        store = await _command_store(settings)
        effects = Effects(record=never, new_id=entropy.uuid7)
        try:
            keys = read_keys(settings).keys
            return await work(ReviewQueue(store, SystemClock(), keys, review_rules(settings), effects))
        finally:
            await store.aclose()

    return asyncio.run(run())


# -- what people have said of the data about them ----------------------------------------------------


def wishes_of(settings: Settings, which: "About", name: str) -> "list[Wish]":
    """All that was said of whoever it is about, in force or not. Raises ConfigError or StoreError."""

    async def told(store: "SqlStore", tenant: str, about: str) -> "list[Wish]":
        return (await store.wishes(tenant, [about]))[about]

    return _registered(settings, which, name, told)


def keep_wishes(settings: Settings, which: "About", name: str, wishes: "Sequence[Wish]", actor: str) -> None:
    """Each in place of what was said of the same word before, with a record that a gateway puts into its log: a running
    one within a second, else the next. Raises ConfigError or StoreError.
    """
    from tidegate.core.settle.wish_record import act_of

    async def keep(store: "SqlStore", tenant: str, about: str) -> None:
        for wish in wishes:
            owed = _owed(act_of(wish), tenant, which, about, actor, wish)
            await store.keep_wish(tenant, about, wish, owed)

    _registered(settings, which, name, keep)


def forget_wishes(settings: Settings, which: "About", name: str, actor: str) -> int:
    """Erases all of them; how many that were. Recorded as `keep_wishes` is. Raises ConfigError or StoreError."""
    from tidegate.core.settle.wish_record import ERASED

    return _registered(
        settings,
        which,
        name,
        lambda store, tenant, about: store.forget_wishes(
            tenant, about, _owed(ERASED, tenant, which, about, actor, None)
        ),
    )


def _owed(act: str, tenant: str, which: "About", about: str, actor: str, wish: "Wish | None") -> "list[Owed]":
    from tidegate.adapters.system.clock import SystemClock
    from tidegate.adapters.system.entropy import SystemEntropy
    from tidegate.core.settle.record import timestamp
    from tidegate.core.settle.wish_record import wish_act
    from tidegate.core.values.owed import Owed

    record = wish_act(
        request_id=SystemEntropy().uuid7(),
        ts=timestamp(SystemClock().now_ns()),
        act=act,
        tenant=tenant,
        which=which,
        about=about,
        actor=actor,
        wish=wish,
    )
    return [Owed("", record)]


def _registered(
    settings: Settings, which: "About", name: str, work: "Callable[[SqlStore, str, str], Awaitable[T]]"
) -> "T":
    import asyncio

    from tidegate.core.identify.loopback import TENANT
    from tidegate.core.values.wish import about

    async def run() -> T:
        store = await _command_store(settings)
        try:
            return await work(store, TENANT, about(open_keys(settings).keys.tags, TENANT, which, name))
        finally:
            await store.aclose()

    return asyncio.run(run())
