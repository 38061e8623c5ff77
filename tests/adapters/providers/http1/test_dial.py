import asyncio
import socket
import ssl
from contextlib import asynccontextmanager

import pytest

from tests.adapters.providers.certificates import issue
from tests.adapters.providers.outgoing import LOOPS, run
from tests.fakes.upstream import Upstream, nothing
from tidegate.adapters.providers.http1 import Dialer, Limits, Origin, Timeouts, dial, trusting
from tidegate.core.values.errors import ConfigError, UpstreamError


class Nobody:
    def released(self, connection):
        pass

    def lost(self, connection):
        pass


@asynccontextmanager
async def listening(tls: ssl.SSLContext | None = None):
    async with Upstream(nothing, tls) as upstream:
        yield upstream.port


def dialer(url: str, ca_file: str = "", **times: float) -> Dialer:
    origin = Origin.of(url)
    tls = trusting(ca_file) if ca_file else None
    return Dialer(origin, timeouts=Timeouts(**times), limits=Limits(), tls=tls)


async def refusal(way_out: Dialer) -> str:
    with pytest.raises(UpstreamError) as caught:
        (await way_out.dial(Nobody())).drop()
    assert caught.value.kind == "connect"
    assert caught.value.before_first_byte
    return caught.value.message


# -- origins -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "prefix", "authority"),
    [
        ("https://api.example.com/v1", "api.example.com", 443, True, "https://api.example.com", "api.example.com"),
        ("http://127.0.0.1:11434/v1", "127.0.0.1", 11434, False, "http://127.0.0.1:11434", "127.0.0.1:11434"),
        ("http://[::1]:8080", "::1", 8080, False, "http://[::1]:8080", "[::1]:8080"),
        (
            "https://House.Example:8443/a/b",
            "house.example",
            8443,
            True,
            "https://House.Example:8443",
            "house.example:8443",
        ),
    ],
)
def test_an_origin_is_read_from_a_url(url, host, port, tls, prefix, authority):
    assert Origin.of(url) == Origin(host, port, tls, prefix, authority)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "house",
            "house:80/v1",
            "ftp://house/v1",
            "http://",
            "http:///v1",
            "http://house:0",
            "http://house:99999",
        ),
        *("http://house:port/v1", "http://ho use/v1", "http://house\r\n/v1", "http://hous\xe9/v1", "http://house/\\x"),
        *("http://house/v1?key=1", "http://house/v1#a", "http://house/v1?", "http://[::1/v1"),
    ],
)
def test_what_is_no_origin_is_said_so(url):
    with pytest.raises(ConfigError):
        Origin.of(url)


def test_a_password_in_a_url_is_refused_and_not_repeated():
    with pytest.raises(ConfigError) as caught:
        Origin.of("https://user:" + "hunter2" + "@house.example/v1")
    assert "hunter2" not in str(caught.value)


# -- connecting ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loop", LOOPS)
def test_a_name_is_looked_up_and_the_peers_address_known(loop):
    async def story():
        async with listening() as port:
            way_out = dialer(f"http://localhost:{port}")
            connection = await way_out.dial(Nobody())
            assert connection.address == "127.0.0.1"
            connection.drop()

    run(story(), loop=loop)


@pytest.mark.parametrize("loop", LOOPS)
def test_nobody_listens(loop):
    async def story():
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            port = held.getsockname()[1]
            assert "refused" in await refusal(dialer(f"http://127.0.0.1:{port}"))

    run(story(), loop=loop)


def answering(monkeypatch, *answers):
    """The resolver gives these in turn: a list of addresses or an error. Returns what it was asked."""
    asked: list[str] = []
    turn = iter(answers)

    async def getaddrinfo(self, host, port, **_):
        asked.append(host)
        await asyncio.sleep(0)
        answer = next(turn)
        if isinstance(answer, Exception):
            raise answer
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in answer]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return asked


def test_the_second_address_is_tried_and_then_preferred(monkeypatch):
    async def story():
        async with listening() as port:
            way_out = dialer(f"http://house.test:{port}")
            tried: list[str] = []
            connect = way_out._connect

            async def noting(owner, address):
                tried.append(address)
                return await connect(owner, address)

            way_out._connect = noting
            for _ in range(2):
                (await way_out.dial(Nobody())).drop()
            assert tried == ["127.0.0.2", "127.0.0.1", "127.0.0.1"]

    answering(monkeypatch, ["127.0.0.2", "127.0.0.1"])
    run(story(), loop="asyncio")


def test_a_silent_address_leaves_time_for_the_next(monkeypatch):
    async def story():
        async with listening() as port:
            way_out = dialer(f"http://house.test:{port}", connect_s=0.4)
            connect = way_out._connect

            async def first_is_silent(owner, address):
                if address == "127.0.0.2":
                    await asyncio.Event().wait()
                return await connect(owner, address)

            way_out._connect = first_is_silent
            connection = await way_out.dial(Nobody())
            assert connection.address == "127.0.0.1"
            connection.drop()

    answering(monkeypatch, ["127.0.0.2", "127.0.0.1"])
    run(story(), loop="asyncio")


def test_many_callers_share_one_look_up_which_is_remembered_for_a_while(monkeypatch):
    async def story():
        async with listening() as port:
            way_out = dialer(f"http://house.test:{port}")
            for connection in await asyncio.gather(*(way_out.dial(Nobody()) for _ in range(5))):
                connection.drop()
            (await way_out.dial(Nobody())).drop()
            assert asked == ["house.test"]
            monkeypatch.setattr(way_out, "_lookup_until", 0.0)
            (await way_out.dial(Nobody())).drop()
            assert asked == ["house.test", "house.test"]

    asked = answering(monkeypatch, ["127.0.0.1"], ["127.0.0.1"])
    run(story(), loop="asyncio")


def test_an_unknown_name_is_not_asked_for_again_at_once(monkeypatch):
    async def story():
        way_out = dialer("http://house.test:80")
        for _ in range(3):
            assert "cannot be looked up (name or service not known)" in await refusal(way_out)
        assert len(asked) == 1

    asked = answering(monkeypatch, socket.gaierror(socket.EAI_NONAME, "Name or service not known"))
    run(story(), loop="asyncio")


def test_a_caller_that_leaves_does_not_end_the_look_up_of_others(monkeypatch):
    async def story():
        async with listening() as port:
            way_out = dialer(f"http://house.test:{port}")
            leaving = asyncio.ensure_future(way_out.dial(Nobody()))
            staying = asyncio.ensure_future(way_out.dial(Nobody()))
            await asyncio.sleep(0)
            leaving.cancel()
            (await staying).drop()
            with pytest.raises(asyncio.CancelledError):
                await leaving

    answering(monkeypatch, ["127.0.0.1"])
    run(story(), loop="asyncio")


def test_closing_ends_a_look_up_and_its_callers_get_an_error_rather_than_a_cancellation(monkeypatch):
    async def never(self, host, port, **_):
        await asyncio.Event().wait()

    async def story():
        way_out = dialer("http://house.test:80")
        waiting = asyncio.ensure_future(refusal(way_out))
        await asyncio.sleep(0.01)
        way_out.close()
        assert "shutting down" in await waiting

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", never)
    run(story(), loop="asyncio")


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("host", ["a" * 64 + ".test", "a..test", ".test"])
def test_a_name_that_no_resolver_takes_is_an_error_like_any_other(host, loop):
    assert "cannot be reached" in run(refusal(dialer(f"http://{host}:80")), loop=loop)


# -- TLS ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loop", LOOPS)
def test_a_certificate_for_the_name_from_a_trusted_authority_is_accepted(tmp_path, loop):
    async def story():
        async with listening(identity.server) as port:
            connection = await dialer(f"https://localhost:{port}", identity.ca_file).dial(Nobody())
            tls = connection._transport.get_extra_info("ssl_object")
            assert tls.selected_alpn_protocol() == "http/1.1"
            assert tls.version() in ("TLSv1.2", "TLSv1.3")
            connection.drop()

    identity = issue(tmp_path, "localhost")
    run(story(), loop=loop)


# (what is wrong, names in the certificate, days it is valid, whether its authority is trusted, words of the error)
@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize(
    ("wrong", "names", "days", "trusted", "words"),
    [
        ("the name", ["other.test"], 1, True, "hostname mismatch"),
        ("an address for a name", ["127.0.0.1"], 1, True, "hostname mismatch"),
        ("the date", ["localhost"], -1, True, "has expired"),
        ("the authority", ["localhost"], 1, False, "unable to get local issuer certificate"),
    ],
)
def test_another_certificate_is_refused(tmp_path, *, wrong, names, days, trusted, words, loop):
    async def story():
        async with listening(identity.server) as port:
            message = await refusal(dialer(f"https://localhost:{port}", ca_file))
            assert "its certificate is not trusted" in message
            assert words in message.lower()

    identity = issue(tmp_path, *names, days=days)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    ca_file = identity.ca_file if trusted else issue(elsewhere, "localhost").ca_file
    run(story(), loop=loop)


@pytest.mark.parametrize("loop", LOOPS)
def test_a_server_that_speaks_no_tls_is_said_so(tmp_path, loop):
    async def story():
        async def rude(reader, writer):
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            writer.close()

        async with await asyncio.start_server(rude, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            assert "does not speak TLS as expected" in await refusal(dialer(f"https://localhost:{port}", ca_file))

    ca_file = issue(tmp_path, "localhost").ca_file
    run(story(), loop=loop)


@pytest.mark.parametrize("loop", LOOPS)
def test_a_handshake_that_never_ends_runs_into_the_connect_timeout(tmp_path, loop):
    async def story():
        async with listening() as port:
            message = await refusal(dialer(f"https://localhost:{port}", ca_file, connect_s=0.2))
            assert "no connection within 0.2 s" in message

    ca_file = issue(tmp_path, "localhost").ca_file
    run(story(), loop=loop)


def test_the_times_of_the_look_up_are_sane():
    assert 0 < dial._UNKNOWN_S < dial._KNOWN_S <= 60
