"""One worker's parts put together as they run: real log, store, keys, policy and server, on a socket of the test's."""

import asyncio
import contextlib
import json
import re
import socket

import pytest

from tests.fakes.gateway import CONFIGURATION, CREDENTIAL
from tidegate import activation, app, compose
from tidegate.config import load
from tidegate.core.values.errors import ConfigError, LedgerError

NOWHERE = "http://127.0.0.1:9/v1"


@pytest.fixture
def configured(tmp_path, monkeypatch):
    """configured(more) -> settings; the targets' upstreams are not there."""
    monkeypatch.setenv("TEST_OUTSIDE_KEY", CREDENTIAL)

    def make(more=""):
        file = tmp_path / "tidegate.toml"
        none = {"server": "", "upstream": "", "audit": "", "more": ""}
        text = CONFIGURATION.format(port=8790, inside=NOWHERE, outside=NOWHERE, home=tmp_path, **none)
        file.write_text(text + more)
        return load(file, {"HOME": str(tmp_path)})

    return make


@contextlib.asynccontextmanager
async def serving(settings):
    """(the gateway, how to ask it)."""
    gateway = await compose.open_gateway(settings, None)
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    try:
        await gateway.listen(listening)

        async def ask(method, path, body=b""):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            head = f"{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
            writer.write(f"{head}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body)
            answer = await asyncio.wait_for(reader.read(), 20)
            writer.close()
            return int(answer.split()[1]), answer

        yield gateway, ask
    finally:
        await gateway.close()


def tree(answer):
    return json.loads(answer.split(b"\r\n\r\n", 1)[1])


async def kinds(ask, receipt):
    """Of the records on it; an outcome may come a moment after its answer."""
    for _ in range(100):
        status, answer = await ask("GET", receipt)
        assert status == 200
        found = [one["record"]["kind"] for one in tree(answer)["records"]]
        if len(found) > 1:
            break
        await asyncio.sleep(0.02)
    return found


def run(story):
    return asyncio.run(asyncio.wait_for(story(), 60))


def test_it_serves_refuses_records_and_tells_by_receipt(configured):
    settings = configured()

    async def story():
        async with serving(settings) as (_, ask):
            status, answer = await ask("GET", "/v1/models")
            assert status == 200
            assert [one["id"] for one in tree(answer)["data"]] == ["auto", "cloud-only"]
            body = json.dumps({"model": "auto", "messages": [{"role": "user", "content": "hello"}]}).encode()
            status, answer = await ask("POST", "/v1/chat/completions", body)
            assert status == 503
            request_id = re.search(rb"x-tidegate-request-id: (\S+)", answer).group(1).decode()
            assert await kinds(ask, f"/v1/tidegate/receipts/{request_id}") == ["intent", "outcome"]
            assert (await ask("GET", "/v1/tidegate/receipts/nobody"))[0] == 404
            status, answer = await ask("POST", "/v1/tidegate/explain", b'{"text": "write to ada@example.com"}')
            assert (status, tree(answer)["labels"]) == (200, ["pii.email"])
            assert (await ask("POST", "/v1/tidegate/explain", b'{"words": 3}'))[0] == 400

    run(story)
    kept = [json.loads(entry)["kind"] for _, entry in app.log_entries(settings.audit.path / compose.SLOT)]
    assert kept[:2] == ["intent", "outcome"]
    assert "refusal" in kept[2:]


def test_the_log_s_head_is_kept_in_the_store_when_it_ends(configured):
    settings = configured()

    async def story():
        async with serving(settings) as (gateway, ask):
            await ask("POST", "/v1/chat/completions", b"no json")
            return gateway

    gateway = run(story)
    (head,) = app.anchored_heads(settings)
    assert (head.size, head.root) == (gateway.ledger.head.size, gateway.ledger.head.root)
    assert head.size == 1


def test_two_workers_never_share_a_log(configured):
    settings = configured()

    async def story():
        async with serving(settings):
            with pytest.raises(LedgerError):
                await compose.open_gateway(settings, None)

    run(story)


def test_a_credential_that_is_not_there_is_told_before_anything_is_opened(configured, monkeypatch):
    settings = configured()
    monkeypatch.delenv("TEST_OUTSIDE_KEY")
    with pytest.raises(ConfigError) as caught:
        run(lambda: compose.open_gateway(settings, None))
    assert "TEST_OUTSIDE_KEY" in str(caught.value)
    assert not (settings.audit.path / compose.SLOT).exists()


def own_policy(folder):
    """The baseline with a comment more: the same rules, but nobody has proven these texts."""
    folder.mkdir()
    for name, text in app.baseline_files().items():
        (folder / name).write_text(text + ("\n// mine\n" if name.endswith(".cedar") else ""))
    return f'[policy]\npath = "{folder}"\n'


def test_a_policy_that_nobody_has_proven_rules_local_targets_only_until_its_proof_is_there(configured, tmp_path):
    settings = configured(own_policy(tmp_path / "policy"))

    async def story():
        async with serving(settings) as (gateway, ask):

            async def cloud():
                _, answer = await ask("POST", "/v1/tidegate/explain", b'{"text": "hello"}')
                return {one["target"]: one["effect"] for one in tree(answer)["decision"]["targets"]}["outside"]

            assert await cloud() == "none"
            await asyncio.wait_for(gateway._proving, 50)
            assert await cloud() == "raw"

    run(story)
    policy = app.compiled_policy(tmp_path / "policy")
    assert activation.kept_proof(settings, policy)
    (tmp_path / "policy" / "more.cedar").write_text("// another word\n")
    assert not activation.kept_proof(settings, app.compiled_policy(tmp_path / "policy"))


def test_detectors_beside_the_engine_are_part_of_the_path_and_of_what_explain_says(configured):
    more = """
[detectors.patterns]
kind = "presidio"
model = "blank:en"
timeout_s = 20
[detectors.patterns.labels]
EMAIL_ADDRESS = "gov.second_opinion"
"""

    async def story():
        async with serving(configured(more)) as (gateway, ask):
            _, answer = await ask("POST", "/v1/tidegate/explain", b'{"text": "mail jane@shop.example.com"}')
            return gateway.pipeline.detectors, answer

    detectors, answer = asyncio.run(story())
    assert [detector.name for detector in detectors] == ["patterns"]
    assert "gov.second_opinion" in tree(answer)["labels"]


def test_a_detector_that_cannot_be_loaded_is_told_before_anything_is_opened(configured, tmp_path):
    more = '[detectors.ner]\nkind = "spacy"\nmodel = "no_such_pipeline"\nlabels = { PERSON = "pii.person" }\n'
    with pytest.raises(ConfigError, match="no_such_pipeline"):
        asyncio.run(compose.open_gateway(configured(more), None))
    assert not (tmp_path / "audit").exists()


HOOK = '[review.webhooks.chat]\nurl = "{url}"\nboundary = "here"\nsecret = "env:TEST_HOOK_SECRET"\n'


@pytest.mark.parametrize(
    ("url", "secret", "says"),
    [
        ("http://127.0.0.1:9/x", None, "TEST_HOOK_SECRET"),
        ("http://127.0.0.1:9/x", "short", "review.webhooks.chat.secret: it is shorter than 16"),
        ("env:TEST_HOOK_URL", "a" * 16, "review.webhooks.chat.url: it is a public address"),
    ],
)
def test_a_webhook_that_could_not_be_told_is_a_mistake_of_the_configuration(configured, monkeypatch, url, secret, says):
    settings = configured(HOOK.format(url=url))
    monkeypatch.setenv("TEST_HOOK_URL", "https://8.8.8.8/x")
    if secret:
        monkeypatch.setenv("TEST_HOOK_SECRET", secret)
    with pytest.raises(ConfigError, match=re.escape(says)) as error:
        run(lambda: compose.open_gateway(settings, None))
    assert "8.8.8.8" not in str(error.value)
    assert not (settings.audit.path / compose.SLOT).exists(), "nothing is left open"
