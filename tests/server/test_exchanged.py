"""One request and the way back: what counts as its body, and how an answer is framed."""

import asyncio

import pytest

from tidegate.core.values.errors import BadRequest
from tidegate.server.exchanged import Exchanged, too_large


class Client:
    """Remembers what it is sent."""

    def __init__(self):
        self.out, self.ended, self.is_full, self.waited = b"", False, False, 0

    def send(self, data):
        assert not self.ended
        self.out += data

    async def drained(self):
        self.waited += 1

    def end(self):
        self.ended = True


def exchanged(client=None, *, method="POST", headers=None, body=b"{}", **more):
    return Exchanged(client or Client(), method, "/a", headers or {}, body, **{"keep_alive": True, **more})


def answered(*told, **more):
    """What a client gets of `(status, headers, body)`, and whether that was the end."""
    client = Client()
    asyncio.run(exchanged(client, **more).respond(*told))
    return client.out, client.ended


def streamed(*pieces, **more):
    client = Client()

    async def story():
        one = exchanged(client, **more)
        await one.start(200, {"a": "b"})
        for piece in pieces:
            await one.write(piece)
        await one.finish()

    asyncio.run(story())
    return client.out, client.ended


FORMS = [
    ({"content-type": "application/json"}, 200),
    ({"content-type": "application/json; charset=utf-8"}, 200),
    ({"content-type": "Application/JSON"}, 200),
    ({}, 200),
    ({"content-type": "application/vnd.api+json"}, 200),
    ({"content-type": "text/plain"}, 415),
    ({"content-encoding": "identity"}, 200),
    ({"content-encoding": "br"}, 415),
]


@pytest.mark.parametrize(("headers", "status"), FORMS)
def test_a_body_is_json_as_it_is(headers, status):
    one = exchanged(headers=headers)
    if status == 200:
        assert asyncio.run(one.body(1000)) == b"{}"
        return
    with pytest.raises(BadRequest) as told:
        asyncio.run(one.body(1000))
    assert told.value.status == status


@pytest.mark.parametrize("more", [{"body": b"x" * 11}, {"fault": too_large(10)}], ids=["larger", "found on its way"])
def test_a_body_that_is_too_large_is_refused(more):
    with pytest.raises(BadRequest) as told:
        asyncio.run(exchanged(**more).body(10))
    assert (told.value.status, told.value.code) == (413, "body_too_large")


ANSWERS = [
    ({}, b"HTTP/1.1 200 OK\r\na: b\r\ncontent-length: 2\r\n\r\n{}", False),
    ({"method": "HEAD"}, b"HTTP/1.1 200 OK\r\na: b\r\ncontent-length: 2\r\n\r\n", False),
    ({"keep_alive": False}, b"HTTP/1.1 200 OK\r\na: b\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}", True),
]


@pytest.mark.parametrize(("more", "out", "ended"), ANSWERS)
def test_a_whole_answer(more, out, ended):
    assert answered(200, {"a": "b"}, b"{}", **more) == (out, ended)


STREAMS = [
    ({}, b"transfer-encoding: chunked\r\n\r\n3\r\none\r\n0\r\n\r\n", False),
    ({"keep_alive": False}, b"transfer-encoding: chunked\r\nconnection: close\r\n\r\n3\r\none\r\n0\r\n\r\n", True),
    ({"chunked": False}, b"connection: close\r\n\r\none", True),
]


@pytest.mark.parametrize(("more", "out", "ended"), STREAMS, ids=["kept", "closed", "without chunks"])
def test_a_streamed_answer(more, out, ended):
    assert streamed(b"one", **more) == (b"HTTP/1.1 200 OK\r\na: b\r\n" + out, ended)


def test_who_is_full_is_waited_for():
    client = Client()
    client.is_full = True
    asyncio.run(exchanged(client).write(b"one"))
    assert client.waited == 1


@pytest.mark.parametrize("headers", [{"x": "a\r\nset-cookie: b"}, {"x": "a\nb"}, {"x": "a\rb"}, {"x\r\ny": "a"}])
def test_a_head_with_a_line_break_is_never_written_and_leaves_room_for_another(headers):
    client = Client()
    one = exchanged(client)
    with pytest.raises(ValueError, match="line break"):
        asyncio.run(one.respond(200, headers, b"{}"))
    assert (client.out, one.started) == (b"", False)
    asyncio.run(one.respond(500, {}, b"{}"))
    assert client.out.startswith(b"HTTP/1.1 500 ")
