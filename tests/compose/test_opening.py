"""One worker's parts put together as they run: real log, store, keys, policy and server, on a socket of the test's."""

import asyncio
import json
import re

from tests.compose.serving import kinds, run, serving, tree
from tidegate import app, compose


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
