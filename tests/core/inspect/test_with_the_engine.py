"""The engine's own detectors behind a stream: what a whole answer hides, a stream hides as well."""

import base64
import json
from random import Random

import pytest

from tests.core.inspect.detecting import through
from tidegate.core.classify import Engine
from tidegate.core.inspect import Inspecting, OutputRules

ENGINE = Engine()
DRAW = Random(3)
RULES = OutputRules({"secret": "mask", "pii.email": "mask", "gov": "mask", "pci": "mask", "bank": "mask"})


def letters(size):
    return base64.urlsafe_b64encode(DRAW.randbytes(size)).decode().rstrip("=")


def key(bits):
    lines = "\n".join(base64.b64encode(DRAW.randbytes(48)).decode() for _ in range(bits // 64))
    return "-----BEGIN RSA " + f"PRIVATE KEY-----\n{lines}\n-----END RSA " + "PRIVATE KEY-----"


HEADER = base64.urlsafe_b64encode(json.dumps({"alg": "RS256", "typ": "JWT"}).encode()).decode().rstrip("=")
CLAIMS = base64.urlsafe_b64encode(json.dumps({"sub": letters(300)}).encode()).decode().rstrip("=")
VALUES = {
    "an address": "jane.doe@shop-example.com",
    "a number": "457-55-" + "5462",
    "a card": "4111 1111 " + "1111 1111",
    "an account": "DE89 3704 0044 0532 0130 00",
    "a short token": "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8",
    "a long token": "sk-proj-" + letters(117).replace("-", "a").replace("_", "b"),
    "a very long token": f"{HEADER}.{CLAIMS}.{letters(256)}",
    "a private key": key(1664),
}


@pytest.mark.parametrize("before", [0, 90, 700])
@pytest.mark.parametrize("name", VALUES)
def test_a_stream_hides_what_a_whole_answer_hides(name, before):
    value = VALUES[name]
    text = ("It stands in our files. " * 40)[:before] + f" It is {value} as far as we know. " + "No more is known. " * 9
    outs = []
    for whole in (True, False):
        inspecting = Inspecting(ENGINE.classify, RULES, whole=whole)
        outs.append(through(inspecting.open_channel(""), [text[at : at + 5] for at in range(0, len(text), 5)]))
        assert inspecting.masked == 1
    assert outs[0] == outs[1]
    assert value[-12:] not in outs[0]
    assert outs[0].startswith(text[: before + len(" It is ")] + "[")
