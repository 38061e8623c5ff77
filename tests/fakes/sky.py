"""A real gateway below fakes of all clouds: one target each, named as its provider is.

with sky() as gateway:
    gateway.chat("hello", model="bedrock")
    gateway.asked["bedrock"].requests
"""

import contextlib
import json

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.fakes.azure import azure
from tests.fakes.bedrock import bedrock
from tests.fakes.gateway import Gateway, upstreams
from tests.fakes.gemini import gemini
from tests.fakes.upstream import answers

KEY = "key-of-" + "the-clouds"
TOKEN = "ya29." + "of-the-fake"
AWS = {"AccessKeyId": "AKIA" + "TIDEGATETEST0001", "SecretAccessKey": "secret-of-" + "the-test"}

TARGETS = {
    "gemini": 'api_key = "env:TEST_CLOUD_KEY"\nmodel = "gemini-3-pro"',
    "vertex": 'credentials = "env:TEST_GOOGLE"\nproject = "p-1"\nlocation = "europe-west4"\nmodel = "gemini-2.5-flash"',
    "bedrock": 'credentials = "env:TEST_AWS"\nregion = "eu-central-1"\nmodel = "eu.anthropic.claude-v9:0"',
    "azure": 'api_key = "env:TEST_CLOUD_KEY"\nmodel = "gpt-5-mini"',
    "azure-ai": 'api_key = "env:TEST_CLOUD_KEY"\nmodel = "Phi-4"',
}
_TARGET = """
[targets.{name}]
provider = "{name}"
url = "{url}"
boundary = "there"
{more}
contract = {{ retention = "zero", training = "never", tier = "enterprise", region = "eu", expires = 2099-01-01 }}
"""
_ONLY = 'cloud-only = ["outside"]'


class Sky(Gateway):
    """`asked`: the upstreams by their targets' names."""

    def __init__(self, inside, asked, *, token_url, upstream="", aws=AWS):
        super().__init__(inside, inside, upstream=upstream)
        self.asked = asked
        models = "".join(f'{name} = ["{name}", "inside"]\nonly-{name} = ["{name}"]\n' for name in asked)
        targets = "".join(
            _TARGET.format(name=name, url=each.url.removesuffix("/v1"), more=TARGETS[name])
            for name, each in asked.items()
        )
        text = self.config.read_text()
        self.config.write_text(text.replace(_ONLY, f"{_ONLY}\n{models}") + targets)
        self._environ |= {
            "TEST_CLOUD_KEY": KEY, "TEST_AWS": json.dumps(aws), "TEST_GOOGLE": json.dumps(_account(token_url)),
        }  # fmt: skip


@contextlib.contextmanager
def sky(*, upstream="", aws=AWS, **scripts):
    """`scripts`: behaviours in place of a cloud's own, by its name with underscores."""
    behaviours = {
        "gemini": gemini(key=KEY),
        "vertex": gemini(token=TOKEN),
        "bedrock": bedrock(secret=AWS["SecretAccessKey"]),
        "azure": azure(key=KEY),
        "azure-ai": azure(key=KEY),
    } | {name.replace("_", "-"): script for name, script in scripts.items()}
    granted = json.dumps({"access_token": TOKEN, "expires_in": 3599, "token_type": "Bearer"}).encode()
    with upstreams(answers(503), answers(200, granted), *behaviours.values()) as (inside, tokens, *opened):
        asked = dict(zip(behaviours, opened, strict=True))
        with Sky(inside, asked, token_url=f"{tokens.url}/token", upstream=upstream, aws=aws) as gateway:
            yield gateway


def _account(token_url):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    return {
        "type": "service_account", "client_email": "gate@p-1.iam.gserviceaccount.com", "private_key_id": "k1",
        "private_key": pem, "token_uri": token_url,
    }  # fmt: skip
