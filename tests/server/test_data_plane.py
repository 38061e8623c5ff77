"""Who gets in, and to which endpoint."""

import asyncio
import json

import pytest

from tidegate.core.values.errors import BadRequest
from tidegate.server.data_plane import DataPlane, Service


class Request:
    """`ports.Downstream` in memory."""

    def __init__(self, method, path, headers):
        self.method, self.path, self.headers, self.started = method, path, headers, False
        self.answered = None

    async def body(self, limit_bytes):
        return b"{}"

    async def respond(self, status, headers, body):
        self.started = True
        self.answered = status, dict(headers), body


def call(serve, method="POST", path="/v1/chat/completions", headers=None):
    """(status, headers, body)."""
    given = {"host": "localhost:8790", **(headers or {})}
    request = Request(method, path, {name: value for name, value in given.items() if value is not None})
    asyncio.run(serve(request))
    return request.answered


class Plane:
    """A data plane whose path answers `ok`, and what was asked of it."""

    def __init__(self, *, not_ready="", limited="", fails=None):
        self.served, self.refused, self.fails = [], [], fails

        async def receipt(request_id):
            return {"request_id": request_id} if request_id == "known" else None

        async def explain(body):
            return {"asked": json.loads(body)}

        async def review(body):
            return {"reviewed": json.loads(body)}

        async def release(body):
            return {"released": json.loads(body)}

        async def show(body):
            return {"shown": json.loads(body)}

        service = Service(
            models=("auto", "local"),
            ready=lambda: not_ready,
            limited=lambda: limited,
            health=lambda: {"one": "failing"},
            receipt=receipt,
            explain=explain,
            review=review,
            release=release,
            listed={"/api/tags": lambda: {"models": ["listed"]}},
            show=show,
            refused=lambda path, refusal: self.refused.append((path, refusal.code)),
        )
        self.app = DataPlane(
            self.path, service, hosts=frozenset({"localhost", "127.0.0.1", "::1"}), body_bytes=1000
        ).serve

    async def path(self, downstream):
        if self.fails:
            raise self.fails
        self.served.append((downstream.path, await downstream.body(1000)))
        await downstream.respond(200, {"x-made-by": "the path"}, b"ok")


def test_a_chat_request_goes_down_the_path():
    plane = Plane()
    status, headers, body = call(plane.app)
    assert (status, headers["x-made-by"], body) == (200, "the path", b"ok")
    assert plane.served == [("/v1/chat/completions", b"{}")]


ENDPOINTS = [
    ("GET", "/v1/models", 200, "list"),
    ("GET", "/v1/models/gpt-9", 404, "model_not_found"),
    ("DELETE", "/v1/models/gpt-9", 404, "not_found"),
    ("GET", "/v1/responses/resp_1", 404, "response_not_kept"),
    ("DELETE", "/v1/responses/resp_1", 404, "response_not_kept"),
    ("POST", "/v1/responses/resp_1/cancel", 404, "response_not_kept"),
    ("GET", "/v1/responses/resp_1/input_items", 404, "response_not_kept"),
    ("GET", "/v1/responses", 405, "method_not_allowed"),
    ("GET", "/healthz", 200, "alive"),
    ("GET", "/readyz", 200, "ready"),
    ("GET", "/v1/tidegate/receipts/known", 200, "known"),
    ("GET", "/v1/tidegate/receipts/other", 404, "receipt_not_found"),
    ("POST", "/v1/tidegate/explain", 200, "asked"),
    ("GET", "/v1/tidegate/explain", 405, "method_not_allowed"),
    ("GET", "/v1/chat/completions", 405, "method_not_allowed"),
    ("PUT", "/v1/models", 405, "method_not_allowed"),
    ("GET", "/api/tags", 200, "listed"),
    ("HEAD", "/api/tags", 200, "listed"),
    ("POST", "/api/tags", 405, "method_not_allowed"),
    ("POST", "/api/show", 200, "shown"),
    ("GET", "/api/show", 405, "method_not_allowed"),
    ("GET", "/api/chat", 405, "method_not_allowed"),
    ("POST", "/api/pull", 404, "not_found"),
    ("GET", "/", 200, "alive"),
    ("HEAD", "/", 200, "alive"),
    ("POST", "/v1/edits", 404, "not_found"),
]


@pytest.mark.parametrize(("method", "path", "status", "told"), ENDPOINTS)
def test_every_other_endpoint_is_served_or_refused_by_name(method, path, status, told):
    plane = Plane()
    answered = call(plane.app, method, path)
    assert answered[0] == status
    assert told in answered[2].decode()
    assert bool(plane.refused) == (status >= 400)


def test_a_refusal_is_in_the_words_of_whoever_calls_that_path():
    plane = Plane()
    assert isinstance(json.loads(call(plane.app, "GET", "/api/pull")[-1])["error"], str)
    assert isinstance(json.loads(call(plane.app, "GET", "/v1/pull")[-1])["error"], dict)


def test_not_ready_says_why():
    status, _, body = call(Plane(not_ready="disk full").app, "GET", "/readyz")
    assert (status, json.loads(body)["reason"]) == (503, "disk full")


def test_readiness_tells_why_only_local_targets_are_served_and_is_ready_for_those():
    status, _, body = call(Plane(limited="the policy is in doubt").app, "GET", "/readyz")
    assert (status, json.loads(body)["status"], json.loads(body)["only_local"]) == (
        200,
        "ready",
        "the policy is in doubt",
    )
    assert "only_local" not in json.loads(call(Plane().app, "GET", "/readyz")[2])


def test_readiness_tells_how_targets_are_and_does_not_depend_on_it():
    status, _, body = call(Plane().app, "GET", "/readyz")
    assert (status, json.loads(body)["targets"]) == (200, {"one": "failing"})


HOSTS = [
    ("localhost", True),
    ("localhost:8790", True),
    ("LOCALHOST", True),
    ("localhost.", True),
    ("127.0.0.1:1", True),
    ("[::1]:8790", True),
    ("", False),
    ("evil.example", False),
    ("localhost.evil.example", False),
    ("127.0.0.1.nip.io", False),
    ("evil.example:8790", False),
    ("[::1", False),
    ("user@evil.example", False),
    ("localhost@evil.example", False),
    (None, False),
]


@pytest.mark.parametrize(("host", "passes"), HOSTS)
def test_a_name_that_was_rebound_to_loopback_does_not_pass(host, passes):
    plane = Plane()
    status, _, body = call(plane.app, headers={"host": host})
    assert (status == 200) is passes
    if not passes:
        assert json.loads(body)["error"]["code"] == "unknown_host"
        assert plane.served == []


@pytest.mark.parametrize(
    ("origin", "passes"),
    [
        ("http://localhost:3000", True),
        ("http://127.0.0.1", True),
        ("https://evil.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_a_page_of_another_origin_may_not_call(origin, passes):
    status, _, _ = call(Plane().app, headers={"origin": origin})
    assert (status == 200) is passes


def test_a_defect_is_told_without_its_words():
    status, _, body = call(Plane(fails=RuntimeError("words of a prompt")).app)
    assert status == 500
    assert b"words" not in body


def test_a_refusal_at_the_edge_is_noted():
    plane = Plane(fails=BadRequest("no", "no"))
    call(plane.app)
    assert plane.refused == [("/v1/chat/completions", "no")]
