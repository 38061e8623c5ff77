"""Facts by the names that cases use, and records as the log holds them."""

import json

from tests.core.decide.facts import LOCAL, SCHEMA, policy, rule
from tidegate.core.decide.lifecycle.facts import plain, read_case, request_of, target_of
from tidegate.core.decide.preferences.policy import compile_whole

CLOUD = rule('resource.kind == "cloud"', name="cloud", effect="permit", action='action == Action::"send_raw"')
TAGS = rule('resource.kind == "cloud"', name="tags", effect="permit", action='action == Action::"send_redacted"')
NO_PII = rule(
    'resource.kind == "cloud" && context.labels.contains("pii")', name="no-pii", action='action == Action::"send_raw"'
)
NO_TOOLS = rule('resource.kind == "cloud" && context.tools_offered', name="no-tools")

OPEN = policy(LOCAL + CLOUD + TAGS)
CAREFUL = policy(LOCAL + CLOUD + TAGS + NO_PII)
STRICT = policy(LOCAL + CLOUD + TAGS + NO_PII + NO_TOOLS)


def facts(target=None, **request):
    """(request, target) by the names of cases; a cloud unless said otherwise."""
    document = read_case({**request, "target": {"kind": "cloud", **(target or {})}})
    return request_of(document.request), target_of(document.targets[0])


def record(decider, *targets, request_id="r1", **request):
    """An intent record of what `decider` decided; targets as dicts, a cloud called c and a local one called l unless
    given.
    """
    targets = targets or ({"name": "c", "kind": "cloud"}, {"name": "l", "kind": "local"})
    pairs = [facts(target, **request) for target in targets]
    decision = decider.decide(pairs[0][0], [target for _, target in pairs])
    return {
        "blob": "",
        "decision": [
            {**one._asdict(), "effect": one.effect.value, "rules": list(one.rules)} for one in decision.targets
        ],
        "detectors_failed": [],
        "facts": plain(pairs[0][0]),
        "findings": {},
        "kind": "intent",
        "policy": decider.digest,
        "request_id": request_id,
        "targets": [plain(target) for _, target in pairs],
        "tenant": "default",
        "ts": "2026-11-21T14:00:00.000000000Z",
    }


def preferring(text, rules=LOCAL + CLOUD + TAGS):
    """OPEN with preferences, or other rules with them."""
    return compile_whole({"rules.cedar": rules, "preferences.toml": text}, schema=SCHEMA)


def newer(kept, *names):
    """A record as it is written since there are preferences: in which order `names` were to be tried."""
    order = {"dropped": [], "rules": [], "targets": list(names)}
    return dict(sorted({**kept, "order": order, "original_model": "auto"}.items()))


def entry(record):
    """The bytes that the log keeps of a record."""
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
