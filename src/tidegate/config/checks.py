"""What no single table can know: whether the tables agree."""

from tidegate.config.cloud_checks import of_cloud
from tidegate.config.declaration import BoundaryTable, Document, Review, ReviewerTable, TargetTable, WebhookTable
from tidegate.config.endpoints import OWN_CLOUD, Place, parse, usual
from tidegate.config.hosts import is_inside
from tidegate.config.kinds import REFERENCE, near
from tidegate.config.places import Path
from tidegate.config.reading import BROKEN, Reading
from tidegate.config.routes import disagreements
from tidegate.core.dispatch.endpoints import ENDPOINTS
from tidegate.core.values.operators import Operators


def check(read: Document, reading: Reading) -> None:
    """Notes every disagreement in `reading`; tables that could not be read are passed over."""
    if read is BROKEN:
        return
    for name, target in read.targets.items():
        if target is not BROKEN:
            _target(target, read, ("targets", name), reading)
    _models(read, reading)
    _routes(read, reading)
    _mcp(read, reading)
    _workloads(read, reading)
    _folders(read, reading)
    _operators(read, reading)
    _watched(read, reading)
    _store(read, reading)
    if read.review is not BROKEN:
        _review(read.review, read, reading)


def _target(target: TargetTable, read: Document, path: Path, reading: Reading) -> None:
    _url_is_there(target, path, reading)
    _dialects_are_known(target, path, reading)
    _model_is_there(target, path, reading)
    place = _place(target, path, reading)
    boundary = _boundary(target, read, path, reading)
    for key, mistake in of_cloud(target, place, boundary):
        reading.mistake((*path, key), mistake)
    if boundary is None:
        return
    _region(target, boundary, path, reading)
    if target.provider == "embedded" and boundary.kind not in ("local", BROKEN):
        reading.mistake((*path, "boundary"), "the embedded model runs on this machine; name a boundary of kind local")
    if place:
        _place_fits(place, target, boundary, path, reading)


def _dialects_are_known(target: TargetTable, path: Path, reading: Reading) -> None:
    if target.dialects is BROKEN or target.provider not in ENDPOINTS:
        return
    known = ENDPOINTS[target.provider]
    for number, name in enumerate(target.dialects):
        if name not in known:
            hint = near(name, known)
            words = f"{target.provider} is not asked in it{hint}; there are: {', '.join(known)}"
            reading.mistake((*path, "dialects", number), words)


def _store(read: Document, reading: Reading) -> None:
    store = read.store
    if store is BROKEN or store.url is BROKEN or not store.url.startswith("sqlite:"):
        return
    for name in ("password", "replica"):
        if getattr(store, name) not in (None, BROKEN):
            reading.mistake(("store", name), "this is for a PostgreSQL store; remove it, or correct store.url")


def _url_is_there(target: TargetTable, path: Path, reading: Reading) -> None:
    if target.provider == "embedded" and target.url:
        reading.mistake((*path, "url"), "the embedded engine's place is chosen at start; remove it")
    if target.provider == "embedded" and target.api_key:
        reading.mistake((*path, "api_key"), "the embedded engine's key is made at start; remove it")


def _model_is_there(target: TargetTable, path: Path, reading: Reading) -> None:
    if target.provider == "embedded" and target.model:
        reading.mistake((*path, "model"), "this version embeds one model, the one in the package; remove it")
    if target.context_tokens and target.provider not in ("ollama", "embedded", BROKEN):
        reading.mistake(
            (*path, "context_tokens"), "only Ollama is told with each request; configure that server itself"
        )
    if target.provider not in ("embedded", BROKEN) and target.model is None:
        reading.mistake((*path, "model"), "it is missing; write the model's name as that server lists it")


def _place(target: TargetTable, path: Path, reading: Reading) -> Place | None:
    url = usual(target) if target.url is None else target.url
    if not url:
        return None
    try:
        place = parse(url)
    except ValueError as reason:
        reading.mistake((*path, "url"), str(reason))
        return None
    if target.provider == "openai-compatible" and not place.path:
        reading.mistake((*path, "url"), "an openai-compatible URL includes its version's path; add /v1")
    return place


def _boundary(target: TargetTable, read: Document, path: Path, reading: Reading) -> BoundaryTable | None:
    if target.boundary is BROKEN:
        return None
    if target.boundary not in read.boundaries:
        hint = near(target.boundary, read.boundaries)
        reading.mistake(
            (*path, "boundary"),
            f"there is no boundary {target.boundary}{hint}; add [boundaries.{target.boundary}] or name another",
        )
        return None
    found = read.boundaries[target.boundary]
    return None if found is BROKEN else found


def _region(target: TargetTable, boundary: BoundaryTable, path: Path, reading: Reading) -> None:
    agreed = target.contract.region if target.contract else None
    if agreed and boundary.region and agreed != boundary.region:
        reading.mistake(
            (*path, "contract"),
            f"the contract says region {agreed}, its boundary {target.boundary} says {boundary.region}; "
            "a target lies in one region: correct one of them",
        )


def _place_fits(place: Place, target: TargetTable, boundary: BoundaryTable, path: Path, reading: Reading) -> None:
    inside = is_inside(place.host)
    at_home = target.provider in OWN_CLOUD and target.url is None
    if boundary.kind == "local" and (inside is False or at_home):
        reading.mistake(
            (*path, "boundary"),
            f"the target has a public address, and the boundary {target.boundary} is local: "
            "nothing local lies there; name a boundary of kind cloud or private",
        )
    if place.scheme == "http" and (inside is False or (inside is None and boundary.kind == "cloud")):
        reading.mistake((*path, "url"), "what crosses a public network must be encrypted; write https://")


def _models(read: Document, reading: Reading) -> None:
    for name, candidates in read.models.items():
        for candidate in candidates or ():
            if candidate not in read.targets:
                hint = near(candidate, read.targets)
                reading.mistake(
                    ("models", name), f"there is no target {candidate}{hint}; add [targets.{candidate}] or remove it"
                )


def _routes(read: Document, reading: Reading) -> None:
    models = dict(read.models) or {"auto": tuple(read.targets)}
    for name, table in read.routes.items():
        for key, what in disagreements(name, table, models) if table is not BROKEN else ():
            reading.mistake(("routes", name, key) if key else ("routes", name), what)


def _mcp(read: Document, reading: Reading) -> None:
    name = read.mcp.boundary if read.mcp is not BROKEN else None
    if name and name is not BROKEN and name not in read.boundaries:
        hint = near(name, read.boundaries)
        reading.mistake(("mcp", "boundary"), f"there is no boundary {name}{hint}; name one under [boundaries]")


def _workloads(read: Document, reading: Reading) -> None:
    for name, workload in read.workloads.items():
        for model in (workload.models if workload is not BROKEN else None) or ():
            if read.models and model not in read.models:
                hint = near(model, read.models)
                reading.mistake(
                    ("workloads", name, "models"),
                    f"there is no model {model}{hint}; add it under [models] or remove it",
                )


def _folders(read: Document, reading: Reading) -> None:
    """Whoever copies the log for an auditor must not hand over the keys with it."""
    if read.keys is BROKEN or read.audit is BROKEN:
        return
    keys, audit = read.keys.path, read.audit.path
    if keys is not BROKEN and audit is not BROKEN and (keys == audit or audit in keys.parents):
        reading.mistake(("keys", "path"), "the keys lie inside the log's folder, which is made to be copied; move them")


def _operators(read: Document, reading: Reading) -> None:
    """Row by row, so that each mistake has its line."""
    for label, name in read.redaction.operators.items() if read.redaction is not BROKEN else ():
        if name is not BROKEN:
            try:
                Operators.of({label: name})
            except ValueError as reason:
                reading.mistake(("redaction", "operators", label), str(reason))


def _watched(read: Document, reading: Reading) -> None:
    if read.policy is not BROKEN and read.policy.watch is True and read.policy.path is None:
        reading.mistake(("policy", "watch"), "there is nothing to watch: name a folder or a bundle in path")


def _review(review: Review, read: Document, reading: Reading) -> None:
    keys: dict[str, str] = {}
    for name, reviewer in review.reviewers.items():
        if reviewer is not BROKEN and reviewer.key is not BROKEN:
            _reviewer(name, reviewer, keys, reading)
    if review.four_eyes and len(review.reviewers) < 2:
        reading.mistake(
            ("review", "four_eyes"), "two reviewers are needed for this; name another one under [review.reviewers]"
        )
    for name, webhook in review.webhooks.items():
        if webhook is not BROKEN:
            _webhook(webhook, read, ("review", "webhooks", name), reading)


def _reviewer(name: str, reviewer: ReviewerTable, keys: dict[str, str], reading: Reading) -> None:
    """`keys`: those before it. Four eyes are not two names for one key."""
    from tidegate.core.ledger.notes import parse_vkey  # what only reviewers need

    path = ("review", "reviewers", name, "key")
    try:
        key = parse_vkey(reviewer.key)
    except ValueError:
        reading.mistake(path, "this is no key; copy the line that `tidegate review key` printed")
        return
    if key.name != name:
        reading.mistake(path, f"the key is called {key.name}; call the table so: [review.reviewers.{key.name}]")
    before = keys.setdefault(key.public.hex(), name)
    if before != name:
        reading.mistake(path, f"{before} has the same key; each reviewer has a key of their own")


def _webhook(webhook: WebhookTable, read: Document, path: Path, reading: Reading) -> None:
    if webhook.boundary is BROKEN or webhook.url is BROKEN:
        return
    boundary = read.boundaries.get(webhook.boundary)
    if boundary is None:
        hint = near(webhook.boundary, read.boundaries)
        reading.mistake(
            (*path, "boundary"),
            f"there is no boundary {webhook.boundary}{hint}; add [boundaries.{webhook.boundary}] or name another",
        )
    if boundary and not REFERENCE.fullmatch(webhook.url):
        for mistake in webhook_mistakes(webhook.url, boundary.kind):
            reading.mistake((*path, "url"), mistake)


def webhook_mistakes(url: str, kind: str) -> list[str]:
    """What is wrong with a webhook's address, by its spelling; also asked of one that a reference led to."""
    path, _, query = url.partition("?")
    try:
        place = parse(path)
    except ValueError as reason:
        return [str(reason)]
    inside = is_inside(place.host)
    mistakes = []
    if "#" in query or not all("!" <= letter <= "~" for letter in query):
        mistakes.append("what follows the ? holds spaces or special characters; write them percent-encoded")
    if kind == "local" and inside is False:
        mistakes.append("it is a public address, and its boundary is local; name a boundary of kind cloud or private")
    if place.scheme == "http" and (inside is False or (inside is None and kind == "cloud")):
        mistakes.append("what crosses a public network must be encrypted; write https://")
    return mistakes
