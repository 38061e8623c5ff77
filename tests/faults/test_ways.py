"""A real gateway whose configuration lets something leave where policy refuses it: it does not start, or says so."""

import time

import pytest

from tests.fakes.gateway import CONFIGURATION, Gateway, upstreams
from tests.fakes.upstream import answers

ANSWER = (
    b'{"id": "c", "object": "chat.completion", "model": "m", "choices": '
    b'[{"index": 0, "message": {"role": "assistant", "content": "well"}, "finish_reason": "stop"}]}'
)
CONTRACT = next(line for line in CONFIGURATION.splitlines() if line.startswith("contract"))
ELSEWHERE = '[workloads.support]\nresidency = "us"\nmodels = ["auto"]\n'


@pytest.fixture
def ends():
    with upstreams(answers(200, ANSWER), answers(200, ANSWER)) as both:
        yield both


def ended(gateway):
    until = time.monotonic() + 20
    while gateway.process.poll() is None:
        assert time.monotonic() < until, "it goes on"
        time.sleep(0.05)
    return gateway.process.returncode, gateway.log.read_text()


def test_a_way_that_leads_nowhere_keeps_it_from_starting_and_is_named(ends, tmp_path):
    gateway = Gateway(*ends, home=tmp_path, more=ELSEWHERE)
    gateway.launch()
    status, said = ended(gateway)

    assert status == 1
    assert "workloads.support -> models.auto[0] -> targets.outside: policy lets no request go this way" in said
    assert "residency-is-kept" in said
    assert "ready on" not in said
    done = gateway.cli("doctor")
    assert (done.returncode, "FAIL  way: workloads.support -> models.auto[0]" in done.stdout) == (1, True)


@pytest.mark.parametrize("contract", ["", CONTRACT.replace("2099-01-01", "2020-01-01")], ids=["none", "over"])
def test_a_cloud_that_lacks_a_contract_keeps_nobody_from_the_house(ends, contract):
    inside, outside = ends
    with Gateway(inside, outside, template=CONFIGURATION.replace(CONTRACT, contract)) as gateway:
        answer = gateway.chat("hello")
        assert (answer.status, answer.headers["x-tidegate-target"]) == (200, "inside")
        assert gateway.chat("hello", model="cloud-only").code == "policy_refusal"
        said = gateway.log.read_text()
        for path in ("models.auto[0] -> targets.outside", "models.cloud-only[0] -> targets.outside"):
            assert f"idle: {path}: gets nothing today (cloud-needs-a-contract: " in said
        assert gateway.stop() == 0
