"""Hypothesis strategies: Cedar text of our language, and facts that speak about the same few names."""

from hypothesis import strategies as st

from tests.core.decide.facts import request, rule, target
from tidegate.core.decide.vocabulary import ACTIONS

LABEL_NAMES = ["pii", "pii.email", "phi", "code", "code.source", "secret"]
_REGIONS, _TIERS, _TOOLS = ["", "eu", "us"], ["enterprise", "consumer"], ["fetch", "look_up", "?"]

_atoms = st.one_of(
    st.sampled_from(["true", "false", "resource.baa", "resource.contract", "context.tools_offered"]),
    st.sampled_from(["public", "restricted"]).map(lambda level: f'context.session_level == "{level}"'),
    st.lists(st.sampled_from(_TOOLS), min_size=1).map(lambda tools: f"context.tools.containsAny({_list(tools)})"),
    st.lists(st.sampled_from(_TOOLS), min_size=1).map(lambda tools: f"{_list(tools)}.containsAll(context.tools)"),
    st.sampled_from(["local", "private", "cloud"]).map(lambda kind: f'resource.kind == "{kind}"'),
    st.sampled_from(_REGIONS).map(lambda region: f'"{region}" != context.residency'),
    st.lists(st.sampled_from(_TIERS), min_size=1).map(lambda tiers: f"{_list(tiers)}.contains(resource.tier)"),
    st.just("resource.region == context.residency"),
    st.just("resource.region != principal.team"),
    st.sampled_from(["public", "internal", "confidential", "restricted"]).map(
        lambda level: f'context.level == "{level}"'
    ),
    st.sampled_from(LABEL_NAMES).map(lambda label: f'context.labels.contains("{label}")'),
    st.tuples(
        st.sampled_from(["containsAny", "containsAll"]), st.lists(st.sampled_from(LABEL_NAMES), min_size=1, max_size=4)
    ).map(lambda pair: f"context.labels.{pair[0]}({_list(pair[1])})"),
    st.lists(st.sampled_from(LABEL_NAMES), min_size=1).map(
        lambda labels: f"{_list(labels)}.containsAll(context.labels)"
    ),
    st.sampled_from(["context.labels.isEmpty()", "principal.roles.isEmpty()", 'principal.roles.contains("admin")']),
)

conditions = st.recursive(
    _atoms,
    lambda inner: st.one_of(
        inner.map(lambda one: f"!({one})"),
        st.tuples(inner, st.sampled_from(["&&", "||", "==", "!="]), inner).map(
            lambda three: "({}) {} ({})".format(*three)
        ),
        st.tuples(inner, inner, inner).map(lambda three: "if ({}) then ({}) else ({})".format(*three)),
    ),
    max_leaves=6,
)

_heads = st.one_of(
    st.just("action"),
    st.sampled_from(list(ACTIONS)).map(lambda action: f'action == Action::"{action}"'),
    st.sets(st.sampled_from(list(ACTIONS)), min_size=1).map(
        lambda actions: f"action in [{', '.join(f'Action::{chr(34)}{action}{chr(34)}' for action in sorted(actions))}]"
    ),
)


def policies(*, max_rules: int = 6) -> st.SearchStrategy[str]:
    """Cedar text of some rules; permits come first so that most policies permit something."""
    drawn = st.lists(
        st.tuples(st.sampled_from(["permit", "forbid"]), _heads, conditions), min_size=1, max_size=max_rules
    )
    return drawn.map(
        lambda rules: "".join(
            rule(condition, name=f"rule-{place}", effect=effect, action=head)
            for place, (effect, head, condition) in enumerate(rules)
        )
    )


requests = st.builds(
    lambda labels, residency, team, roles, tools, seen: request(
        *labels,
        residency=residency,
        team=team,
        roles=frozenset(roles),
        tools=frozenset(tools),
        tools_offered=bool(tools),
        session_level=seen,
    ),
    st.lists(st.sampled_from([*LABEL_NAMES, "pii.email.work", "bank.iban", "unheard.of"]), max_size=3),
    st.sampled_from([*_REGIONS, "in"]),
    st.sampled_from(["", "eu", "care"]),
    st.sets(st.sampled_from(["admin", "guest"])),
    st.sets(st.sampled_from([*_TOOLS, "write"])),
    st.sampled_from(["public", "internal", "restricted"]),
)

targets = st.builds(
    lambda kind, region, tier, baa, contract: target(kind, region=region, tier=tier, baa=baa, contract=contract),
    st.sampled_from(["local", "private", "cloud", "orbital"]),
    st.sampled_from([*_REGIONS, "in"]),
    st.sampled_from([*_TIERS, "unknown"]),
    st.booleans(),
    st.booleans(),
)


def _list(values: list[str]) -> str:
    return f"[{', '.join(f'{chr(34)}{value}{chr(34)}' for value in values)}]"
