"""What `tidegate doctor` says of reviews."""

import asyncio
from pathlib import Path

import pytest

from tests.core.review.kit import ANNA, question
from tests.fakes import policies
from tidegate import app
from tidegate.adapters.stores.sql import SqlStore
from tidegate.adapters.system.clock import SystemClock
from tidegate.adapters.system.entropy import SystemEntropy
from tidegate.cli.checkup import CHECKS
from tidegate.cli.chosen import Chosen
from tidegate.cli.review.condition import told
from tidegate.config import Settings
from tidegate.services.reviews import Effects, ReviewQueue

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "review"
ANNAS = {"reviewers": {"anna": {"key": ANNA.verifier.vkey(), "role": "context"}}}


def settings(folder, review, *, asks=True):
    document = policies.settings(folder, **({"path": str(EXAMPLE)} if asks else {})).document
    return Settings.from_document({**document, "review": review}, folder=folder)


def hold(found):
    async def story():
        store = await SqlStore.open(found.store.url, entropy=SystemEntropy())

        async def record(_entry):
            return 0

        effects = Effects(record=record, new_id=SystemEntropy().uuid7)
        queue = ReviewQueue(store, SystemClock(), app.open_keys(found).keys, app.review_rules(found), effects)
        await queue.wait(question())
        await store.aclose()

    asyncio.run(story())


@pytest.mark.parametrize(
    ("review", "asks", "verdicts", "says"),
    [
        ({}, False, [], ""),
        ({}, True, ["FAIL"], "rule sensitive-data-after-a-review"),
        (ANNAS, True, ["OK"], "anna (context) may approve"),
        (ANNAS, False, ["OK"], "no rule of the policy asks for it"),
    ],
)
def test_whether_somebody_can_review_what_the_policy_wants_reviewed(tmp_path, review, asks, verdicts, says):
    found = list(told(settings(tmp_path, review, asks=asks)))
    assert [one.verdict for one in found] == verdicts
    assert all(says in one.found for one in found)


def test_what_waits_is_counted(tmp_path):
    found = settings(tmp_path, ANNAS)
    hold(found)
    assert [one.found.partition(",")[0] for one in told(found)][1:] == ["1 of 200 wait"]


def test_a_webhook_without_its_secret_is_a_failure_and_none_is_asked(tmp_path, monkeypatch):
    hooks = {"chat": {"url": "http://127.0.0.1:9/x", "boundary": "here", "secret": "env:TEST_HOOK_SECRET"}}
    found = settings(tmp_path, {**ANNAS, "webhooks": hooks})
    assert [one.verdict for one in told(found)] == ["OK", "FAIL"]
    monkeypatch.setenv("TEST_HOOK_SECRET", "x" * 20)
    assert [one.verdict for one in told(found)] == ["OK", "OK"]
    hidden = {"chat": {**hooks["chat"], "url": "env:TEST_HOOK_URL"}}
    (last,) = list(told(settings(tmp_path, {**ANNAS, "webhooks": hidden})))[1:]
    assert (last.verdict, "TEST_HOOK_URL" in last.found) == ("FAIL", True)


def test_doctor_asks(tmp_path):
    chosen = Chosen(settings(tmp_path, {}), "f.toml", {}, ())
    lines = [line for check in CHECKS if check.__name__ == "_reviews" for line in check(chosen)]
    assert [(line.verdict, line.what) for line in lines] == [("FAIL", "reviews")]
