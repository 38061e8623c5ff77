"""Cells of OpenAI's embeddings: a text in each form that an input can have. Vectors come back, and no text."""

from tests.conformance.positions import POSITIONS, Lacks

NAME = "openai.embeddings"
PATH = "/v1/embeddings"
STREAMS = (False,)

BUILD = {position: Lacks("an embedding has inputs and nothing else") for position in POSITIONS} | {
    "embedding input": lambda text: {"input": ["An ordinary sentence.", text]},
    "metadata": lambda text: {"input": "An ordinary sentence.", "user": text},
    "batch line": Lacks("an embedding is no batch"),
}


def request(position, text, *, stream):
    return {"model": "auto", **BUILD[position](text)}


read = None
"""Nothing that was said comes back."""
