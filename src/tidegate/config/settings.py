"""Settings: the tables resolved against each other, frozen."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tidegate.config.checks import check
from tidegate.config.clouds import region_of
from tidegate.config.declaration import (
    Audit,
    Cache,
    ContractTable,
    Detection,
    DetectorTable,
    Document,
    KeyFolder,
    Mcp,
    Policy,
    Redaction,
    Review,
    Server,
    Sessions,
    Store,
    TargetTable,
    Upstream,
    Workload,
)
from tidegate.config.endpoints import API_VERSIONS, EMBEDDED_MODEL, endpoint, parse
from tidegate.config.forms import written
from tidegate.config.kinds import Surroundings
from tidegate.config.reading import Reading
from tidegate.config.routes import lane, route
from tidegate.core.values.errors import ConfigError
from tidegate.core.values.route import Lane, Route
from tidegate.core.values.target import Access, Boundary, Contract, Target

AUTO = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`targets` may be empty: then whoever starts the gateway looks for local runtimes. Embedded targets have no url
    until `with_engine` has said where the engine listens.
    """

    server: Server
    upstream: Upstream
    boundaries: Mapping[str, Boundary]
    targets: Mapping[str, Target]
    workloads: Mapping[str, Workload]
    models: Mapping[str, tuple[str, ...]]
    """What clients ask for -> names of targets, best first."""
    routes: Mapping[str, Route]
    lanes: Mapping[str, Lane]
    contexts: Mapping[str, int]
    """Of targets that are configured with a size of context, in tokens."""
    """By target."""
    detection: Detection
    detectors: Mapping[str, DetectorTable]
    redaction: Redaction
    output: Mapping[str, str]
    """Label -> what becomes of an answer that bears it."""
    mcp: Target
    """The clients of `tidegate mcp`, as policy knows them: one more place that texts may leave for."""
    cache: Cache
    policy: Policy
    store: Store
    sessions: Sessions
    review: Review
    keys: KeyFolder
    audit: Audit
    document: Mapping[str, Any] = field(repr=False, compare=False)
    """The same as a JSON object: every default filled in, every path absolute, secrets as references."""

    @classmethod
    def from_document(
        cls, document: Mapping[str, Any], *, folder: Path | None = None, environ: Mapping[str, str] | None = None
    ) -> "Settings":
        """Reads a plain object of the file's shape. Raises ConfigError. No overrides: they are in it already."""
        around = Surroundings(folder or Path.cwd(), os.environ if environ is None else environ)
        return resolve(document, Reading("configuration", {}, around))

    def with_engine(self, url: str) -> "Settings":
        """The same, with the engine's `url` for every target that it serves."""
        served = {
            name: replace(target, url=url.removesuffix("/v1")) if target.provider == "embedded" else target
            for name, target in self.targets.items()
        }
        return replace(self, targets=MappingProxyType(served))

    @property
    def own_folder(self) -> Path:
        """Where this machine keeps what is its own, whatever it shares with others."""
        return self.store.folder or (self.store.path or self.audit.path).parent

    @property
    def has_embedded(self) -> bool:
        return any(target.provider == "embedded" for target in self.targets.values())


def resolve(tree: Mapping[str, Any], reading: Reading) -> Settings:
    """Reads `tree` and holds its tables against each other. Raises ConfigError with every mistake of both."""
    read: Document = reading.table(Document, tree, ())
    check(read, reading)
    if reading.mistakes:
        raise ConfigError(reading.all_mistakes())
    boundaries = {name: Boundary(name, table.kind, table.region or "") for name, table in read.boundaries.items()}  # type: ignore[arg-type]  # the declared choice is BoundaryKind
    targets = {name: _target(name, table, boundaries) for name, table in read.targets.items()}
    return Settings(
        server=read.server,
        upstream=read.upstream,
        boundaries=MappingProxyType(boundaries),
        targets=MappingProxyType(targets),
        workloads=MappingProxyType(dict(read.workloads)),
        models=MappingProxyType(dict(read.models) or _all_of(targets)),
        routes=MappingProxyType({name: route(table) for name, table in read.routes.items()}),
        lanes=MappingProxyType({name: lane(table) for name, table in read.targets.items()}),
        contexts=MappingProxyType({n: t.context_tokens for n, t in read.targets.items() if t.context_tokens}),
        detection=read.detection,
        detectors=MappingProxyType(dict(read.detectors)),
        redaction=read.redaction,
        output=MappingProxyType(dict(read.output)),
        mcp=_mcp(read.mcp, boundaries),
        cache=read.cache,
        policy=read.policy,
        store=read.store,
        sessions=read.sessions,
        review=read.review,
        keys=read.keys,
        audit=read.audit,
        document=MappingProxyType(written(read)),
    )


def _all_of(targets: Mapping[str, Target]) -> dict[str, tuple[str, ...]]:
    return {AUTO: tuple(targets)} if targets else {}


def _target(name: str, table: TargetTable, boundaries: Mapping[str, Boundary]) -> Target:
    return Target(
        name=name,
        provider=table.provider,
        url=endpoint(table),
        model=table.model or EMBEDDED_MODEL,
        boundary=boundaries[table.boundary],
        contract=_contract(table.contract) if table.contract else None,
        credential=table.api_key or "",
        allow_fields=frozenset(table.allow_fields),
        dialects=tuple(table.dialects),
        access=_access(table),
        approval=table.approval,  # type: ignore[arg-type]  # the declared choice is Approval
    )


def _mcp(table: Mcp, boundaries: Mapping[str, Boundary]) -> Target:
    boundary = boundaries[table.boundary] if table.boundary else Boundary("undeclared", "cloud")
    contract = _contract(table.contract) if table.contract else None
    return Target(name="mcp-client", provider="mcp", url="", model="", boundary=boundary, contract=contract)


def _access(table: TargetTable) -> Access:
    return Access(
        api_version=API_VERSIONS.get(table.provider, "") if table.api_version is None else table.api_version,
        region=table.region or (region_of(parse(table.url).host) if table.url else ""),
        profile=table.profile or "",
        credentials=table.credentials or "",
        ca_file=str(table.ca_file) if table.ca_file else "",
    )


def _contract(table: ContractTable) -> Contract:
    return Contract(
        retention=table.retention or "unknown",
        training=table.training or "unknown",
        tier=table.tier or "unknown",
        region=table.region or "",
        baa=table.baa or False,
        dpa=table.dpa or False,
        capabilities=frozenset(table.capabilities),
        expires=table.expires,
    )
