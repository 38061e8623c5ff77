"""Cells of Ollama's embeddings."""

from tests.conformance.positions import POSITIONS, Lacks

NAME = "ollama.embed"
PATH = "/api/embed"
STREAMS = (False,)

BUILD = {position: Lacks("an embedding has inputs and nothing else") for position in POSITIONS} | {
    "embedding input": lambda text: {"input": [text, "An ordinary sentence."]},
    "batch line": Lacks("an embedding is no batch"),
}


def request(position, text, *, stream):
    return {"model": "auto", **BUILD[position](text)}


read = None
"""Nothing that was said comes back."""
