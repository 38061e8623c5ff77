"""Exchanges that others recorded with Ollama, and what tests do with them."""

import json
from pathlib import Path

from tidegate.core.dialects import ollama_chat, ollama_generate
from tidegate.core.dialects.dialect import Asked

GOLDEN = Path(__file__).parents[3] / "golden" / "ollama"
EXCHANGES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(GOLDEN.glob("*.json"))}
DIALECTS = {"/api/chat": ollama_chat, "/api/generate": ollama_generate}
STREAMED = [name for name, each in EXCHANGES.items() if "ndjson" in each["response"]["content_type"]]
WHOLE = [name for name in EXCHANGES if name not in STREAMED]
ASKED = Asked("01890000-0000-7000-8000-00000000beef", "auto", 1_800_000_000, {}, lambda: 2_500_000_000)


def dialect(name):
    return DIALECTS[EXCHANGES[name]["request"]["path"]]


def request(name):
    return EXCHANGES[name]["request"]["body"].encode()


def response(name):
    return EXCHANGES[name]["response"]["body"].encode()


class Stutter:
    """A channel that always holds back the last two characters: what it is fed comes out later, whole."""

    def __init__(self):
        self.held = ""

    def feed(self, text):
        text = self.held + text
        self.held = text[-2:]
        return text[:-2]

    def close(self):
        held, self.held = self.held, ""
        return held


class Replacing:
    """A channel that holds all back and replaces at the end."""

    def __init__(self, old, new):
        self.old, self.new, self.held = old, new, ""

    def feed(self, text):
        self.held += text
        return ""

    def close(self):
        return self.held.replace(self.old, self.new)


def said(lines):
    """(thinking, text, calls) of a stream's bytes, as clients put them together."""
    thinking = text = ""
    calls = []
    for line in lines.splitlines():
        tree = json.loads(line)
        piece = tree.get("message", tree)
        thinking += piece.get("thinking") or ""
        text += piece.get("content") or piece.get("response") or ""
        calls += [call["function"] for call in piece.get("tool_calls") or ()]
    return thinking, text, calls
