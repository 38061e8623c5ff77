"""What a request costs between the sockets: the client's edge, routing and the way out, in one process, without kernel.

    python -m bench.edges

Every text is new. Prints CPU µs a request with 32 in flight: of the client's edge alone, with the way out behind it,
and with routing between the two; each as a plain client and upstream word their heads, and as an official SDK and a
cloud behind a CDN do. The event loop and its tasks are in it; `nothing` is what they and the stand-ins cost alone.
"""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable

import uvloop

from bench import wire
from bench.routing import Clock, Entropy, targets
from tidegate.adapters.providers.http import HttpProvider
from tidegate.adapters.providers.http1 import Connection, Limits, Pool, Timeouts
from tidegate.core.dispatch import seal
from tidegate.core.settle.record import Outcome
from tidegate.core.values.decision import Effect, TargetDecision
from tidegate.core.values.permit import Permit
from tidegate.core.values.route import Wanted
from tidegate.core.values.target import Target
from tidegate.ports import Answer, Downstream
from tidegate.server.connection import Bounds, ClientConnection
from tidegate.services.routing import Router

ROUNDS, COUNT, IN_FLIGHT, MOST = 40, 800, 32, 1 << 20
URL = "http://127.0.0.1:1/v1"
TOLD = {"x-tidegate-request-id": "0190" * 9, "x-tidegate-target": "t0", "content-type": "application/json"}
PLAIN = (("content-type", "application/json"), ("accept-encoding", "identity"), ("user-agent", "bench"))
WANTED = Wanted("auto", ("t", "k"), "", "chat", stream=False, capabilities=frozenset())
BOUNDS = Bounds(
    head_bytes=1 << 16, head_seconds=9, body_bytes=MOST, body_seconds=9, idle_seconds=9, write_seconds=9, connections=99
)
SDK = "".join(
    f"{name}: 0123456789\r\n"
    for name in (
        "accept", "accept-encoding", "connection", "user-agent", "x-stainless-arch", "x-stainless-async",
        "x-stainless-lang", "x-stainless-os", "x-stainless-package-version", "x-stainless-read-timeout",
        "x-stainless-retry-count", "x-stainless-runtime", "x-stainless-runtime-version",
    )
).encode()  # fmt: skip
CLOUD = "".join(
    f"{name}: 0123456789\r\n"
    for name in (
        "alt-svc", "cf-cache-status", "cf-ray", "connection", "date", "openai-organization", "openai-processing-ms",
        "openai-version", "server", "strict-transport-security", "x-ratelimit-limit-requests",
        "x-ratelimit-limit-tokens", "x-ratelimit-remaining-requests", "x-ratelimit-remaining-tokens",
        "x-ratelimit-reset-requests", "x-ratelimit-reset-tokens", "x-request-id",
    )
).encode()  # fmt: skip

Serve = Callable[[Downstream], Awaitable[None]]


class Peer:
    """A transport whose other end answers whatever is written, with the next of `said`, once the loop has turned."""

    def __init__(self, said: Callable[[], bytes | None]) -> None:
        self.loop, self.said = asyncio.get_running_loop(), said
        self.hears: Callable[[bytes], None]

    def write(self, _: bytes) -> None:
        if said := self.said():
            self.loop.call_soon(self.hears, said)

    def get_extra_info(self, _: str) -> tuple[str, int]:
        return "127.0.0.1", 1

    def get_write_buffer_size(self) -> int:
        return 0

    def is_closing(self) -> bool:
        return True

    def abort(self) -> None:
        return


class Dialer:
    """Opens connections to nobody."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer

    async def dial(self, owner: Pool) -> Connection:
        connection, peer = Connection(owner, Timeouts(), Limits()), Peer(lambda: self.answer)
        peer.hears = connection.data_received
        connection.connection_made(peer)  # type: ignore[arg-type]
        return connection

    def close(self) -> None:
        return


def paths(answer: bytes) -> dict[str, Serve]:
    """What stands behind the client's edge, by name."""
    provider = HttpProvider(base_url=URL, seal=seal.check)
    provider._pool = Pool(Dialer(answer), timeouts=Timeouts(), limits=Limits())  # type: ignore[arg-type]  # noqa: SLF001
    some = targets(2)
    router = Router(some, clock=Clock(), entropy=Entropy())
    permitted = [(one, TargetDecision(one.name, "there", Effect.RAW, ())) for one in some]

    async def echo(downstream: Downstream) -> None:
        await downstream.respond(200, TOLD, await downstream.body(MOST))

    def sending(body: bytes) -> Callable[[Target, TargetDecision], Awaitable[Answer]]:
        def send(target: Target, _: TargetDecision) -> Awaitable[Answer]:
            permit = Permit("r", 3, target.name, "there", "cloud", "POST", URL + "/chat/completions", PLAIN, body)
            return provider.send(permit, body)

        return send

    async def back(answer: Answer, downstream: Downstream) -> None:
        try:
            await downstream.respond(200, TOLD, await answer.read(MOST))
        finally:
            await answer.aclose()

    async def out(downstream: Downstream) -> None:
        send = sending(await downstream.body(MOST))
        await back(await send(*permitted[0]), downstream)

    async def routed(downstream: Downstream) -> None:
        send = sending(await downstream.body(MOST))
        await back((await router.first_answer(WANTED, permitted, send, Outcome())).answer, downstream)

    return {"the client's edge": echo, "and the way out": out, "and routing": routed}


async def us(hears: Callable[[Peer], Callable[[bytes], None]], requests: list[bytes]) -> float:
    """The best of some rounds: CPU µs a request, each of `hears` asking the next one when it has its answer."""
    left, open_, done = iter(()), 0, asyncio.Event()

    def following() -> bytes | None:
        nonlocal open_
        found = next(left, None)
        if found is None:
            open_ -= 1
            if not open_:
                done.set()
        return found

    peers = [Peer(following) for _ in range(IN_FLIGHT)]
    for peer in peers:
        peer.hears = hears(peer)
    best = float("inf")
    for _ in range(ROUNDS):
        left, open_ = iter(requests), IN_FLIGHT  # type: ignore[assignment]
        done.clear()
        began = time.process_time_ns()
        for peer in peers:
            peer.write(b"")
        await done.wait()
        best = min(best, (time.process_time_ns() - began) / len(requests) / 1000)
    return best


async def measure() -> None:
    gc.set_threshold(20_000, 50, 100)  # as the worker has it
    requests = [wire.request(number, "whole") for number in range(COUNT)]
    heavy = [each.replace(b"host:", SDK + b"host:", 1) for each in requests]
    wordy = wire.ANSWER.replace(b"content-type:", CLOUD + b"content-type:", 1)
    connections: set[ClientConnection] = set()
    tasks: set[asyncio.Task[None]] = set()

    def behind(serve: Serve) -> Callable[[Peer], Callable[[bytes], None]]:
        def made(peer: Peer) -> Callable[[bytes], None]:
            connection = ClientConnection(serve, BOUNDS, connections, tasks)  # type: ignore[arg-type]
            connection.connection_made(peer)  # type: ignore[arg-type]
            return connection.data_received

        return made

    print(f"{'CPU µs a request':<20}{'plain':>10}{'SDK and cloud':>16}")
    nothing = await us(lambda peer: peer.write, requests)
    print(f"{'nothing':<20}{nothing:>10.1f}")
    dear = paths(wordy)
    for name, serve in paths(wire.ANSWER).items():
        connections.clear()
        light = await us(behind(serve), requests)
        connections.clear()
        print(f"{name:<20}{light:>10.1f}{await us(behind(dear[name]), heavy):>16.1f}")


def main() -> None:
    uvloop.run(measure())


if __name__ == "__main__":
    main()
