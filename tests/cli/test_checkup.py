"""The checks of `tidegate doctor`, one by one: what is broken is seen, and what to do is said."""

import socket
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.adapters.stores.tlog import kit
from tests.fakes import policies
from tidegate import activation, config, office
from tidegate.cli import checkup
from tidegate.cli.chosen import Chosen
from tidegate.core.decide.bundle.standing import WATCHED, Refused
from tidegate.core.values.target import Boundary, Contract, Target


@contextmanager
def answering(status, body, seen=None):
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            if seen is not None:
                seen.append((self.path, dict(self.headers)))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def chosen(document):
    return Chosen(config.read(document), "f.toml", {}, ())


def one_target(port, **more):
    target = {"provider": "openai-compatible", "url": f"http://127.0.0.1:{port}/v1", "model": "m", "boundary": "b"}
    return chosen({"boundaries": {"b": {"kind": "local"}}, "targets": {"t": {**target, **more}}})


def told(lines):
    return [(line.verdict.value, line.what, line.found) for line in lines]


def test_it_looks_at_the_policy_that_rules_and_tells_what_was_refused_in_its_place(tmp_path):
    settings = policies.settings(tmp_path, path=str(policies.write(tmp_path / "house")))
    desk = activation.desk_of(settings)
    desk.keep(office.begin(settings, set).standing)
    strict = (policies.INSIDE, policies.OUTSIDE, policies.NO_SECRETS, policies.NO_PII)
    found = activation.examine(settings, policies.write(tmp_path / "strict", *strict), source="command")
    ruling = desk.standing().activated(found.opened.ruling)
    for what, verdict in ((WATCHED, "FAIL"), ("a.tar", "SKIP")):
        desk.keep(replace(ruling, refused=Refused(what, ("rules.cedar:3: a typo",), "2026-11-21T14:00:00Z")))
        lines = told(checkup._policy(Chosen(settings, "f.toml", {}, ())))
        assert lines[0] == (verdict, "policy", f"{what} was refused at 2026-11-21T14:00:00Z: rules.cedar:3: a typo")
        assert lines[1][0] == "OK"
        assert "strict revision 2" in lines[1][2]


def test_what_a_policy_closed_is_told_and_is_no_failure(tmp_path):
    settings = policies.settings(tmp_path, path=str(policies.write(tmp_path / "house")))
    desk = activation.desk_of(settings)
    desk.keep(office.begin(settings, set).standing)
    shut = policies.write(tmp_path / "shut", policies.INSIDE, policies.NO_SECRETS)
    found = activation.examine(settings, shut, source="command")
    ruling = desk.standing().activated(found.opened.ruling)
    for known, verdict in ((ruling, "SKIP"), (ruling.closing(()), "FAIL")):
        desk.keep(known)
        lines = told(checkup._ways(Chosen(settings, "f.toml", {}, ())))
        assert (lines[0][0], lines[0][1]) == (verdict, "way")
        assert "models.auto[1] -> targets.outside" in lines[0][2]


MODELS = b'{"data": [{"id": "m"}, {"id": "n"}]}'


def test_a_target_that_answers_is_asked_for_its_models_and_nothing_else(monkeypatch):
    monkeypatch.setenv("KEY", "the-secret")
    seen = []
    with answering(200, MODELS, seen) as port:
        lines = told(checkup._targets(one_target(port, api_key="env:KEY")))
    assert lines == [("OK", "target t", f"http://127.0.0.1:{port}/v1 answers and lists m")]
    ((path, headers),) = seen
    assert (path, headers["authorization"]) == ("/v1/models", "Bearer the-secret")


@pytest.mark.parametrize(
    ("status", "body", "verdict", "found"),
    [
        (200, b'{"data": [{"id": "x"}]}', "FAIL", "it does not list the model m"),
        (404, b"", "OK", "answers"),
        (401, b"", "FAIL", "it turns the key away (status 401)"),
        (500, b"", "FAIL", "it answers with status 500"),
        (200, b"<html>", "FAIL", "its list of models is none"),
        (200, b'{"data": 3}', "FAIL", "its list of models is none"),
    ],
)
def test_a_target_that_answers_otherwise_is_told_so(status, body, verdict, found):
    with answering(status, body) as port:
        ((seen, _, sentence),) = told(checkup._targets(one_target(port)))
    assert seen == verdict
    assert found in sentence


def test_a_target_that_is_not_there_fails():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    (line,) = checkup._targets(one_target(port))
    assert line.verdict == "FAIL"
    assert "no connection (Connection refused)" in line.found
    assert "start that server" in line.next_step


def test_a_secret_that_is_not_there_fails_and_nobody_is_asked():
    seen = []
    with answering(200, MODELS, seen) as port:
        (line,) = checkup._targets(one_target(port, api_key="env:NOT_SET_ANYWHERE"))
    assert line.verdict == "FAIL"
    assert "NOT_SET_ANYWHERE is not set" in line.found
    assert seen == []


def cloud(contract):
    return Target(
        name="t", provider="openai", url="https://x/v1", model="m", boundary=Boundary("b", "cloud"), contract=contract
    )


@pytest.mark.parametrize(
    ("contract", "verdict", "found"),
    [
        (None, "SKIP", "no contract, so it gets nothing"),
        (Contract(), "SKIP", "a contract without a last day"),
        (Contract(expires=date(2026, 11, 20)), "FAIL", "expired on 2026-11-20"),
        (Contract(expires=date(2026, 11, 21)), "OK", "expires soon"),
        (Contract(expires=date(2026, 12, 21)), "OK", "expires soon"),
    ],
)
def test_a_cloud_is_only_as_good_as_its_contract(contract, verdict, found):
    (line,) = checkup._contract("target t", cloud(contract), date(2026, 11, 21))
    assert line.verdict == verdict
    assert found in line.found


def test_a_contract_that_holds_is_no_news():
    assert list(checkup._contract("t", cloud(Contract(expires=date(2099, 1, 1))), date(2026, 11, 21))) == []


def test_a_local_boundary_whose_name_leads_outside_fails(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [(0, 0, 0, "", ("8.8.8.8", 0))])
    document = one_target(9, url="http://gpu.lan/v1")
    (line,) = checkup._targets(document)
    assert line.verdict == "FAIL"
    assert "is local, and its name leads to 8.8.8.8" in line.found


@pytest.mark.parametrize(
    ("status", "body", "verdict", "found"),
    [
        (200, b'{"status":"ready"}', "OK", "it serves on"),
        (503, b'{"status":"not ready","reason":"the disk is full"}', "FAIL", "is not ready: the disk is full"),
        (200, b'{"status":"fine"}', "FAIL", "is taken by something else"),
        (200, b"<html>", "FAIL", "is taken by something else"),
    ],
)
def test_the_port_is_free_or_ours_or_somebody_elses(monkeypatch, status, body, verdict, found):
    with answering(status, body) as port:
        monkeypatch.setenv("TIDEGATE__SERVER__LISTEN", f"127.0.0.1:{port}")
        (line,) = checkup._port(chosen({}))
    assert line.verdict == verdict
    assert found in line.found


HEALTHS = [
    ('{"a":"healthy","b":"unknown"}', "OK", "none of 2 targets failing, and 1 well"),
    ('{"a":"healthy","b":"failing"}', "FAIL", "finds b failing"),
]


@pytest.mark.parametrize(("targets", "verdict", "found"), HEALTHS)
def test_what_the_running_gateway_has_seen_of_its_targets_is_told(monkeypatch, targets, verdict, found):
    with answering(200, f'{{"status":"ready","targets":{targets}}}'.encode()) as port:
        monkeypatch.setenv("TIDEGATE__SERVER__LISTEN", f"127.0.0.1:{port}")
        _, line = checkup._port(chosen({}))
    assert (line.what, line.verdict) == ("health", verdict)
    assert found in line.found


def test_a_folder_that_is_a_file_fails(tmp_path):
    (tmp_path / "audit").touch()
    (line,) = checkup._writable("audit folder", tmp_path / "audit")
    assert line.verdict == "FAIL"


def test_a_full_disk_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(checkup, "_LEAST_FREE_BYTES", 1 << 60)
    (line,) = checkup._writable("audit folder", tmp_path)
    assert line.verdict == "FAIL"
    assert "make room" in line.next_step


def test_a_damaged_log_fails_with_its_place():
    document = chosen({})
    folder = document.settings.audit.path / "w0"
    kit.write_log(folder)
    assert told(checkup._audit(document))[1][:2] == ("OK", "audit log")
    (folder / "checkpoint").write_bytes(b"x")
    verdict, what, found = told(checkup._audit(document))[1]
    assert (verdict, what) == ("FAIL", "audit log")
    assert "checkpoint" in found


def test_a_database_that_nobody_runs_fails_with_what_to_do():
    document = chosen({"store": {"url": "postgresql://127.0.0.1:9/nothing"}})
    ((verdict, what, found),) = told(checkup._store(document))
    assert (verdict, what) == ("FAIL", "store")
    assert "the PostgreSQL database nothing on 127.0.0.1: it cannot be reached" in found


def test_a_store_that_is_none_fails():
    document = chosen({})
    path = document.settings.store.path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database" * 100)
    (line,) = checkup._store(document)
    assert line.verdict == "FAIL"


# -- what surrounds the policy, and doubt about it -------------------------------------------------------------------


def surrounded(tmp_path, *rules, **workloads):
    settings = policies.settings(tmp_path, path=str(policies.write(tmp_path / "house", *rules)))
    document = {**settings.document, "workloads": workloads}
    return Chosen(type(settings).from_document(document, folder=tmp_path), "f.toml", {}, ())


def test_ways_that_are_open_are_one_line(tmp_path):
    (line,) = told(checkup._ways(surrounded(tmp_path)))
    assert line == ("OK", "ways", "policy permits all 6 of the configuration, or asks for each request")


def test_a_way_that_leads_nowhere_fails_with_its_path(tmp_path):
    line, *more = told(checkup._ways(surrounded(tmp_path, policies.INSIDE)))
    assert (line[:2], more) == (("FAIL", "way"), [])
    assert line[2].startswith("models.auto[1] -> targets.outside: policy lets no request go this way")


def test_a_way_that_waits_for_a_contract_is_told_and_fails_nothing(tmp_path):
    no_terms = policies.NO_PII.replace('context.labels.contains("pii")', 'resource.tier != "team"')
    first, second = told(checkup._ways(surrounded(tmp_path, policies.INSIDE, policies.OUTSIDE, no_terms)))
    assert first[0] == "SKIP"
    assert first[2].startswith("models.auto[1] -> targets.outside: gets nothing today (no-pii: ")
    assert second[0] == "OK"


def test_where_no_policy_can_be_read_nothing_is_said_of_ways(tmp_path):
    assert told(checkup._ways(surrounded(tmp_path, "permit"))) == []


def test_doubt_about_a_policy_is_told_until_the_gateway_says_that_it_is_over(tmp_path):
    settings = policies.settings(tmp_path, path=str(policies.write(tmp_path / "house")))
    desk, chosen = activation.desk_of(settings), Chosen(settings, "f.toml", {}, ())
    desk.tell({"in_doubt": "Cedar's own engine says none"})
    assert told(checkup._policy(chosen))[0] == (
        "FAIL",
        "policy",
        "the gateway serves local targets only: Cedar's own engine says none",
    )
    desk.tell({"in_doubt": ""})
    assert told(checkup._policy(chosen))[0][0] == "OK"
