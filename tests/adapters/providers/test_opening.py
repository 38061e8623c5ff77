"""From a target to the bytes that leave: its own style of credential, its own authorities, and no others."""

import json

import pytest

from tests.adapters.providers.certificates import issue
from tests.adapters.providers.outgoing import SECRET, looks_away, permit, run
from tests.adapters.providers.signing.test_google import ACCOUNT, TOKEN, granted
from tests.fakes.aws import signature_is_good
from tests.fakes.upstream import Upstream, answers
from tidegate.adapters.providers.http1 import Limits, Timeouts
from tidegate.adapters.providers.opening import open_provider
from tidegate.core.dispatch import seal
from tidegate.core.dispatch.credentials import headers_of
from tidegate.core.values.errors import ConfigError, UpstreamError
from tidegate.core.values.target import Access, Boundary, Target

HERE = Boundary("here", "local")
AWS = {"AccessKeyId": "AKIA" + "TIDEGATETEST0001", "SecretAccessKey": "secret-of-" + "the-test"}


def target(url, provider="openai-compatible", credential="", **access):
    return Target(
        name="house",
        provider=provider,
        url=url,
        model="m",
        boundary=HERE,
        credential=credential,
        access=Access(**access),
    )


def opened(found, *, secret="", document=""):
    return open_provider(
        found,
        secret=secret,
        document=lambda: document,
        seal=seal.check,
        timeouts=Timeouts(connect_s=1),
        limits=Limits(),
    )


async def ask(way_out, found, body=b'{"a":1}'):
    answer = await way_out.send(permit(found.url, body, credential=headers_of(found)), body)
    await answer.read(1 << 20)
    await answer.aclose()
    return answer.status


@pytest.mark.parametrize(
    ("provider", "shown"),
    [
        ("openai", ("authorization", f"Bearer {SECRET}")),
        ("anthropic", ("x-api-key", SECRET)),
        ("azure", ("api-key", SECRET)),
        ("gemini", ("x-goog-api-key", SECRET)),
        ("bedrock", ("authorization", f"Bearer {SECRET}")),
    ],
)
def test_a_key_goes_out_in_its_providers_header(provider, shown):
    async def story():
        async with Upstream(answers()) as upstream:
            found = target(upstream.url, provider, "env:K")
            way_out = opened(found, secret=SECRET)
            assert await ask(way_out, found) == 200
            await way_out.aclose()
            sent = upstream.requests[0].headers
            assert sent[shown[0]] == shown[1]
            assert [name for name, value in sent.items() if SECRET in value] == [shown[0]]

    run(story())


def test_bedrock_is_signed_for_over_what_is_written():
    async def story():
        async with Upstream(answers()) as upstream:
            found = target(upstream.url, "bedrock", region="eu-central-1")
            way_out = opened(found, document=json.dumps(AWS))
            for body in (b'{"a":1}', b'{"a":2}'):
                assert await ask(way_out, found, body) == 200
            await way_out.aclose()
            for request in upstream.requests:
                url = upstream.url.removesuffix("/v1") + request.target
                assert signature_is_good("POST", url, request.headers, request.body, secret=AWS["SecretAccessKey"])

    run(story())


def test_vertex_shows_a_token_that_google_gave_for_the_service_account():
    async def story():
        status, body = granted()
        async with Upstream(answers(status, body)) as google, Upstream(answers()) as upstream:
            found = target(upstream.url, "vertex")
            account = {**ACCOUNT, "token_uri": google.url.removesuffix("/v1") + "/token"}
            way_out = opened(found, document=json.dumps(account))
            for _ in range(2):
                assert await ask(way_out, found) == 200
            await way_out.aclose()
            assert [request.target for request in google.requests] == ["/token"]
            assert "authorization" not in google.requests[0].headers
            assert {request.headers["authorization"] for request in upstream.requests} == {f"Bearer {TOKEN}"}

    run(story())


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_turned_away_is_asked_for_anew(status):
    async def story():
        async with (
            Upstream([answers(*granted("one")), answers(*granted("two"))]) as google,
            Upstream([answers(status), answers()]) as upstream,
        ):
            found = target(upstream.url, "vertex")
            account = {**ACCOUNT, "token_uri": google.url + "/token"}
            way_out = opened(found, document=json.dumps(account))
            assert [await ask(way_out, found) for _ in range(2)] == [status, 200]
            await way_out.aclose()
            assert [r.headers["authorization"] for r in upstream.requests] == ["Bearer one", "Bearer two"]

    run(story())


def test_where_there_is_no_token_nothing_reaches_the_target():
    async def story():
        async with Upstream(answers(400, b'{"error":"invalid_grant"}')) as google, Upstream(answers()) as upstream:
            found = target(upstream.url, "vertex")
            way_out = opened(found, document=json.dumps({**ACCOUNT, "token_uri": google.url + "/token"}))
            with pytest.raises(UpstreamError, match="invalid_grant"):
                await ask(way_out, found)
            await way_out.aclose()
            assert upstream.connections == 0

    run(story())


def test_a_private_authority_is_trusted_where_the_target_names_it(tmp_path):
    async def story():
        identity = issue(tmp_path, "127.0.0.1")
        async with Upstream(answers(), tls=identity.server) as upstream:
            trusting = target(upstream.url, ca_file=identity.ca_file)
            way_out = opened(trusting)
            assert await ask(way_out, trusting) == 200
            await way_out.aclose()
            other = target(upstream.url)
            way_out = opened(other)
            with pytest.raises(UpstreamError, match="not trusted"):
                await ask(way_out, other)
            await way_out.aclose()

    run(story())


@pytest.mark.parametrize(
    ("found", "document"),
    [
        (target("http://127.0.0.1:1", "vertex"), "{}"),
        (target("http://127.0.0.1:1", "bedrock", region="eu-central-1"), "{}"),
        (target("https://127.0.0.1:1", ca_file="/nowhere/ca.pem"), ""),
    ],
)
def test_what_cannot_work_is_refused_at_the_start(found, document):
    with pytest.raises(ConfigError):
        open_provider(
            found, secret="", document=lambda: document, seal=looks_away, timeouts=Timeouts(), limits=Limits()
        )
