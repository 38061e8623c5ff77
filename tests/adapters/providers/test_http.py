import asyncio
import functools

import pytest

from tests.adapters.providers.certificates import issue
from tests.adapters.providers.outgoing import LOOPS, SECRET, ask, permit, provider, run
from tests.fakes.upstream import (
    EVENTS_HEAD,
    Upstream,
    answers,
    chunk,
    closes,
    floods,
    nothing,
    resets,
    response,
    sends,
    streams,
)
from tidegate.adapters.providers import http
from tidegate.adapters.providers.http1 import Limits, Timeouts, trusting
from tidegate.core.dispatch.seal import check
from tidegate.core.values.errors import ConfigError, SealBroken, UpstreamError
from tidegate.ports import Answer, Provider

BRISK = Timeouts(head_s=0.3, body_s=0.3)
"""For upstreams that never come to an end; for all others a busy machine has the usual patience."""

both_loops = pytest.mark.parametrize("loop", LOOPS)


async def drained(answer: Answer) -> bytes:
    return b"".join([piece async for piece in answer.chunks()])


# -- what is sent ---------------------------------------------------------------------------------------------


@both_loops
def test_the_request_is_the_permits_plus_host_length_and_credential(loop):
    async def story():
        async with Upstream(answers()) as upstream:
            way_out = provider(upstream.url)
            assert await ask(way_out, upstream.url, b'{"model":"m"}') == (200, b"{}")
            await way_out.aclose()
            assert upstream.requests[0].raw_head == (
                b"POST /v1/chat/completions HTTP/1.1\r\n"
                b"host: 127.0.0.1:%d\r\n"
                b"content-type: application/json\r\n"
                b"accept-encoding: identity\r\n"
                b"authorization: Bearer %b\r\n"
                b"content-length: 13\r\n\r\n" % (upstream.port, SECRET.encode())
            )
            assert upstream.requests[0].body == b'{"model":"m"}'

    run(story(), loop=loop)


def test_without_a_credential_there_is_no_authorization():
    async def story():
        async with Upstream(answers()) as upstream:
            way_out = provider(upstream.url, credential="")
            await ask(way_out, upstream.url)
            await way_out.aclose()
            assert "authorization" not in upstream.requests[0].headers

    run(story())


@both_loops
def test_a_large_request_arrives_whole(loop):
    async def story():
        body = b"x" * 3_000_000
        async with Upstream(answers()) as upstream:
            way_out = provider(upstream.url)
            assert await ask(way_out, upstream.url, body) == (200, b"{}")
            await way_out.aclose()
            assert upstream.requests[0].body == body

    run(story(), loop=loop)


def test_different_permits_do_not_mix_their_heads():
    async def story():
        async with Upstream(answers()) as upstream:
            way_out = provider(upstream.url)
            for trace in range(200):
                await (await way_out.send(permit(upstream.url, headers=(("x-trace", str(trace)),)), b"{}")).read(10)
            await way_out.aclose()
            assert [request.headers["x-trace"] for request in upstream.requests] == [str(n) for n in range(200)]
            assert len(way_out._heads) <= 64, "headers that differ in every request are not hoarded"

    run(story())


# -- the seal ---------------------------------------------------------------------------------------------------


def test_the_seal_sees_exactly_what_is_written_and_where_it_goes():
    seen = []

    async def story():
        async with Upstream(answers()) as upstream:
            way_out = provider(upstream.url, seal=lambda granted, **what: seen.append((granted, what)))
            granted = permit(upstream.url, b"{...}")
            await (await way_out.send(granted, b"{...}")).read(10)
            await way_out.aclose()
            request = upstream.requests[0]
            [(given, what)] = seen
            assert given is granted
            assert what["method"] == request.method
            assert what["url"] == f"http://{request.headers['host']}{request.target}"
            assert dict(what["headers"]) == request.headers
            assert what["body"] == request.body
            assert what["address"] == "127.0.0.1"

    run(story())


def test_nothing_is_written_when_the_seal_breaks_and_the_connection_stays_good():
    def broken(*_, **__):
        raise SealBroken("not what was decided")

    async def story():
        async with Upstream(answers()) as upstream:
            way_out = provider(upstream.url)
            await ask(way_out, upstream.url)
            way_out._seal = broken
            with pytest.raises(SealBroken):
                await way_out.send(permit(upstream.url), b"{}")
            way_out._seal = lambda *_, **__: None
            await ask(way_out, upstream.url)
            await way_out.aclose()
            assert len(upstream.requests) == 2
            assert upstream.connections == 1

    run(story())


def test_the_gateways_own_seal_lets_a_decided_request_pass_and_a_changed_one_not():
    async def story():
        async with Upstream(answers()) as upstream:
            way_out = provider(upstream.url, seal=check)
            granted = permit(upstream.url, b'{"a":1}')
            assert (await way_out.send(granted, b'{"a":1}')).status == 200
            for body, changed in (
                (b'{"a":2}', granted),
                (b'{"a":1}', granted._replace(absent=(b'"a"',))),
            ):
                with pytest.raises(SealBroken):
                    await way_out.send(changed, body)
            await way_out.aclose()
            assert len(upstream.requests) == 1

    run(story())


# What a permit may hold that cannot be one request to this target: nothing is even connected.
@pytest.mark.parametrize(
    "changes",
    [
        {"method": "HEAD"},
        {"method": "POST /v1/other HTTP/1.1\r\nx: y\r\n\r\nPOST"},
        {"url": "http://127.0.0.2:1/v1/chat/completions"},
        {"url": "{base}evil/chat/completions"},
        {"url": "{base}/chat completions"},
        {"url": "{base}/chat\r\nx: y"},
        {"url": "{base}/chat#top"},
        {"url": "{base}/ch\xe4t"},
        {"headers": (("x-a", "1\r\nx-b: 2"),)},
        {"headers": (("x-a", "1\n"),)},
        {"headers": (("x-a", "1\0"),)},
        {"headers": (("x-a", "\u2028"),)},
        {"headers": (("x a", "1"),)},
        {"headers": (("", "1"),)},
        {"headers": (("x-a:", "1"),)},
        {"headers": (("Host", "other"),)},
        {"headers": (("content-length", "0"),)},
        {"headers": (("Transfer-Encoding", "chunked"),)},
        {"headers": (("authorization", "Bearer other"),)},
        {"headers": (("connection", "close"),)},
        {"headers": (("expect", "100-continue"),)},
    ],
    ids=lambda changes: repr(changes)[:50],
)
def test_a_permit_that_cannot_be_written_breaks_the_seal(changes):
    async def story():
        async with Upstream(answers()) as upstream:
            way_out = provider(upstream.url)
            given = {k: v.replace("{base}", upstream.url) if k == "url" else v for k, v in changes.items()}
            with pytest.raises(SealBroken):
                await way_out.send(permit(upstream.url, **given), b"{}")
            await way_out.aclose()
            assert upstream.connections == 0

    run(story())


# -- what comes back -----------------------------------------------------------------------------------------------


@both_loops
@pytest.mark.parametrize("status", [200, 400, 401, 404, 429, 500, 503, 529])
def test_any_status_but_a_redirect_is_an_answer(status, loop):
    async def story():
        async with Upstream(answers(status, b'{"error":{}}', [("retry-after", "7")])) as upstream:
            way_out = provider(upstream.url)
            answer = await way_out.send(permit(upstream.url), b"{}")
            assert answer.status == status
            assert answer.headers["retry-after"] == "7"
            assert await answer.read(100) == b'{"error":{}}'
            await way_out.aclose()

    run(story(), loop=loop)


@both_loops
def test_a_stream_comes_as_it_is_sent(loop):
    """The upstream holds the second piece back until the first one has been read."""

    async def story():
        read = asyncio.Event()

        async def act(talk):
            await talk.send(EVENTS_HEAD + chunk(b"data: one\n\n"))
            await read.wait()
            await talk.send(chunk(b"data: two\n\n") + b"0\r\n\r\n")

        async with Upstream(act) as upstream:
            way_out = provider(upstream.url)
            answer = await way_out.send(permit(upstream.url), b"{}")
            chunks = answer.chunks()
            assert await anext(chunks) == b"data: one\n\n"
            read.set()
            assert await anext(chunks) == b"data: two\n\n"
            assert await anext(chunks, None) is None
            await answer.aclose()
            assert await ask(way_out, upstream.url, limit_bytes=100) == (200, b"data: one\n\ndata: two\n\n")
            await way_out.aclose()
            assert upstream.connections == 1

    run(story(), loop=loop)


HUGE = 1 << 30
GZIP = [("content-encoding", "gzip")]
TWO_LENGTHS = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok!"
BOTH_FRAMINGS = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"

# (what the upstream does, its script, the error's kind or the answer that is read all the same)
MISBEHAVIOURS = [
    ("closes without a word", closes(), "cut"),
    ("resets without a word", resets(), "cut"),
    ("sends garbage", sends(b"\x00\x01garbage\r\n\r\n", then="close"), "protocol"),
    ("sends garbage and stays", sends(b"\x00\x01garbage\r\n\r\n", then="hang"), "protocol"),
    ("cuts the head", sends(b"HTTP/1.1 200 OK\r\ncontent-", then="close"), "cut"),
    ("resets in the head", sends(b"HTTP/1.1 200 OK\r\ncontent-", then="reset"), "cut"),
    ("cuts the body", sends(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf", then="close"), "cut"),
    ("resets in the body", sends(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf", then="reset"), "cut"),
    ("cuts a stream", streams(b"data: 1\n\n", then="close", finish=False), "cut"),
    ("never answers", nothing, "timeout"),
    ("stops in the head", sends(b"HTTP/1.1 200 OK\r\ncontent-", then="hang"), "timeout"),
    ("drips the head", sends(*[b"HTTP/1.1 200 OK\r\n", *[b"x-a: 1\r\n"] * 1000], pause_s=0.02), "timeout"),
    ("stops in the body", sends(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf", then="hang"), "timeout"),
    ("stops in a stream", streams(b"data: 1\n\n", then="hang", finish=False), "timeout"),
    ("drips framing alone", sends(EVENTS_HEAD + b"1;", *[b"x"] * 1000, pause_s=0.02), "timeout"),
    ("sends a slow body that moves", streams(*[b"x"] * 10, pause_s=0.05), (200, b"x" * 10)),
    ("sends a gigabyte and says so", floods(HUGE), "too_large"),
    ("sends a gigabyte in chunks", sends(EVENTS_HEAD, *[chunk(b"x" * 65536)] * (HUGE >> 16)), "too_large"),
    ("sends a huge head", sends(b"HTTP/1.1 200 OK\r\n" + b"x-a: " + b"y" * 200_000 + b"\r\n\r\n"), "protocol"),
    ("sends a head without end", sends(b"HTTP/1.1 200 OK\r\n", *[b"x-a: 1\r\n" * 1000] * 100), "protocol"),
    ("sends a bad chunk size", sends(EVENTS_HEAD + b"5g\r\nhello\r\n0\r\n\r\n"), "protocol"),
    ("sends two lengths", sends(TWO_LENGTHS), "protocol"),
    ("sends a length and chunks", sends(BOTH_FRAMINGS), "protocol"),
    ("sends a negative length", sends(b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n"), "protocol"),
    ("redirects", answers(302, b"", [("location", "http://127.0.0.1:9/v1/chat/completions")]), "protocol"),
    ("redirects for good, with the method kept", answers(308, b"", [("location", "/v2")]), "protocol"),
    ("compresses unasked", answers(200, b"\x1f\x8b", GZIP), "protocol"),
    ("compresses unasked, in capitals", answers(200, b"\x1f\x8b", [("Content-Encoding", "GZIP")]), "protocol"),
    ("says that it did not compress", answers(200, b"{}", [("content-encoding", "identity")]), (200, b"{}")),
    ("continues first", sends(b"HTTP/1.1 100 Continue\r\n\r\n", response()), (200, b"{}")),
    ("changes protocol", sends(b"HTTP/1.1 101 S\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n"), "protocol"),
    ("ends the body with the connection", sends(b"HTTP/1.1 200 OK\r\n\r\nall", then="close"), (200, b"all")),
    ("fails with a body", answers(500, b'{"error":{}}', then="close"), (500, b'{"error":{}}')),
    ("answers twice", sends(response() + response(500)), (200, b"{}")),
]


@both_loops
@pytest.mark.parametrize(("does", "script", "expected"), MISBEHAVIOURS, ids=[row[0] for row in MISBEHAVIOURS])
def test_an_upstream_that(does, script, expected, loop):
    async def story():
        async with Upstream([script, answers(200, b"well")]) as upstream:
            way_out = provider(upstream.url, timeouts=BRISK if expected == "timeout" or "slow" in does else Timeouts())
            assert await ask(way_out, upstream.url) == expected
            # Whatever it was, the next request is not its heir.
            assert await ask(way_out, upstream.url) == (200, b"well")
            await way_out.aclose()

    run(story(), loop=loop)


@both_loops
def test_a_gigabyte_is_taken_as_slowly_as_it_is_read(loop):
    """A consumer that stops reading: what the upstream could send stays at socket buffers plus the bound."""

    async def story():
        sent = 0

        async def act(talk):
            nonlocal sent
            await talk.send(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % HUGE)
            while True:
                await talk.send(b"x" * 65536)
                sent += 65536

        async with Upstream(act) as upstream:
            way_out = provider(upstream.url, limits=Limits(unread_bytes=64 * 1024))
            answer = await way_out.send(permit(upstream.url), b"{}")
            assert await anext(answer.chunks())
            before = -1
            while before != sent:  # until nothing moves any more
                before = sent
                await asyncio.sleep(0.1)
            assert answer.unread < 1_000_000
            assert sent < 64_000_000
            await answer.aclose()
            await upstream.departure.wait()
            await way_out.aclose()

    run(story(), loop=loop)


@pytest.mark.parametrize("head", [b"HTTP/1.1 302 F\r\n", b"HTTP/1.1 200 OK\r\ncontent-encoding: br\r\n"])
def test_a_refused_answer_is_not_read_to_its_end(head):
    async def story():
        async with Upstream(sends(head + b"content-length: 99\r\n\r\n", then="hang")) as upstream:
            way_out = provider(upstream.url)
            assert await ask(way_out, upstream.url) == "protocol"
            await upstream.departure.wait()
            await way_out.aclose()

    run(story())


# -- leaving early ------------------------------------------------------------------------------------------------


@both_loops
@pytest.mark.parametrize("when", ["before the head", "in a whole body", "in a stream", "by closing"])
def test_who_leaves_early_is_seen_by_the_upstream(when, loop):
    async def story():
        script = nothing if when == "before the head" else streams(b"data: 1\n\n", then="hang", finish=False)
        async with Upstream([script, answers()]) as upstream:
            way_out = provider(upstream.url)
            if when == "by closing":
                answer = await way_out.send(permit(upstream.url), b"{}")
                await answer.aclose()
            else:
                asking = asyncio.ensure_future(
                    ask(way_out, upstream.url) if when == "in a whole body" else consume(way_out, upstream.url)
                )
                await upstream.seen.wait()
                await asyncio.sleep(0.02)
                asking.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await asking
            await upstream.departure.wait()
            assert upstream.left == 1
            assert await ask(way_out, upstream.url) == (200, b"{}")
            await way_out.aclose()

    async def consume(way_out, url):
        return await drained(await way_out.send(permit(url), b"{}"))

    run(story(), loop=loop)


@both_loops
def test_closing_the_provider_ends_what_is_under_way(loop):
    async def story():
        async with Upstream(nothing) as upstream:
            way_out = provider(upstream.url)
            asking = asyncio.ensure_future(ask(way_out, upstream.url))
            await upstream.seen.wait()
            await way_out.aclose()
            assert await asking == "cut"
            assert await ask(way_out, upstream.url) == "connect"
            await upstream.departure.wait()

    run(story(), loop=loop)


# -- connections ---------------------------------------------------------------------------------------------------


@both_loops
def test_connections_are_kept_and_no_more_opened_than_allowed(loop):
    async def story():
        async with Upstream(answers()) as upstream:
            way_out = provider(upstream.url, limits=Limits(connections=4))
            results = await asyncio.gather(*(ask(way_out, upstream.url) for _ in range(100)))
            assert set(results) == {(200, b"{}")}
            assert upstream.connections == 4
            assert len(upstream.requests) == 100
            await way_out.aclose()

    run(story(), loop=loop)


@both_loops
def test_a_server_that_closed_a_kept_connection_is_asked_once_more_on_a_fresh_one(loop):
    """As a restarting server does it: it reads the request on the old connection and hangs up."""

    async def story():
        async with Upstream([answers(), closes(), answers(200, b"again")]) as upstream:
            way_out = provider(upstream.url)
            await ask(way_out, upstream.url)
            assert await ask(way_out, upstream.url, b'{"n":2}') == (200, b"again")
            assert [request.body for request in upstream.requests] == [b"{}", b'{"n":2}', b'{"n":2}']
            assert upstream.connections == 2
            await way_out.aclose()

    run(story(), loop=loop)


def test_what_keeps_something_is_never_written_twice():
    async def story():
        async with Upstream([answers(), closes(), answers()]) as upstream:
            way_out = provider(upstream.url)
            await ask(way_out, upstream.url)
            with pytest.raises(UpstreamError) as caught:
                await way_out.send(permit(upstream.url, b'{"n":2}', once=True), b'{"n":2}')
            assert caught.value.kind == "cut"
            assert [request.body for request in upstream.requests] == [b"{}", b'{"n":2}']
            await way_out.aclose()

    run(story())


def test_the_neighbours_of_a_stale_connection_are_not_tried():
    async def story():
        async with Upstream([answers(), answers(), closes(), answers()]) as upstream:
            way_out = provider(upstream.url)
            await asyncio.gather(ask(way_out, upstream.url), ask(way_out, upstream.url))
            assert upstream.connections == 2
            assert await ask(way_out, upstream.url) == (200, b"{}")
            assert upstream.connections == 3
            await way_out.aclose()

    run(story())


def test_the_seal_is_checked_again_for_the_fresh_connection():
    seen = []

    async def story():
        async with Upstream([answers(), resets(), answers()]) as upstream:
            way_out = provider(upstream.url, seal=lambda *_, **what: seen.append(what["address"]))
            for _ in range(2):
                assert await ask(way_out, upstream.url) == (200, b"{}")
            await way_out.aclose()

    run(story())
    assert seen == ["127.0.0.1"] * 3


# (scripts of the second request on a kept connection, and what its caller sees: nothing of it is sent a third time)
@pytest.mark.parametrize(
    ("second", "third", "expected"),
    [
        (closes(), closes(), "cut"),
        (sends(b"H", then="close"), answers(), "cut"),
        (sends(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n", then="close"), answers(), "cut"),
    ],
    ids=["the fresh one closes too", "a byte of an answer came", "a head came"],
)
def test_nothing_else_is_asked_again(second, third, expected):
    async def story():
        async with Upstream([answers(), second, third, answers(500)]) as upstream:
            way_out = provider(upstream.url)
            await ask(way_out, upstream.url)
            assert await ask(way_out, upstream.url) == expected
            await way_out.aclose()
            assert len(upstream.requests) <= 3

    run(story())


def test_a_first_connection_that_is_closed_is_no_reason_to_ask_again():
    async def story():
        async with Upstream([closes(), answers()]) as upstream:
            way_out = provider(upstream.url)
            assert await ask(way_out, upstream.url) == "cut"
            await way_out.aclose()
            assert len(upstream.requests) == 1

    run(story())


@both_loops
def test_a_connection_that_the_peer_closed_while_idle_is_not_used(loop):
    async def story():
        async with Upstream(answers()) as upstream:
            way_out = provider(upstream.url)
            await ask(way_out, upstream.url)
            await upstream.hang_up()
            await asyncio.sleep(0.02)
            assert await ask(way_out, upstream.url) == (200, b"{}")
            assert len(upstream.requests) == 2
            await way_out.aclose()

    run(story(), loop=loop)


@both_loops
def test_idle_connections_are_closed(loop):
    async def story():
        async with Upstream(answers()) as upstream:
            way_out = provider(upstream.url, timeouts=Timeouts(idle_s=0.05))
            await ask(way_out, upstream.url)
            while not upstream.idle:
                await asyncio.sleep(0.02)
            await way_out.aclose()
            assert upstream.connections == 1

    run(story(), loop=loop)


# -- TLS and the environment ------------------------------------------------------------------------------------


@both_loops
def test_over_tls_everything_holds_as_without(tmp_path, loop):
    async def story():
        scripts = [answers(200, b"x" * 100_000), streams(b"a", b"b"), resets(), answers()]
        async with Upstream(scripts, identity.server, host="127.0.0.1") as upstream:
            way_out = provider(upstream.url, tls=trusting(identity.ca_file))
            assert await ask(way_out, upstream.url) == (200, b"x" * 100_000)
            assert await ask(way_out, upstream.url) == (200, b"ab")
            assert await ask(way_out, upstream.url) == (200, b"{}")
            assert upstream.connections == 2
            await way_out.aclose()

    identity = issue(tmp_path, "127.0.0.1")
    run(story(), loop=loop)


@both_loops
@pytest.mark.parametrize(
    ("then", "expected"), [("close", (200, b"all")), ("reset", "cut")], ids=["signed close", "bare close"]
)
def test_over_tls_only_a_signed_close_ends_a_body(tmp_path, then, expected, loop):
    async def story():
        script = sends(b"HTTP/1.1 200 OK\r\n\r\nall", then=then)
        async with Upstream(script, identity.server) as upstream:
            way_out = provider(upstream.url, tls=trusting(identity.ca_file))
            assert await ask(way_out, upstream.url) == expected
            await way_out.aclose()

    identity = issue(tmp_path, "127.0.0.1")
    run(story(), loop=loop)


def test_a_certificate_for_another_name_gets_no_request(tmp_path):
    async def story():
        async with Upstream(answers(), identity.server) as upstream:
            way_out = provider(upstream.url, tls=trusting(identity.ca_file))
            with pytest.raises(UpstreamError) as caught:
                await way_out.send(permit(upstream.url), b"{}")
            assert (caught.value.kind, "not trusted" in caught.value.message) == ("connect", True)
            await way_out.aclose()
            assert upstream.requests == []

    identity = issue(tmp_path, "other.test")
    run(story())


def test_the_environment_has_no_say(tmp_path, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    identity = issue(tmp_path, "127.0.0.1")
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))

    async def story():
        async with Upstream(answers()) as plain, Upstream(answers(), identity.server) as encrypted:
            for upstream in (plain, encrypted):
                way_out = provider(upstream.url, tls=trusting(identity.ca_file))
                assert await ask(way_out, upstream.url) == (200, b"{}")
                await way_out.aclose()

    run(story())
    assert not (tmp_path / "keys").exists()


# -- probing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "well"),
    [
        (answers(200, b'{"data":[]}'), True),
        (answers(401), False),
        (answers(503), False),
        (closes(), False),
        (nothing, False),
    ],
    ids=["answers", "unauthorised", "busy", "closes", "silent"],
)
def test_a_probe_tells_whether_a_get_is_answered(script, well):
    async def story():
        async with Upstream(script) as upstream:
            way_out = provider(upstream.url, timeouts=BRISK if script is nothing else Timeouts(), seal=check)
            asked = permit(upstream.url, b"", method="GET", url=upstream.url + "/models")
            assert await way_out.probe(asked) is well
            await way_out.aclose()
            assert (upstream.requests[0].method, upstream.requests[0].target) == ("GET", "/v1/models")
            assert upstream.requests[0].body == b""

    run(story())


def test_a_probe_of_nobody_is_no():
    async def story():
        way_out = provider("http://127.0.0.1:9/v1", timeouts=BRISK)
        assert await way_out.probe(permit("http://127.0.0.1:9/v1", b"", method="GET")) is False
        await way_out.aclose()

    run(story())


def test_a_probe_is_a_get():
    async def story():
        way_out = provider("http://127.0.0.1:9/v1")
        with pytest.raises(SealBroken):
            await way_out.probe(permit("http://127.0.0.1:9/v1"))
        await way_out.aclose()

    run(story())


# -- construction ------------------------------------------------------------------------------------------------


def test_it_is_a_provider_and_shows_no_secret():
    way_out: Provider = provider("https://house.test/v1/", tls=None)
    assert repr(way_out) == "HttpProvider(https://house.test/v1)"
    assert SECRET not in repr(vars(way_out) | {"_shown": ""})


def test_targets_share_the_systems_authorities(monkeypatch):
    read = []
    monkeypatch.setattr(http, "_systems_trust", functools.cache(lambda: read.append(1)))
    for _ in range(3):
        provider("https://house.test/v1")
        provider("http://house.test/v1")
    assert read == [1]


@pytest.mark.parametrize("credential", ["a\r\nx: y", "a\n", " a", "a\0", "\u2028"])
def test_a_credential_that_cannot_be_sent_is_refused_and_not_repeated(credential):
    with pytest.raises(ConfigError) as caught:
        provider("http://127.0.0.1:9/v1", credential=credential)
    assert credential.strip() == "a" or credential not in str(caught.value)
