# ruff: noqa: RUF009 - the calls make fields; nothing is shared between instances
"""The settings, declared once. `LATER` names what this version lacks, so that nobody believes it is on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar, get_args

from tidegate.config import kinds
from tidegate.config.forms import maybe, maybe_table, setting, table, tables, values
from tidegate.config.kinds import Address
from tidegate.config.routes import RouteTable
from tidegate.core.values.capabilities import CAPABILITIES
from tidegate.core.values.target import Approval

OPERATORS = ("tag", "format", "mask", "drop", "hash", "generalise")
OUTPUT_ACTIONS = ("record", "mask", "block")
PROVIDERS = (
    "embedded", "ollama", "lmstudio", "llamacpp", "vllm", "openai", "openai-compatible",
    "anthropic", "azure", "azure-ai", "bedrock", "deepseek", "gemini", "groq", "mistral", "openrouter", "vertex", "xai",
)  # fmt: skip

_NAME = kinds.text("a name of letters, digits, dots, dashes and underscores", pattern=kinds.NAME, example="on-prem")
_LABEL = kinds.text("a label: dotted lower-case words", pattern=kinds.LABEL, example="pii.email")
_LABEL_OR_ANY = kinds.text("a label, or * for any", pattern=kinds.LABEL_OR_ANY, example="pii.email")
_FIELD = kinds.text("the name of a request field", pattern=kinds.FIELD, example="logit_bias")
_DIALECT = kinds.text("the name of a dialect", pattern=kinds.FIELD, example="openai.chat")
_REGION = kinds.text("a region: a lower-case word", pattern=kinds.TOKEN, example="eu")
_WORD = kinds.text("a lower-case word", pattern=kinds.TOKEN, example="summarise")
_CLOUD_NAME = kinds.text("a cloud's own name for it", pattern=kinds.NAME, example="europe-west4")
_MODEL_NAME = kinds.text("the name of a model")
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    LATER: ClassVar[Mapping[str, str]] = {
        "metrics": "this version has no separate listener for metrics yet",
        "tls_certificate": "this version serves loopback without TLS",
        "tls_key": "this version serves loopback without TLS",
    }
    listen: Address = setting(
        kinds.listen_address(),
        "Where the data plane listens. Loopback only: another address is refused until there are access keys.",
        default="127.0.0.1:8790",
    )
    console: Address = setting(
        kinds.listen_address(),
        "Where the console will listen. Accepted today so that files stay valid; nothing listens there yet.",
        default="127.0.0.1:8791",
    )
    workers: int = setting(
        kinds.one("this version has one data worker: several workers, each with its own log, come later; write 1"),
        "Data workers.",
        default=1,
    )
    body_bytes: int = setting(
        kinds.whole(1024, 256 * _MIB),
        "The largest request body; a larger one is answered 413 before it is read to its end.",
        default=10 * _MIB,
    )
    head_bytes: int = setting(
        kinds.whole(1024, _MIB),
        "The largest request head, all headers together; a larger one is answered 431.",
        default=65536,
    )
    head_timeout_s: float = setting(
        kinds.seconds(0.1, 300), "How long a client may take to send a request's head.", default=10
    )
    body_timeout_s: float = setting(
        kinds.seconds(0.1, 3600), "How long a client may take to send a request's body.", default=60
    )
    idle_timeout_s: float = setting(
        kinds.seconds(0.1, 3600), "How long a kept connection may stay silent between requests.", default=75
    )
    write_timeout_s: float = setting(
        kinds.seconds(0.1, 3600),
        "How long a client may read nothing of its answer before it counts as gone.",
        default=60,
    )
    connections: int = setting(
        kinds.whole(1, 65536), "Client connections at once; more of them are answered 503.", default=1024
    )
    drain_timeout_s: float = setting(
        kinds.seconds(0, 10), "How long running exchanges may take to finish after SIGTERM.", default=10
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    connect_timeout_s: float = setting(
        kinds.seconds(0.05, 120), "How long a connection to a target may take, TLS included.", default=5
    )
    head_timeout_s: float = setting(
        kinds.seconds(0.1, 3600), "How long a target may take until the head of its answer is there.", default=120
    )
    idle_timeout_s: float = setting(
        kinds.seconds(0.1, 3600), "How long a target may send nothing in the middle of an answer.", default=60
    )
    answer_bytes: int = setting(
        kinds.whole(1024, 1024 * _MIB),
        "The largest answer; a larger one is cut off and recorded as such.",
        default=64 * _MIB,
    )
    connections: int = setting(kinds.whole(1, 4096), "Connections to one target at once.", default=256)
    probe_interval_s: float = setting(
        kinds.seconds(0, 3600),
        "How often a target is asked how it is, beside all requests: for its list of models, and a local runtime for "
        "what it has loaded and who waits there (at least every 5 s). Nobody is asked to whom policy lets nothing go; "
        "0 asks nobody at all.",
        default=30,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundaryTable:
    kind: str = setting(
        kinds.choice("local", "private", "cloud"),
        "`local`: this machine or network. `private`: run by others for you alone. `cloud`: anybody's service.",
    )
    region: str | None = maybe(_REGION, "Where it lies; contracts and residency are held against it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTable:
    retention: str | None = maybe(kinds.fact("zero", "unknown"), "How long the provider keeps what it gets.")
    training: str | None = maybe(kinds.fact("never", "unknown"), "Whether the provider trains on it.")
    tier: str | None = maybe(kinds.fact("enterprise", "unknown"), "Under which terms.")
    region: str | None = maybe(_REGION, "Where the provider must process; it may not contradict the boundary's.")
    baa: bool | None = maybe(kinds.truth(), "Whether a business associate agreement (HIPAA) is signed.")
    dpa: bool | None = maybe(kinds.truth(), "Whether a data processing agreement (GDPR, article 28) is signed.")
    capabilities: tuple[str, ...] = setting(
        kinds.many(kinds.choice(*CAPABILITIES), "a list of capabilities"),
        "What it agrees to of all by which a provider keeps data or moves it on; what is not named is not agreed.",
        default=[],
    )
    expires: date | None = maybe(kinds.day(), "The last day on which the contract holds. No day: expired.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetTable:
    LATER: ClassVar[Mapping[str, str]] = {
        "headers": "this version sends no headers of the user's",
        "budget": "this version has no budgets yet",
    }
    provider: str = setting(
        kinds.choice(*PROVIDERS),
        "Who answers there.",
    )
    url: str | None = maybe(
        kinds.text("an http or https URL"),
        "The server's root; only an `openai-compatible` URL includes `/v1`. Left out: the provider's usual place.",
    )
    model: str | None = maybe(
        _MODEL_NAME, "The model's name there. Left out for `embedded`: the model that ships in the package."
    )
    boundary: str = setting(_NAME, "The boundary behind which the target lies: a name under `[boundaries]`.")
    api_key: str | None = maybe(kinds.reference(), "Where its secret is.")
    credentials: str | None = maybe(
        kinds.reference(),
        "Where a cloud's own credentials are, in place of a key. `vertex`: a service account's key file; left out: the "
        "account of the machine. `bedrock`: what `aws configure export-credentials` prints; left out: the usual chain.",
    )
    project: str | None = maybe(_CLOUD_NAME, "`vertex`: the project whose models are asked.")
    location: str | None = maybe(_CLOUD_NAME, "`vertex`: where they are asked; the boundary's region must agree.")
    region: str | None = maybe(_CLOUD_NAME, "`bedrock`: AWS's region; the boundary's region must agree.")
    profile: str | None = maybe(_NAME, "`bedrock`: the profile in AWS's shared files.")
    api_version: str | None = maybe(
        _CLOUD_NAME,
        "`azure`: asks for deployments by this version, not for `/openai/v1`. `azure-ai`, `vertex`: another version.",
    )
    ca_file: Path | None = maybe(
        kinds.file_path(), "Authorities (PEM) that vouch for this server, in place of the system's."
    )
    context_tokens: int | None = maybe(
        kinds.whole(256, 16_777_216),
        "`ollama`: the context that is set up for requests which do not say it (`num_ctx`); left out: the "
        "server's own, which is small, and what does not fit is cut off there. `embedded`: the engine's, at most "
        "1,048,576; left out: 4,096.",
    )
    contract: ContractTable | None = maybe_table(
        ContractTable, "What is agreed with the provider. A fact left out is the worst value."
    )
    allow_fields: tuple[str, ...] = setting(
        kinds.many(_FIELD, "a list of request fields"),
        "Request fields that may reach this target although its dialect table does not know them.",
        default=[],
    )
    dialects: tuple[str, ...] = setting(
        kinds.many(_DIALECT, "a list of dialects"),
        "What this server is asked in, best first, in place of what its provider's servers usually have "
        "(`docs/dialects.md`). An `openai-compatible` one is asked for `openai.responses` only if it says so here.",
        default=[],
    )
    approval: str = setting(
        kinds.choice(*get_args(Approval)), "What was decided of this model, for rules to read.", default="unknown"
    )
    concurrency: int = setting(
        kinds.whole(0, 4096), "How many requests it is given at once; others wait for a turn. 0: no limit.", default=0
    )
    queue: int = setting(
        kinds.whole(0, 65_536),
        "How many may wait, in turns between access keys; who finds it full goes on to the next permitted target.",
        default=256,
    )
    queue_timeout_s: float = setting(
        kinds.seconds(0, 600),
        "How long each may wait there before it goes on to the next permitted target.",
        default=10,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    owner: str | None = maybe(kinds.text("a team or a person"), "Whose work it is.")
    purpose: str | None = maybe(kinds.text("a sentence"), "What for.")
    labels: tuple[str, ...] = setting(
        kinds.many(_LABEL, "a list of labels"), "Labels that this work is expected to hold.", default=[]
    )
    residency: str | None = maybe(_REGION, "A region that its data must stay in.")
    latency_ms: int | None = maybe(kinds.whole(1, 3_600_000), "What it can wait for, in milliseconds.")
    task: str | None = maybe(_WORD, "What kind of work it is, in a word for rules to read.")
    consent: tuple[str, ...] = setting(
        kinds.many(_WORD, "a list of purposes"),
        "Purposes that those whom its data is about agreed to; a request's header can only name fewer.",
        default=[],
    )
    consent_from: str = setting(
        kinds.choice("workload", "subject", "session"),
        "Whose consent counts: the workload's for all that it does, or what `tidegate consent` knows of the subject "
        "(`x-tidegate-subject`) or the session; of that, too, only purposes under `consent`.",
        default="workload",
    )
    agents: tuple[str, ...] = setting(
        kinds.many(_NAME, "a list of agents"),
        "Programs that may ask in its name, each by `x-tidegate-agent`.",
        default=[],
    )
    models: tuple[str, ...] | None = maybe(
        kinds.many(_MODEL_NAME, "a list of names under `[models]`", least=1),
        "The models it may ask for. Left out: all.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    path: Path | None = maybe(
        kinds.file_path(),
        "A folder with `*.cedar` and `invariants.toml`, or a bundle. Left out: the baseline that ships in the package.",
    )
    trust: tuple[str, ...] = setting(
        kinds.many(
            kinds.text("a key as `tidegate policy sign` prints it: NAME+HEX+BASE64", pattern=kinds.VERIFIER),
            "a list of keys",
        ),
        "Who may sign policies. With a key here, a bundle that none of them signed is refused.",
        default=[],
    )
    watch: bool = setting(
        kinds.truth(),
        "Take what changes at `path` without being told to: a folder, or, once there are keys in `trust`, a bundle.",
        default=False,
    )
    oracle: float = setting(
        kinds.share(),
        "The share of decisions made anew that Cedar's own engine is asked about before they count. Where it differs, "
        "nothing is sent, and only local targets are served from then on.",
        default=0.01,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    url: str = setting(
        kinds.store_url(),
        "Queryable state: sessions, consent, reviews, fingerprints, the logs' anchored heads. A file, or a PostgreSQL "
        "that several gateways share. A host that is not this machine must show a certificate that holds, unless the "
        "URL's `sslmode` says otherwise.",
        default="sqlite:///~/.local/share/tidegate/state.db",
    )
    password: str | None = maybe(kinds.reference(), "Where PostgreSQL's password is, if it wants one.")
    replica: str | None = maybe(
        _NAME,
        "What this gateway is called among those that share a PostgreSQL; no two alike. Left out: this machine's name "
        "and the place of its log.",
    )
    folder: Path | None = maybe(
        kinds.file_path(),
        "Where this machine keeps what is its own: which policy rules here, and proofs. Left out: beside the SQLite "
        "file, or beside the log.",
    )

    @property
    def path(self) -> Path | None:
        """The SQLite file; None for another database."""
        return Path(self.url.removeprefix("sqlite:///")) if self.url.startswith("sqlite:///") else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    kept_days: int = setting(
        kinds.whole(1, 3650),
        "How long the strictest level that a session has held is kept after it was last asked for.",
        default=30,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerTable:
    key: str = setting(
        kinds.text("a key as `tidegate review key` prints it: NAME+HEX+BASE64", pattern=kinds.VERIFIER),
        "The key that signs what this reviewer says; it is called as the table is.",
    )
    role: str = setting(
        kinds.choice("findings", "context"),
        "What they see of a held request: labels, places and counts, or also the text around what was found.",
        default="findings",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookTable:
    url: str = setting(
        kinds.text("an http or https URL, or a reference to one that is a secret itself"), "Where messages are posted."
    )
    boundary: str = setting(_NAME, "The boundary behind which it lies: a name under `[boundaries]`.")
    secret: str = setting(kinds.reference(), "Where the secret is that signs them.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    reviewers: Mapping[str, ReviewerTable] = tables(
        ReviewerTable, _NAME, "Who may approve what policy lets pass only after a review. Without any nobody can."
    )
    four_eyes: tuple[str, ...] = setting(
        kinds.many(_LABEL, "a list of labels"),
        "Labels for which two different reviewers must approve; each stands for those below it, too.",
        default=[],
    )
    held_minutes: int = setting(kinds.whole(1, 20_160), "How long a request waits for its reviewers.", default=480)
    approved_minutes: int = setting(kinds.whole(1, 1440), "How long an approval may be used, once.", default=60)
    wait_s: int = setting(
        kinds.whole(0, 3600),
        "How long a client may at most wait for reviewers (`x-tidegate-review-wait`); 0: none may.",
        default=300,
    )
    most: int = setting(
        kinds.whole(1, 10_000), "Requests that wait at once; more of them are answered 503.", default=200
    )
    webhooks: Mapping[str, WebhookTable] = tables(
        WebhookTable, _NAME, "Whom to tell that a request waits, and what became of it: names and labels, never texts."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFolder:
    path: Path = setting(
        kinds.file_path(),
        "Made at first start (folder 0700, files 0600): the log's signing key and the root of the others.",
        default="~/.local/share/tidegate/keys",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    LATER: ClassVar[Mapping[str, str]] = {
        "retention": "this version has no retention rules yet",
        "witnesses": "this version has no witnesses yet",
    }
    path: Path = setting(
        kinds.file_path(), "The log's folder: one log a worker slot.", default="~/.local/share/tidegate/audit"
    )
    strict: bool = setting(
        kinds.truth(), "Hold the last byte of an answer until its outcome record is durable.", default=False
    )
    payloads: str = setting(
        kinds.choice("none", later={"encrypted": 'this version keeps no payloads, encrypted or not: write "none"'}),
        "What is kept of the texts themselves.",
        default="none",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    names: bool = setting(
        kinds.truth(), "Look for persons, and for places and organisations that belong to them.", default=True
    )
    path: Path = setting(
        kinds.file_path(),
        "Where `tidegate detect` keeps the fingerprints of registered code and records.",
        default="~/.local/share/tidegate/detection",
    )
    dictionaries: tuple[Path, ...] = setting(
        kinds.many(kinds.file_path(), "a list of TOML files"), "Words and patterns of your own.", default=[]
    )
    cache_bytes: int = setting(
        kinds.whole(0, 1024 * _MIB),
        "Memory for what was found in texts that come again with the next turn; 0 looks anew each time.",
        default=8 * _MIB,
    )
    derived_hours: int = setting(
        kinds.whole(0, 24 * 365),
        "How long text is recognised that a local model made of data which may not leave; 0 keeps no trace of it.",
        default=24,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorTable:
    kind: str = setting(
        kinds.choice("spacy", "gliner", "presidio"), "The library, installed by the extra of the same name."
    )
    model: str = setting(
        kinds.text("the name or the folder of a model"),
        "What the library loads; it must be on this machine: nothing is downloaded.",
    )
    labels: Mapping[str, str] = values(
        _LABEL, kinds.text("an entity's name"), "The library's names of entities, and the labels they get here."
    )
    timeout_s: float = setting(
        kinds.seconds(0.01, 60),
        "How long it may take for one request. A detector that is late has not looked: `unknown`.",
        default=1,
    )
    threshold: float = setting(
        kinds.share(), "Findings of a lower score are dropped, where the library scores at all.", default=0.5
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Redaction:
    operators: Mapping[str, str] = values(
        kinds.choice(*OPERATORS), _LABEL, "What stands for a value that may not leave, by label; without a line: a tag."
    )
    external_tools: tuple[str, ...] = setting(
        kinds.many(kinds.text("a tool's name"), "a list of tools"),
        "Tools whose arguments leave the house: values stay replaced there. They join a list that ships.",
        default=[],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mcp:
    boundary: str | None = maybe(
        _NAME,
        "Where clients of `tidegate mcp` are, with the models that they use: a name under `[boundaries]`. Left out: a "
        "cloud without a contract.",
    )
    contract: ContractTable | None = maybe_table(
        ContractTable, "What is agreed with whoever runs those clients' models. A fact left out is the worst value."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    bytes: int = setting(
        kinds.whole(0, 16 * 1024 * _MIB),
        "Memory for answers that are given again to the same caller for the same bytes; 0 keeps none.",
        default=0,
    )
    age_s: float = setting(kinds.seconds(1, 604_800), "How old an answer may be that is given again.", default=3600)
    sampled: bool = setting(
        kinds.truth(),
        "Also keep answers to requests that do not ask for temperature 0: the same request then gets the same answer, "
        "as long as that is kept.",
        default=False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole configuration as written, every default filled in, nothing resolved against anything else."""

    LATER: ClassVar[Mapping[str, str]] = {
        "sinks": "this version has no sinks yet",
        "limits": "this version has no rate limits yet",
        "budgets": "this version has no budgets yet",
        "access": "this version has no access keys yet",
        "roles": "this version has no roles yet",
        "witnesses": "this version has no witnesses yet",
        "telemetry": "this version has no telemetry yet",
        "prompts": "this version has no prompt registry yet",
        "batch": "this version has no batch jobs yet",
        "retention": "this version has no retention rules yet",
    }
    server: Server = table(Server, "The gateway's edge: where it listens and what it bears.")
    upstream: Upstream = table(Upstream, "What every target is given in time, size and connections.")
    boundaries: Mapping[str, BoundaryTable] = tables(
        BoundaryTable, _NAME, "Trust boundaries, by names of your own; policy speaks of their kinds."
    )
    targets: Mapping[str, TargetTable] = tables(
        TargetTable, _NAME, "Models at places. Without any, `tidegate up` looks for local runtimes."
    )
    workloads: Mapping[str, Workload] = tables(Workload, _NAME, "The taxonomy: whose work, what for, what it may hold.")
    models: Mapping[str, tuple[str, ...]] = values(
        kinds.many(_NAME, "a list of targets", least=1),
        _MODEL_NAME,
        "What clients ask for: candidates, best first. Left out: `auto`, all targets in their order.",
    )
    routes: Mapping[str, RouteTable] = tables(
        RouteTable, _MODEL_NAME, "Who of the permitted targets answers, by names under `[models]`."
    )
    detection: Detection = table(Detection, "What requests are looked through for, beyond what ships.")
    detectors: Mapping[str, DetectorTable] = tables(
        DetectorTable, _NAME, "Detectors that need a library of their own. They run beside those that ship."
    )
    redaction: Redaction = table(Redaction, "How values are replaced, and where they are not put back.")
    output: Mapping[str, str] = values(
        kinds.choice(*OUTPUT_ACTIONS),
        _LABEL_OR_ANY,
        "What becomes of an answer in which a label is found: the longest label that covers it rules, `*` covers all. "
        "Without a line it is recorded.",
    )
    mcp: Mcp = table(Mcp, "Clients of `tidegate mcp`: what it returns is egress like any other.")
    cache: Cache = table(Cache, "Answers that are given again. Off unless there are bytes for it.")
    policy: Policy = table(Policy, "The rules.")
    store: Store = table(Store, "Queryable state.")
    sessions: Sessions = table(Sessions, "What is kept of conversations.")
    review: Review = table(Review, "People who decide where the rules want one.")
    keys: KeyFolder = table(KeyFolder, "The gateway's own keys.")
    audit: Audit = table(Audit, "The append-only log.")
