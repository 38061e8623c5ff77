"""An Ollama on loopback, written from its own documents: docs/api.md and api/types.go (v0.12.11).

    with upstreams(Ollama()) as (server,): ...

A behaviour of `fakes.upstream`. It answers by quoting what it was asked, calls the first tool that it is offered,
thinks where it is told to, and streams unless it is told not to. `entries` is what it lists; `remote` is set on every
answer, as an Ollama does that has asked somebody else.
"""

import json

from tests.fakes.upstream import Conversation, response

DETAILS = {"parent_model": "", "format": "gguf", "family": "llama", "families": ["llama"],
           "parameter_size": "3.2B", "quantization_level": "Q4_K_M"}  # fmt: skip
COUNTS = {"total_duration": 4883583458, "load_duration": 1334875, "prompt_eval_count": 26,
          "prompt_eval_duration": 342546000, "eval_count": 282, "eval_duration": 4535599000}  # fmt: skip
WHEN = "2026-08-04T19:22:45.499127Z"


def entry(name, **more):
    """Of `/api/tags`. A model that runs elsewhere has `remote_host` and `remote_model`, and next to no size."""
    return {"name": name, "model": name, "modified_at": WHEN, "size": 2019393189, "digest": "a80c4f17acd5" + "0" * 52,
            "details": DETAILS, "capabilities": ["completion", "tools"], **more}  # fmt: skip


class Ollama:
    def __init__(self, *models, remote=None, breaks_after=None):
        """`breaks_after`: a stream ends with an error line after so many lines."""
        self.entries = list(models) or [entry("llama3.2:latest")]
        self.remote, self.breaks_after = remote or {}, breaks_after
        self.asked = []

    async def __call__(self, talk: Conversation):
        request = talk.request
        self.asked.append((request.method, request.target, json.loads(request.body or b"null")))
        answer = getattr(self, f"{request.method}{request.target.replace('/', '_')}".lower(), None)
        if answer is None:
            return await talk.send(response(404, b"404 page not found", [("content-type", "text/plain")]))
        return await answer(talk, json.loads(request.body or b"{}"))

    # -- what is there -----------------------------------------------------------------------------------------------

    async def get_api_version(self, talk, _):
        await _json(talk, {"version": "0.12.11"})

    async def get_api_tags(self, talk, _):
        await _json(talk, {"models": self.entries})

    async def get_api_ps(self, talk, _):
        loaded = [{**one, "expires_at": WHEN, "size_vram": 5137025024, "context_length": 4096} for one in self.entries]
        await _json(talk, {"models": loaded})

    async def get_v1_models(self, talk, _):
        data = [{"id": one["name"], "object": "model", "created": 1, "owned_by": "library"} for one in self.entries]
        await _json(talk, {"object": "list", "data": data})

    # -- what it generates -------------------------------------------------------------------------------------------

    async def post_api_chat(self, talk, asked):
        if not await self._known(talk, asked):
            return
        head = {"model": asked["model"], **self.remote, "created_at": WHEN}
        if not asked.get("messages"):
            reason = "unload" if asked.get("keep_alive") == 0 else "load"
            empty = {"role": "assistant", "content": ""}
            await _json(talk, {**head, "message": empty, "done": True, "done_reason": reason})
            return
        pieces = list(_said(asked, "\n".join(_texts(asked["messages"]))))
        await self._send(
            talk, asked, head, [{"message": {"role": "assistant", "content": "", **one}} for one in pieces]
        )

    async def post_api_generate(self, talk, asked):
        if not await self._known(talk, asked):
            return
        head = {"model": asked["model"], **self.remote, "created_at": WHEN}
        if not asked.get("prompt"):
            reason = "unload" if asked.get("keep_alive") == 0 else "load"
            await _json(talk, {**head, "response": "", "done": True, "done_reason": reason})
            return
        pieces = [{"response" if key == "content" else key: value for key, value in one.items()}
                  for one in _said(asked, "\n".join(_texts([asked.get("system"), asked["prompt"]])))]  # fmt: skip
        await self._send(talk, asked, head, [{"response": "", **one} for one in pieces], context=[1, 2, 3])

    async def _send(self, talk, asked, head, pieces, **last):
        reason = {"done": True, "done_reason": "stop", **COUNTS, **last}
        if asked.get("stream") is False:
            await _json(talk, {**head, **_whole(pieces), **reason})
            return
        empty = {"message": {"role": "assistant", "content": ""}} if "message" in pieces[0] else {"response": ""}
        lines = [{**head, **piece, "done": False} for piece in pieces] + [{**head, **empty, **reason}]
        if self.breaks_after is not None:
            lines = [*lines[: self.breaks_after], {"error": "an error was encountered while running the model"}]
        await talk.send(b"HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n")
        for line in lines:
            raw = json.dumps(line).encode() + b"\n"
            for piece in (raw[:9], raw[9:]):
                await talk.send(b"%x\r\n%b\r\n" % (len(piece), piece))
        await talk.send(b"0\r\n\r\n")

    # -- vectors -----------------------------------------------------------------------------------------------------

    async def post_api_embed(self, talk, asked):
        inputs = [asked["input"]] if isinstance(asked["input"], str) else asked["input"]
        vectors = [_vector(text) for text in inputs]
        head = {"model": asked["model"], **self.remote}
        await _json(talk, {**head, "embeddings": vectors, "total_duration": 14143917, "load_duration": 1019500,
                           "prompt_eval_count": 8})  # fmt: skip

    async def post_api_embeddings(self, talk, asked):
        await _json(talk, {"embedding": _vector(asked["prompt"])})

    async def _known(self, talk, asked):
        names = {one["name"] for one in self.entries}
        if names & {asked["model"], f"{asked['model']}:latest"}:
            return True
        body = {"error": f"model '{asked['model']}' not found"}
        await talk.send(response(404, json.dumps(body).encode()))
        return False


def _vector(text):
    return [len(text) / 2, 0.25, -1.5]


def _texts(node):
    """Every text of a request, in order."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            if key not in ("role", "images", "index"):
                yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


def _said(asked, said):
    """Pieces of an answer: thoughts, prose, and two calls of the first tool where there is one."""
    if asked.get("think"):
        yield from ({"thinking": piece} for piece in ("They want ", "it ", "all ", "quoted."))
    text = json.dumps({"quote": said}) if asked.get("format") else said
    yield from ({"content": text[at : at + 7]} for at in range(0, len(text), 7))
    if tools := asked.get("tools"):
        name = tools[0]["function"]["name"]
        for n in (1, 2):
            yield {"tool_calls": [{"function": {"index": n - 1, "name": name, "arguments": {"note": said, "n": n}}}]}


def _whole(pieces):
    whole = {}
    for piece in pieces:
        holder, said = (whole.setdefault("message", {}), piece["message"]) if "message" in piece else (whole, piece)
        for key, value in said.items():
            holder[key] = value if key == "role" else holder.get(key, type(value)()) + value
    return whole


async def _json(talk, document):
    await talk.send(response(200, json.dumps(document).encode(), [("content-type", "application/json; charset=utf-8")]))
