# ruff: noqa: E501 - tables of cases

import pytest

from tests.core.classify.families import engine
from tidegate.core.classify.assignments import pieces_read
from tidegate.core.values.envelope import Part, Position

VALUE = "q7Lm2Zx9" + "Tk4WbN8s"


def found(text: str) -> list[str]:
    return [text[f.start : f.end] for f in engine().find(text) if f.label in {"secret.generic", "secret.password"}]


@pytest.mark.parametrize(
    "wrapped",
    [
        "api_key={}", "api_key = {}", 'apiKey: "{}"', "API-KEY: '{}'", "token := `{}`", 'secret => "{}"', "<token>{}</token>",
        "<secret>\n  {}\n</secret>", '"client_secret": "{}",', 'put("auth.token", "{}")', "--token={} run", "export KEY={};",
        'var authToken string = "{}"', "token ?= {}", "SECRET {}", "credentials['key'] = '{}'", "auth_token:{}", "key is {}",
    ],
)  # fmt: skip
def test_a_value_is_found_behind_every_common_assignment(wrapped):
    assert found(wrapped.format(VALUE)) == [VALUE]


@pytest.mark.parametrize(
    "text",
    [
        "key = compute_key(x)", "token = tokens[0]", "secret: true", "api_key = os.environ['API_KEY']", "key: my-config-name",
        "auth: /etc/auth.conf", "token = ${TOKEN}", "key=<your-key-here>", "the key to success", "author: Jane Austen 1813",
        "token: q7Lm2Zx9Tk4...", "primary key (id, name)", "secret santa 2024", "--recv-keys " + "5BE8A3F6" * 5,
    ],
)  # fmt: skip
def test_code_references_and_words_are_no_values(text):
    assert found(text) == []


def test_what_stands_behind_an_assignment_is_still_read_as_what_it_is():
    assert [f.label for f in engine().find("ssn_token = 457-55-5462")] == ["gov.us_ssn"]
    assert [f.label for f in engine().find("password: hunter2x jo@x.example")] == ["secret.password", "pii.email"]


def test_assignments_inside_each_others_values_are_counted_as_what_they_cost():
    assert pieces_read(b"token=abc-def", 6) == 0
    assert pieces_read(b"key=" + b"eyJkey=" * 100, 4) > 50
    hostile = Part(Position.USER, (), "key=eyJ" * 20_000)
    assert engine().classify((hostile,)).failed == ("limit:looks",)
    ordinary = Part(Position.USER, (), "session key=eyJ; path=/a/b-c_d.html?x=1&y=2\n" * 3_000)
    assert engine().classify((ordinary,)).failed == ()
