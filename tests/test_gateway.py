"""A gateway from open to closed: the order in which it ends, and what it tells about an exchange."""

import asyncio
import json
import socket

import pytest

from tidegate import app, compose
from tidegate.config import load
from tidegate.core.values.errors import StoreError
from tidegate.core.values.wish import Wish, about
from tidegate.gateway import receipt_of

CONFIGURATION = """
[boundaries.here]
kind = "local"
[targets.inside]
provider = "openai-compatible"
url = "http://127.0.0.1:9/v1"
model = "m"
boundary = "here"
[models]
auto = ["inside"]
[keys]
path = "keys"
[audit]
path = "log"
[store]
url = "sqlite:///state.db"
"""


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "tidegate.toml").write_text(CONFIGURATION)
    return load(tmp_path / "tidegate.toml", {"HOME": str(tmp_path)})


async def opened(settings):
    gateway = await compose.open_gateway(settings, None)
    await gateway.listen(socket.create_server(("127.0.0.1", 0)))
    return gateway


def acts(settings):
    found = [json.loads(entry) for _, entry in app.log_entries(settings.audit.path / compose.SLOT)]
    return [(one["act"], one["actor"], one["about"]) for one in found if one.get("about")]


async def until(reached):
    deadline = asyncio.get_running_loop().time() + 10
    while not reached() and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.02)
    assert reached()


def test_what_people_said_is_in_the_log_of_the_gateway_that_runs_and_else_of_the_next(settings):
    said = Wish("consent", "care", 1)
    about_ada = about(app.open_keys(settings).keys.tags, "default", "subject", "ada")
    app.keep_wishes(settings, "subject", "ada", [said], "root")

    async def story():
        gateway = await opened(settings)
        await until(lambda: len(acts(settings)) == 1)
        await asyncio.to_thread(app.forget_wishes, settings, "subject", "ada", "eve")
        await until(lambda: len(acts(settings)) == 2)
        await asyncio.sleep(1.2)  # once more looked, nothing once more written
        await gateway.close()

    asyncio.run(story())
    assert acts(settings) == [("consent.given", "root", about_ada), ("wishes.erased", "eve", about_ada)]


def test_the_end_has_an_order_so_that_nothing_is_closed_under_what_leans_on_it(settings, monkeypatch):
    told = []

    def noting(holder, name, word):
        real = getattr(holder, name)

        async def noted(*given):
            told.append(word)
            return await real(*given)

        monkeypatch.setattr(holder, name, noted)

    async def story():
        gateway = await opened(settings)
        noting(type(gateway.listener), "drain", "no more requests")
        noting(type(gateway.providers["inside"]), "aclose", "no more upstreams")
        noting(type(gateway.ledger), "close", "the log")
        noting(type(gateway.store), "anchor", "its last head")
        noting(type(gateway.store), "aclose", "the store")
        told.clear()
        await gateway.close()

    asyncio.run(asyncio.wait_for(story(), 30))
    steps = [step for step in told if step != "its last head"]
    assert steps == ["no more requests", "no more upstreams", "the log", "the store"]
    assert told.index("the log") < len(told) - 1 - told[::-1].index("its last head") < told.index("the store")


def test_a_head_that_the_store_cannot_keep_does_not_hold_the_end_up(settings, monkeypatch, caplog):
    async def story():
        gateway = await opened(settings)

        async def broken(_):
            raise StoreError("the store is full")

        monkeypatch.setattr(type(gateway.store), "anchor", lambda _, head: broken(head))
        await gateway.close()
        return gateway.ledger.writable

    assert asyncio.run(asyncio.wait_for(story(), 30)) is False
    assert "the store is full" in caplog.text


def test_a_receipt_holds_the_exchange_s_records_with_their_places_in_the_log():
    entries = [(4, b'{"request_id":"r1","kind":"intent"}'), (9, b'{"request_id":"r1","kind":"outcome"}')]
    told = receipt_of(entries)
    assert (told["object"], told["request_id"]) == ("tidegate.receipt", "r1")
    assert [(one["index"], one["record"]["kind"]) for one in told["records"]] == [(4, "intent"), (9, "outcome")]
    assert receipt_of([]) is None
