"""What all parts of a worker stand on: keys, providers, detection, the policy that rules, store, log and clock."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tidegate import app, office
from tidegate.adapters.stores.late import LateStore
from tidegate.adapters.stores.tlog import TileLog
from tidegate.adapters.system.clock import SystemClock
from tidegate.adapters.system.entropy import SystemEntropy
from tidegate.compose.outgoing import open_hooks, open_providers
from tidegate.compose.storing import open_log, open_store
from tidegate.config import Settings
from tidegate.core.classify.engine import Engine
from tidegate.core.values.keys import Keys
from tidegate.ports import Detector, Provider
from tidegate.services.hooks import Hook
from tidegate.services.reviews import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """`declared`: the settings as they were written; in `settings` an embedded engine has its address.

    `reopen_engine` reads anew what was registered. `labels`: all that is looked for.
    """

    declared: Settings
    settings: Settings
    keys: Keys
    providers: Mapping[str, Provider]
    webhooks: list[Hook]
    rules: Rules
    engine: Engine
    reopen_engine: Callable[[], Engine]
    detectors: list[Detector]
    labels: frozenset[str]
    begun: office.Begun
    place: app.StorePlace
    store: LateStore
    ledger: TileLog
    clock: SystemClock
    entropy: SystemEntropy
    scanners: ThreadPoolExecutor


def open_ground(declared: Settings, embedded: Mapping[str, str] | None) -> Ground:
    """The log comes last: whatever is wrong before it is told with nothing open. Raises TidegateError."""
    settings = declared.with_engine(embedded["url"]) if embedded else declared
    keyring = app.open_keys(settings)
    providers = open_providers(settings, embedded["api_key"] if embedded else "")
    webhooks, rules = open_hooks(settings), app.review_rules(settings)

    def engine() -> Engine:
        return app.open_engine(settings, keyring.keys.detection)

    first, detectors = engine(), app.open_detectors(settings)
    labels = app.labels_of(settings, first, detectors)
    begun = office.begin(declared, lambda: labels)
    place = app.store_place(settings)
    store = open_store(place)
    ledger = open_log(settings, keyring.seed, store)
    return Ground(
        declared=declared,
        settings=settings,
        keys=keyring.keys,
        providers=providers,
        webhooks=webhooks,
        rules=rules,
        engine=first,
        reopen_engine=engine,
        detectors=detectors,
        labels=labels,
        begun=begun,
        place=place,
        store=store,
        ledger=ledger,
        clock=SystemClock(ledger.last_time_ns),
        entropy=SystemEntropy(),
        scanners=ThreadPoolExecutor(2, thread_name_prefix="tidegate-scan"),
    )
