"""What the tests of the way out share: permits, a seal that looks away, both event loops."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import uvloop

from tidegate.adapters.providers.http import HttpProvider
from tidegate.adapters.providers.http1 import Limits, Timeouts
from tidegate.core.values.errors import UpstreamError
from tidegate.core.values.permit import Permit

LOOPS = {"asyncio": asyncio.run, "uvloop": uvloop.run}
SECRET = "sk-" + "tidegate-test-0123"  # no real key has this form


def run(coroutine: Coroutine, *, loop: str = "uvloop", within_s: float = 20) -> Any:
    """The bound is against tests that hang; nothing is measured by it."""

    async def bounded():
        async with asyncio.timeout(within_s):
            return await coroutine

    return LOOPS[loop](bounded())


def looks_away(*_, **__) -> None:
    """A seal that lets everything pass."""


def permit(base_url: str, body: bytes = b"{}", **changes) -> Permit:
    fields = {
        "request_id": "01890000-0000-7000-8000-000000000000",
        "intent": 1,
        "target": "house",
        "boundary": "here",
        "kind": "local",
        "method": "POST",
        "url": base_url + "/chat/completions",
        "headers": (("content-type", "application/json"), ("accept-encoding", "identity")),
        "body": body,
    }
    return Permit(**(fields | changes))


def provider(url: str, **changes) -> HttpProvider:
    """Patient as shipped unless told otherwise."""
    given = {"credential": SECRET, "seal": looks_away, "timeouts": Timeouts(), "limits": Limits()} | changes
    return HttpProvider(base_url=url, **given)


async def ask(way_out: HttpProvider, url: str, body: bytes = b"{}", limit_bytes: int = 1 << 20):
    """One whole exchange: (status, body) or the error's kind."""
    try:
        answer = await way_out.send(permit(url, body), body)
        try:
            return answer.status, await answer.read(limit_bytes)
        finally:
            await answer.aclose()
    except UpstreamError as error:
        return error.kind
