"""The recorded exchanges, and channels to send them through."""

import json
from pathlib import Path

GOLDEN = Path(__file__).parents[3] / "golden" / "openai_responses"
EXCHANGES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(GOLDEN.glob("*.json"))}
REQUESTS = {name: e["request"]["body"].encode() for name, e in EXCHANGES.items()}
OK = {name: e for name, e in EXCHANGES.items() if e["response"]["status"] == 200}
STREAMS = {
    name: e["response"]["body"].encode()
    for name, e in OK.items()
    if e["response"]["content_type"].startswith("text/event-stream")
}
ANSWERS = {name: e["response"]["body"].encode() for name, e in OK.items() if name not in STREAMS}


class Identity:
    """A channel that holds back nothing and changes nothing."""

    def feed(self, text):
        return text

    def close(self):
        return ""


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


class Shout(Identity):
    def feed(self, text):
        return text.upper()


def identity(tool, *, free=False, own=False):
    return Identity()


def stutter(tool, *, free=False, own=False):
    return Stutter()


def events(body):
    """The events of a stream's bytes, in order."""
    found = []
    for block in body.decode().replace("\r\n", "\n").split("\n\n"):
        data = "\n".join(line[5:].removeprefix(" ") for line in block.split("\n") if line.startswith("data:"))
        if data and data != "[DONE]":
            found.append(json.loads(data))
    return found


def spoken(body):
    """Every text of a stream by where it stands, as its deltas add up."""
    told = {}
    for event in events(body):
        if isinstance(event.get("delta"), str):
            at = event["type"], event.get("output_index"), event.get("content_index", event.get("summary_index"))
            told[at] = told.get(at, "") + event["delta"]
    return told
