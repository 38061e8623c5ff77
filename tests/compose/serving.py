"""A gateway of the test's own process, asked over a socket."""

import asyncio
import contextlib
import json
import socket

from tidegate import compose


@contextlib.asynccontextmanager
async def serving(settings):
    """(the gateway, how to ask it)."""
    gateway = await compose.open_gateway(settings, None)
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    try:
        await gateway.listen(listening)

        async def ask(method, path, body=b""):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            head = f"{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
            writer.write(f"{head}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body)
            answer = await asyncio.wait_for(reader.read(), 20)
            writer.close()
            return int(answer.split()[1]), answer

        yield gateway, ask
    finally:
        await gateway.close()


def tree(answer):
    return json.loads(answer.split(b"\r\n\r\n", 1)[1])


async def kinds(ask, receipt):
    """Of the records on it; an outcome may come a moment after its answer."""
    for _ in range(100):
        status, answer = await ask("GET", receipt)
        assert status == 200
        found = [one["record"]["kind"] for one in tree(answer)["records"]]
        if len(found) > 1:
            break
        await asyncio.sleep(0.02)
    return found


def run(story):
    return asyncio.run(asyncio.wait_for(story(), 60))
