"""Two gateways on one database: what one has seen counts at the other at once, and each writes its own log."""

import asyncio
import json
import socket

import pytest

from tests.fakes.postgres import Server
from tidegate import app, compose, verify
from tidegate.adapters.stores.sql import SqlStore
from tidegate.adapters.system.entropy import SystemEntropy
from tidegate.config import load
from tidegate.core.values.wish import Wish

CONFIGURATION = """
[boundaries.here]
kind = "local"
[boundaries.there]
kind = "cloud"
region = "eu"
[targets.cloud]
provider = "openai-compatible"
url = "http://127.0.0.1:{cloud}/v1"
model = "m"
boundary = "there"
contract = {{ retention = "zero", training = "never", tier = "enterprise", expires = 2099-01-01 }}
[targets.inside]
provider = "openai-compatible"
url = "http://127.0.0.1:{inside}/v1"
model = "m"
boundary = "here"
[models]
auto = ["cloud", "inside"]
[keys]
path = "../keys"
[audit]
path = "log"
[store]
url = "env:TIDEGATE_TEST_DATABASE"
"""
ANSWER = json.dumps(
    {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "yes"}, "finish_reason": "stop"}],
    }
)
SSN = "my SSN is " + "457-55-" + "5462"


@pytest.fixture(scope="module")
def postgres():
    server = Server()
    if server.missing:
        pytest.skip(server.missing)
    try:
        server.begin()
        yield server
    finally:
        server.close()


class Targets:
    """A cloud and a local model that say yes, and who of them was asked."""

    async def __aenter__(self):
        self.asked, self.servers, self.ports = [], [], {}
        for name in ("cloud", "inside"):
            server = await asyncio.start_server(lambda r, w, name=name: self._serve(name, r, w), "127.0.0.1", 0)
            self.servers.append(server)
            self.ports[name] = server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        for server in self.servers:
            server.close()

    async def _serve(self, name, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        lengths = [int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
        asked = json.loads(await reader.readexactly(sum(lengths)) or b"{}")
        if "hello" in (said := json.dumps(asked)) or "?" in said or "my SSN" in said or "another" in said:
            self.asked.append(name)  # whether a target is well is asked by other requests
        body = ANSWER.encode()
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n")
        writer.write(b"content-length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()


async def opened(folder, ports):
    folder.mkdir()
    (folder / "tidegate.toml").write_text(CONFIGURATION.format(**ports))
    settings = load(folder / "tidegate.toml", {"HOME": str(folder)})
    gateway = await compose.open_gateway(settings, None)
    listening = socket.create_server(("127.0.0.1", 0))
    await gateway.listen(listening)
    return gateway, listening.getsockname()[1], settings


async def ask(port, text, *, session="one"):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = json.dumps({"model": "auto", "messages": [{"role": "user", "content": text}]}).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nx-tidegate-session: {session}\r\n"
    head += f"content-type: application/json\r\nconnection: close\r\ncontent-length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    answer = await reader.read()
    writer.close()
    return int(answer.split(b" ", 2)[1])


def records(settings, kind):
    found = [json.loads(entry) for _, entry in app.log_entries(settings.audit.path / compose.SLOT)]
    return [one for one in found if one["kind"] == kind]


def story(tmp_path, monkeypatch, postgres, told):
    monkeypatch.setenv("TIDEGATE_TEST_DATABASE", postgres.database())

    async def run():
        async with Targets() as targets:
            one, other = [await opened(tmp_path / name, targets.ports) for name in ("a", "b")]
            try:
                await told(targets, one, other)
            finally:
                for gateway, _, _ in (one, other):
                    await gateway.close()
            return one[2], other[2]

    return asyncio.run(run())


def test_a_session_that_is_strict_at_one_is_strict_at_the_other_at_once(tmp_path, monkeypatch, postgres):
    async def told(targets, one, other):
        (_, a, _), (_, b, _) = one, other
        assert [await ask(a, "hello"), await ask(b, "hello again")] == [200, 200]
        assert targets.asked == ["cloud", "cloud"]
        assert await ask(a, SSN) == 200
        assert [await ask(b, "and what now?"), await ask(a, "and here?")] == [200, 200]
        assert targets.asked[2:] == ["inside", "inside", "inside"]
        assert await ask(b, "of another session", session="two") == 200
        assert targets.asked[-1] == "cloud"

    one, other = story(tmp_path, monkeypatch, postgres, told)
    for settings in (one, other):
        report = verify.verify(
            settings.audit.path,
            keys=verify.read_keys(settings.keys.path / "signing.pub"),
            key="local",
            anchors=app.anchored_heads(settings),
        )
        assert report["ok"], report["first_damage"]
    assert len(app.anchored_heads(one)) == len(app.anchored_heads(other)) == 1
    assert app.anchored_heads(one) != app.anchored_heads(other)


def test_what_a_command_says_counts_at_both_and_is_in_one_of_the_logs_once(tmp_path, monkeypatch, postgres):
    async def told(targets, one, other):
        settings = one[2]
        said = Wish("residency", "ch", 1)
        await asyncio.to_thread(app.keep_wishes, settings, "tenant", "default", [said], "root")
        await asyncio.sleep(2.1)
        for _, port, _ in (one, other):
            assert await ask(port, "hello", session="three") == 200
        assert targets.asked == ["inside", "inside"]
        await asyncio.sleep(1.1)

    both = story(tmp_path, monkeypatch, postgres, told)
    acts = [one["act"] for settings in both for one in records(settings, "admin") if one.get("about")]
    assert acts == ["residency.given"]


def test_without_the_database_nothing_leaves_and_with_it_all_goes_on(tmp_path, monkeypatch, postgres):
    async def told(targets, one, other):
        gateway, port, _ = one
        assert await ask(port, "hello") == 200
        postgres.stop()
        try:
            await asyncio.sleep(2.1)  # what was known of the register is no longer good
            assert await ask(port, "hello", session="nobody-knows") in (200, 503)
            assert "cannot be reached" in gateway.store.trouble
            assert targets.asked[1:] in ([], ["inside"])
        finally:
            postgres.start()
        await asyncio.sleep(1.5)
        assert await ask(port, "hello", session="afterwards") == 200
        assert targets.asked[-1] == "cloud"
        assert gateway.store.trouble == ""

    story(tmp_path, monkeypatch, postgres, told)


def test_a_database_that_is_not_there_at_the_start_is_found_when_it_is(tmp_path, monkeypatch, postgres):
    monkeypatch.setenv("TIDEGATE_TEST_DATABASE", postgres.database())
    postgres.stop()

    async def run():
        async with Targets() as targets:
            try:
                gateway, port, _ = await opened(tmp_path / "a", targets.ports)
                assert await ask(port, "hello") in (200, 503)
                assert targets.asked in ([], ["inside"])
            finally:
                postgres.start()
            for n in range(100):
                await asyncio.sleep(0.1)
                # Each a session of its own: what nobody could classify has made the others strict.
                if await ask(port, "hello", session=f"later-{n}") == 200 and targets.asked[-1] == "cloud":
                    break
            assert targets.asked[-1] == "cloud"
            await gateway.close()

    asyncio.run(run())


def test_no_password_is_in_anything_that_a_gateway_says(tmp_path, monkeypatch, postgres, caplog):
    secret = "hunter" + "2"
    wrong = postgres.database().replace("correct%20horse", secret)
    monkeypatch.setenv("TIDEGATE_TEST_DATABASE", wrong)

    async def run():
        async with Targets() as targets:
            gateway, port, settings = await opened(tmp_path / "a", targets.ports)
            await ask(port, "hello")
            trouble = gateway.store.trouble
            await gateway.close()
            return trouble, repr(settings), json.dumps(dict(settings.document), default=str)

    told = asyncio.run(run())
    assert "does not take this password" in told[0]
    assert all(secret not in one for one in (*told, caplog.text))


def test_commands_reach_it_by_the_same_references(tmp_path, monkeypatch, postgres):
    url = postgres.database()
    monkeypatch.setenv("TIDEGATE_TEST_DATABASE", url.replace(":correct%20horse", ""))
    monkeypatch.setenv("TIDEGATE_TEST_PASSWORD", "correct horse")
    folder = tmp_path / "a"
    folder.mkdir()
    text = CONFIGURATION.format(cloud=1, inside=2) + 'password = "file:password"\nreplica = "left"\n'
    (folder / "tidegate.toml").write_text(text)
    (folder / "password").write_text("correct horse\n")
    settings = load(folder / "tidegate.toml", {"HOME": str(folder)})
    app.keep_wishes(settings, "subject", "ada", [Wish("consent", "care", 1)], "root")
    assert [one.word for one in app.wishes_of(settings, "subject", "ada")] == ["care"]
    assert app.store_place(settings).replica == "left"
    assert "horse" not in repr(app.store_place(settings))

    async def look():
        store = await SqlStore.open(url, entropy=SystemEntropy())
        owed = await store.debts()
        await store.aclose()
        return len(owed)

    assert asyncio.run(look()) == 1
