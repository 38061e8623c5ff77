"""Every name that a rule may use, and the fact behind it. The published schema says the same; a test compares both."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, get_args

from tidegate.core.values.decision import Effect
from tidegate.core.values.labels import LEVELS
from tidegate.core.values.target import BoundaryKind


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


def _attributes(variable: str, side: Side, kind: FactType, /, **facts: str) -> dict[str, Attribute]:
    return {f"{variable}.{name}": Attribute(f"{variable}.{name}", kind, side, fact) for name, fact in facts.items()}


ATTRIBUTES: Mapping[str, Attribute] = {
    **_attributes("principal", Side.REQUEST, FactType.STRING, id="actor", team="team", tenant="tenant"),
    **_attributes("principal", Side.REQUEST, FactType.SET, roles="roles"),
    **_attributes("resource", Side.TARGET, FactType.STRING, name="target", boundary="boundary", kind="kind"),
    **_attributes("resource", Side.TARGET, FactType.STRING, region="region", retention="retention"),
    **_attributes("resource", Side.TARGET, FactType.STRING, training="training", tier="tier"),
    **_attributes("resource", Side.TARGET, FactType.FLAG, contract="contract", baa="baa", fields_known="fields_known"),
    **_attributes("context", Side.REQUEST, FactType.SET, labels="labels"),
    **_attributes("context", Side.REQUEST, FactType.STRING, level="level", residency="residency", workload="workload"),
    **_attributes("context", Side.REQUEST, FactType.STRING, dialect="dialect", operation="operation"),
    **_attributes("context", Side.REQUEST, FactType.FLAG, tools_offered="tools_offered"),
    **_attributes("context", Side.REQUEST, FactType.FLAG, detectors_failed="detectors_failed"),
}

LABELS = ATTRIBUTES["context.labels"]
LEVEL = ATTRIBUTES["context.level"]

# A misspelt value of these would make a forbid silent, and no new value can appear without a new version of tidegate.
CLOSED_VALUES: Mapping[str, tuple[str, ...]] = {
    "context.level": LEVELS,
    "resource.kind": get_args(BoundaryKind),
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
NO_POLICY = "no-policy"

# Ids that decisions carry where no rule of the policy decided; no rule may take them.
RESERVED: Mapping[str, str] = {
    DEFAULT_DENY: "No rule permits this, and what nothing permits is denied.",
    EVALUATION_ERROR: "The facts of this request or target are incomplete or contradict each other.",
    NOT_PROVEN: "This policy has not been proven yet: until it is, it serves local targets only.",
    NO_POLICY: "No usable policy is loaded: until one is, only local targets are served.",
}
