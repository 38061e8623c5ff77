"""What `tidegate doctor` says of local targets that may not be local."""

import json

import pytest

from tests.cli.test_checkup import answering, chosen, told
from tidegate.cli import checkup
from tidegate.cli.provenance import doubts

REMOTE = {"name": "llama3.2:latest", "remote_host": "https://ollama.com:443", "remote_model": "llama3.2"}
HOME = {"name": "llama3.2:latest"}


def targets(port, kind="local", **more):
    target = {"provider": "ollama", "url": f"http://127.0.0.1:{port}", "model": "llama3.2", "boundary": "b", **more}
    contract = {"contract": {"expires": "2099-01-01"}} if kind == "cloud" else {}
    return chosen({"boundaries": {"b": {"kind": kind}}, "targets": {"t": {**target, **contract}}})


def listed(*entries):
    """As both of the lists that an Ollama has."""
    return json.dumps({"models": entries, "data": [{"id": entry["name"]} for entry in entries]}).encode()


def test_a_model_that_runs_here_is_well():
    with answering(200, listed(HOME)) as port:
        lines = told(checkup._targets(targets(port)))
    assert [verdict for verdict, _, _ in lines] == ["OK"]


def test_a_model_that_runs_elsewhere_fails():
    with answering(200, listed(REMOTE)) as port:
        lines = told(checkup._targets(targets(port)))
    assert [verdict for verdict, _, _ in lines] == ["OK", "FAIL"]
    assert "it gets nothing: its model llama3.2 runs at https://ollama.com:443" in lines[1][2]


def test_a_name_is_enough_where_the_server_does_not_say():
    with answering(404, b"") as port:
        lines = told(checkup._targets(targets(port, model="gpt-oss:120b-cloud")))
    assert [verdict for verdict, _, _ in lines] == ["OK", "FAIL"]
    assert "named as those are that run elsewhere" in lines[1][2]


def test_a_server_that_lists_what_only_clouds_serve_is_for_people_to_look_at():
    more = {"provider": "openai-compatible", "model": "llama3.2"}
    with answering(200, listed(HOME, {"name": "llama3.2"}, {"name": "gpt-5"}, {"name": "claude-sonnet-4-5"})) as port:
        lines = told(checkup._targets(targets(port, **{**more, "url": f"http://127.0.0.1:{port}/v1"})))
    assert [verdict for verdict, _, _ in lines] == ["OK", "SKIP"]
    assert "claude-sonnet-4-5, gpt-5" in lines[1][2]


@pytest.mark.parametrize("entry", [REMOTE, HOME])
def test_a_boundary_that_claims_nothing_is_held_to_nothing(entry):
    with answering(200, listed(entry)) as port:
        target = targets(port, kind="cloud").settings.targets["t"]
        assert list(doubts(target, ["gpt-5"], {})) == []
