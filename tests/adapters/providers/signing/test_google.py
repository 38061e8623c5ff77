"""Google's access tokens: asked for once, kept until shortly before they run out, never repeated in a message."""

import asyncio
import base64
import json
import time

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from tests.adapters.providers.outgoing import run
from tidegate.adapters.providers.signing import google
from tidegate.core.values.errors import ConfigError, UpstreamError

TOKEN = "ya29." + "of-the-test"


def pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ACCOUNT = {
    "type": "service_account",
    "client_email": "gate@project.iam.gserviceaccount.com",
    "private_key_id": "k1",
    "private_key": pem(KEY),
    "token_uri": "https://oauth2.googleapis.com/token",
}


def part(text):
    return json.loads(base64.urlsafe_b64decode(text + "=="))


class Endpoint:
    """Answers one after the other; the last one for ever."""

    def __init__(self, *answers):
        self.answers, self.asked, self.closed = list(answers), [], 0

    async def __call__(self, ask):
        self.asked.append(ask)
        await asyncio.sleep(0)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self):
        self.closed += 1


def granted(token=TOKEN, seconds=3599):
    return 200, json.dumps({"access_token": token, "expires_in": seconds, "token_type": "Bearer"}).encode()


def tokens(*answers, identity=None):
    endpoint = Endpoint(*answers)
    return google.GoogleTokens(identity or google.machine(), endpoint, close=endpoint.close), endpoint


async def sign(signer):
    return dict(await signer.sign("POST", "https://x.test", (), b""))["authorization"]


def test_a_service_account_states_who_it_is_and_signs_it():
    ask = google.identity_of(json.dumps(ACCOUNT))(1_800_000_000.7)
    assert (ask.method, ask.url) == ("POST", "https://oauth2.googleapis.com/token")
    grant, _, assertion = ask.body.decode().partition("&assertion=")
    assert grant == "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
    head, claims, signature = assertion.split(".")
    assert part(head) == {"alg": "RS256", "typ": "JWT", "kid": "k1"}
    assert part(claims) == {
        "iss": ACCOUNT["client_email"],
        "scope": "https://www.googleapis.com/auth/cloud-platform",
        "aud": ACCOUNT["token_uri"],
        "iat": 1_800_000_000,
        "exp": 1_800_003_600,
    }
    KEY.public_key().verify(
        base64.urlsafe_b64decode(signature + "=="), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256()
    )


def test_a_user_shows_a_refresh_token():
    said = {"type": "authorized_user", "client_id": "i", "client_secret": "s", "refresh_token": "1//r"}
    ask = google.identity_of(json.dumps(said))(0)
    assert ask.body == b"grant_type=refresh_token&client_id=i&client_secret=s&refresh_token=1%2F%2Fr"
    assert ask.url == google.TOKEN_URL


def test_the_machine_is_asked_at_its_own_address():
    ask = google.machine()(0)
    assert ask.method == "GET"
    assert ask.url.startswith("http://169.254.169.254/")
    assert ("metadata-flavor", "Google") in ask.headers


def test_one_token_serves_all_who_come_at_once_and_after():
    async def story():
        signer, endpoint = tokens(granted())
        assert set(await asyncio.gather(*[sign(signer) for _ in range(20)])) == {f"Bearer {TOKEN}"}
        assert await sign(signer) == f"Bearer {TOKEN}"
        assert len(endpoint.asked) == 1
        await signer.aclose()
        assert endpoint.closed == 1

    run(story())


def test_a_token_is_renewed_ahead_beside_the_requests_that_use_it():
    async def story():
        signer, endpoint = tokens(granted("old", 200), granted("new"))
        assert await sign(signer) == "Bearer old"
        assert await sign(signer) == "Bearer old"  # it still holds; the next one is on its way
        await asyncio.sleep(0.02)
        assert await sign(signer) == "Bearer new"
        assert len(endpoint.asked) == 2
        await signer.aclose()

    run(story())


def test_while_the_old_one_holds_nobody_notices_that_renewing_fails():
    async def story():
        signer, _ = tokens(granted("old", 200), UpstreamError("connect", "it is away."))
        for _ in range(3):
            assert await sign(signer) == "Bearer old"
            await asyncio.sleep(0.01)
        await signer.aclose()

    run(story())


@pytest.mark.parametrize(
    ("why", "again"), [("it was turned away", lambda signer: signer.forget()), ("it ran out", lambda _: None)]
)
def test_a_token_that_is_of_no_use_is_not_shown_again(why, again, monkeypatch):
    async def story():
        signer, endpoint = tokens(granted("old"), granted("new"))
        assert await sign(signer) == "Bearer old"
        if why == "it ran out":
            now = time.monotonic()
            monkeypatch.setattr(google.time, "monotonic", lambda: now + 3590)
        again(signer)
        assert await sign(signer) == "Bearer new"
        assert len(endpoint.asked) == 2
        await signer.aclose()

    run(story())


def test_who_leaves_while_waiting_takes_nothing_from_the_others():
    async def story():
        signer, endpoint = tokens(granted())
        first, second = asyncio.ensure_future(sign(signer)), asyncio.ensure_future(sign(signer))
        await asyncio.sleep(0)
        first.cancel()
        assert await second == f"Bearer {TOKEN}"
        assert len(endpoint.asked) == 1
        await signer.aclose()

    run(story())


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        ((400, b'{"error":"invalid_grant","error_description":"jane@x"}'), "protocol", "answered 400 (invalid_grant)"),
        ((503, b"<html>"), "protocol", "answered 503:"),
        ((200, b"{}"), "protocol", "answered 200:"),
        ((200, b"[]"), "protocol", "answered 200:"),
        ((200, b"[" * 100_000), "protocol", "answered 200:"),
        ((200, b'{"access_token":"a\\r\\nb","expires_in":1}'), "protocol", "answered 200:"),
        ((400, b'{"error":{"message":"x"}}'), "protocol", "answered 400:"),
        (UpstreamError("connect", "nobody there."), "connect", "nobody there."),
    ],
)
def test_what_goes_wrong_is_the_targets_failure_in_a_sentence_without_secrets(answer, kind, said):
    async def story():
        signer, endpoint = tokens(answer)
        for _ in range(2):  # a failure is not kept
            with pytest.raises(UpstreamError) as caught:
                await sign(signer)
            assert caught.value.kind == kind
            assert said in caught.value.message
            assert "jane" not in caught.value.message
        assert len(endpoint.asked) == 2
        await signer.aclose()

    run(story())


@pytest.mark.parametrize(
    "wrong",
    [
        "x",
        "[]",
        '{"type":"external_account"}',
        json.dumps({**ACCOUNT, "client_email": 5}),
        json.dumps({**ACCOUNT, "private_key": "-----BEGIN"}),
        json.dumps({**ACCOUNT, "private_key": pem(ec.generate_private_key(ec.SECP256R1()))}),
        json.dumps({**ACCOUNT, "token_uri": "https://token.example/x"}),
        json.dumps({**ACCOUNT, "token_uri": "http://oauth2.googleapis.com/token"}),
        json.dumps({**ACCOUNT, "token_uri": 5}),
        json.dumps({"type": "authorized_user", "client_id": "i"}),
    ],
)
def test_a_key_file_that_is_none_is_refused_and_not_repeated(wrong):
    with pytest.raises(ConfigError) as caught:
        google.identity_of(wrong)
    assert "BEGIN" not in str(caught.value)
    assert "token.example" not in str(caught.value)
