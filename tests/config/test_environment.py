"""Overrides: a variable's name finds one setting, or says why not."""

import pytest

from tidegate.config.declaration import Document
from tidegate.config.environment import lay_over, overrides

TREE = {"boundaries": {"on-prem": {"kind": "local"}}, "targets": {"a.b": {}, "x-y": {}, "x_y": {}}}


@pytest.mark.parametrize(
    ("variable", "raw", "path", "value"),
    [
        ("SERVER__LISTEN", "127.0.0.1:1", ("server", "listen"), "127.0.0.1:1"),
        ("SERVER__BODY_BYTES", "2048", ("server", "body_bytes"), 2048),
        ("AUDIT__STRICT", "true", ("audit", "strict"), True),
        ("AUDIT__PAYLOADS", "none", ("audit", "payloads"), "none"),
        ("BOUNDARIES__ON_PREM__KIND", "private", ("boundaries", "on-prem", "kind"), "private"),
        ("BOUNDARIES__NEW__KIND", "cloud", ("boundaries", "new", "kind"), "cloud"),
        ("TARGETS__A_B__MODEL", "8", ("targets", "a.b", "model"), "8"),
        ("TARGETS__A_B__CONTRACT__BAA", "false", ("targets", "a.b", "contract", "baa"), False),
        ("MODELS__AUTO", '["a.b"]', ("models", "auto"), ["a.b"]),
        ("SERVER__WORKERS", "two", ("server", "workers"), "two"),
    ],
)
def test_a_variable_finds_its_setting(variable, raw, path, value):
    found, mistakes = overrides(Document, TREE, {f"TIDEGATE__{variable}": raw})
    assert mistakes == []
    assert [(one.path, one.value) for one in found] == [(path, value)]


@pytest.mark.parametrize(
    ("variable", "sentence"),
    [
        ("SERVR__LISTEN", 'did you mean "server"'),
        ("SERVER__LISTN", 'did you mean "listen"'),
        ("SERVER", "names no single setting"),
        ("", "there is no such setting"),
        ("SERVER__LISTEN__PORT", "names no single setting"),
        ("TARGETS__X_Y__MODEL", "could mean each of x-y, x_y"),
        ("LIMITS__URL", "no rate limits yet"),
        ("SERVER__METRICS", "no separate listener"),
    ],
)
def test_a_variable_that_finds_none_says_so(variable, sentence):
    found, mistakes = overrides(Document, TREE, {f"TIDEGATE__{variable}": "secret-value"})
    assert found == []
    assert sentence in mistakes[0]
    assert "secret-value" not in mistakes[0]


def test_other_variables_are_nobodys_business():
    assert overrides(Document, TREE, {"TIDEGATE_CONFIG": "x", "PATH": "y"}) == ([], [])


def test_laying_over_leaves_the_original_alone():
    tree = {"server": {"listen": "a"}, "audit": 3}
    found, _ = overrides(Document, tree, {"TIDEGATE__SERVER__LISTEN": "b", "TIDEGATE__AUDIT__STRICT": "true"})
    assert lay_over(tree, found) == {"server": {"listen": "b"}, "audit": 3}
    assert tree["server"] == {"listen": "a"}
