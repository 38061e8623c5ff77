"""Cells of Ollama's going on with a prompt."""

import json

from tests.conformance.ollama_chat import _image
from tests.conformance.positions import Lacks

NAME = "ollama.generate"
PATH = "/api/generate"

BUILD = {
    "system": lambda text: {"prompt": "Please go on.", "system": text},
    "user": lambda text: {"prompt": text},
    "assistant history": Lacks("what was said before are tokens, which nobody can read: they stay inside"),
    "tool definition": Lacks("a prompt has no tools"),
    "tool call argument": Lacks("a prompt has no tools"),
    "tool result": Lacks("a prompt has no tools"),
    "response_format schema": lambda text: {
        "prompt": "Please go on.",
        "format": {"type": "object", "properties": {"quote": {"type": "string", "description": text}}},
    },
    "metadata": Lacks("a request has none"),
    "file name": Lacks("a prompt has images and no files"),
    "image": lambda text: {"prompt": "Look.", "images": [_image(text)]},
    "embedding input": Lacks("a prompt has no embedding input"),
    "batch line": Lacks("a prompt is no batch"),
}


def request(position, text, *, stream):
    return {"model": "auto", "stream": stream, **BUILD[position](text)}


def read(body, *, stream):
    """(text, arguments of the first tool call) of an answer's bytes."""
    trees = [json.loads(line) for line in (body.splitlines() if stream else [body])]
    calls = [call for tree in trees for call in tree.get("tool_calls") or ()]
    return "".join(tree["response"] for tree in trees), json.dumps(calls[0]["function"]["arguments"])
