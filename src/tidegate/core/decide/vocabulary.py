"""Every name that a rule may use, and the fact behind it. The published schema says the same; a test compares both."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, get_args

from tidegate.core.values.capabilities import CAPABILITIES
from tidegate.core.values.decision import Effect
from tidegate.core.values.facts import Budget, Health, Latency, Weekday
from tidegate.core.values.labels import LEVELS
from tidegate.core.values.target import Approval, BoundaryKind


class FactType(StrEnum):
    """What type a fact has in Cedar."""

    STRING = "String"
    SET = "Set<String>"
    FLAG = "Bool"


class Side(StrEnum):
    """What a fact belongs to: request facts are read once, target facts once a target."""

    REQUEST = "request"
    TARGET = "target"


class Attribute(NamedTuple):
    """`path` is what a rule writes (`resource.baa`), `fact` the field of RequestFacts or TargetFacts behind it."""

    path: str
    kind: FactType
    side: Side
    fact: str


class Spelling(NamedTuple):
    """`pattern`: how all values of a fact are spelt, `what` they are, and how to write one."""

    pattern: re.Pattern[str]
    what: str
    advice: str


def _attributes(variable: str, side: Side, kind: FactType, /, **facts: str) -> dict[str, Attribute]:
    return {f"{variable}.{name}": Attribute(f"{variable}.{name}", kind, side, fact) for name, fact in facts.items()}


ATTRIBUTES: Mapping[str, Attribute] = {
    **_attributes("principal", Side.REQUEST, FactType.STRING, id="actor", key="key", agent="agent", team="team"),
    **_attributes("principal", Side.REQUEST, FactType.STRING, tenant="tenant"),
    **_attributes("principal", Side.REQUEST, FactType.SET, roles="roles"),
    **_attributes("resource", Side.TARGET, FactType.STRING, name="target", boundary="boundary", kind="kind"),
    **_attributes("resource", Side.TARGET, FactType.STRING, region="region", retention="retention"),
    **_attributes("resource", Side.TARGET, FactType.STRING, training="training", tier="tier"),
    **_attributes("resource", Side.TARGET, FactType.FLAG, contract="contract", baa="baa", dpa="dpa"),
    **_attributes("resource", Side.TARGET, FactType.FLAG, capabilities_agreed="capabilities_agreed"),
    **_attributes("resource", Side.TARGET, FactType.FLAG, fields_known="fields_known"),
    **_attributes("resource", Side.TARGET, FactType.STRING, approval="approval", health="health"),
    **_attributes("context", Side.REQUEST, FactType.SET, labels="labels"),
    **_attributes("context", Side.REQUEST, FactType.STRING, level="level", session_level="session_level"),
    **_attributes("context", Side.REQUEST, FactType.STRING, residency="residency", workload="workload", task="task"),
    **_attributes("context", Side.REQUEST, FactType.SET, consent="consent"),
    **_attributes("context", Side.REQUEST, FactType.STRING, latency="latency", budget="budget"),
    **_attributes("context", Side.REQUEST, FactType.STRING, dialect="dialect", operation="operation"),
    **_attributes("context", Side.REQUEST, FactType.STRING, weekday="weekday", hour="hour"),
    **_attributes("context", Side.REQUEST, FactType.SET, tools="tools", tools_called="tools_called"),
    **_attributes("context", Side.REQUEST, FactType.SET, capabilities="capabilities", detectors="detectors"),
    **_attributes("context", Side.REQUEST, FactType.FLAG, has_history="has_history", tools_offered="tools_offered"),
    **_attributes("context", Side.REQUEST, FactType.FLAG, tools_external="tools_external"),
    **_attributes("context", Side.REQUEST, FactType.FLAG, detectors_failed="detectors_failed"),
}

LABELS = ATTRIBUTES["context.labels"]
LEVEL = ATTRIBUTES["context.level"]

# A misspelt value of these would make a forbid silent, and no new value can appear without a new version of tidegate.
CLOSED_VALUES: Mapping[str, tuple[str, ...]] = {
    "context.level": LEVELS,
    "context.session_level": LEVELS,
    "context.latency": get_args(Latency),
    "context.budget": get_args(Budget),
    "context.weekday": get_args(Weekday),
    "context.hour": tuple(f"{hour:02}" for hour in range(24)),
    "context.capabilities": CAPABILITIES,
    "resource.kind": get_args(BoundaryKind),
    "resource.approval": get_args(Approval),
    "resource.health": get_args(Health),
}

# Likewise what could never be there because it is spelt otherwise: what it looks like, and what to do.
SPELLINGS: Mapping[str, Spelling] = {
    "context.labels": Spelling(
        re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*"),
        "a label",
        'labels are dotted and lower-case; "pii" covers all below it',
    ),
    **dict.fromkeys(
        ("context.tools", "context.tools_called"),
        Spelling(
            re.compile(r"[a-z0-9_.:/-]{1,128}|\?"),
            "the name of a tool",
            'write it in lower case; a tool whose name has other characters is "?"',
        ),
    ),
}

# Strongest first: the effect for a target is that of the first action which is permitted.
ACTIONS: Mapping[str, Effect] = {
    "send_raw": Effect.RAW,
    "send_redacted": Effect.REDACTED,
    "send_reviewed": Effect.REVIEWED,
}

DEFAULT_DENY = "default-deny"
EVALUATION_ERROR = "evaluation-error"
NOT_PROVEN = "not-proven"
EXPIRED = "policy-expired"
NO_POLICY = "no-policy"
IN_DOUBT = "decision-in-doubt"

# Ids that decisions carry where no rule of the policy decided; no rule may take them.
RESERVED: Mapping[str, str] = {
    DEFAULT_DENY: "No rule permits this, and what nothing permits is denied.",
    EVALUATION_ERROR: "The facts of this request or target are incomplete or contradict each other.",
    NOT_PROVEN: "This policy has not been proven yet: until it is, it serves local targets only.",
    EXPIRED: "This policy's time is over: until another one is activated, it serves local targets only.",
    IN_DOUBT: "Two engines disagree about what this policy says: until one is activated anew, only local targets are "
    "served.",
    NO_POLICY: "No usable policy is loaded: until one is, only local targets are served.",
}
