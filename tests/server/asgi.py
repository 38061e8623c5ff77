"""One request through an ASGI application, without sockets."""

import asyncio


def call(app, method="POST", path="/v1/chat/completions", headers=None, pieces=(b"{}",), end="http.request"):
    """(status, headers, body). The body arrives in `pieces`; `end` is the type of the message behind the last one."""
    sent = []
    messages = [{"type": "http.request", "body": p, "more_body": n < len(pieces) - 1} for n, p in enumerate(pieces)]
    if end == "http.disconnect":
        messages[-1]["more_body"] = True
        messages.append({"type": "http.disconnect"})

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    given = {"host": "localhost:8790", "content-type": "application/json", **(headers or {})}
    pairs = [(k.encode(), v.encode()) for k, v in given.items() if v is not None]
    asyncio.run(app({"type": "http", "method": method, "path": path, "headers": pairs}, receive, send))
    head = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
    return sent[0]["status"], head, b"".join(m.get("body", b"") for m in sent[1:])
