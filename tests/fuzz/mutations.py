"""Inputs like those that were recorded, but wrong in places: bytes, frames, and the JSON inside, checksums set right.

`Mutator(target).mutated(data, random)` is what both fuzzers mutate with: the one guided by coverage, and the plain one.
"""

import base64
import json
import re
import zipfile
from pathlib import Path

from tests.fakes import eventstream as written
from tests.fuzz.properties import CANARY, TARGETS
from tidegate.core.dialects import eventstream
from tidegate.core.values.errors import UpstreamError

GOLDEN = Path(__file__).parents[1] / "golden"
SEEDS = Path(__file__).parent / "seeds"
MOST_BYTES = 1 << 16
_BLANK = re.compile(rb"(?<=\n\n)|(?<=\r\n\r\n)")
_NUMBERS = (0, -1, 1, 2**31, 2**53 + 1, 2**63, 2**64, 10**400, 1.5, -0.0, 1e308, 5e-324)
_TEXTS = ("", CANARY, "\x00", "\ud83d\ude00", "⟦EMAIL_1⟧", "data: x\n\n", "é" * 50, "[DONE]", "text", "error", "null")


def deep(random):
    inner = CANARY
    for _ in range(random.choice((3, 60, 300, 900, 5000))):
        inner = [inner] if random.random() < 0.5 else {"a": inner}
    return inner


def value(random, words):
    if random.random() < 0.01:
        return deep(random)
    return random.choice(_VALUES)(random, words)


_VALUES = (
    lambda random, words: random.choice(words),
    lambda random, words: random.choice(words),
    lambda random, words: random.choice(_NUMBERS),
    lambda random, words: random.choice(_TEXTS),
    lambda random, words: random.choice(_TEXTS),
    lambda random, words: random.choice((True, False, None)),
    lambda random, words: random.choice(([], {}, [[]], [{}], [None], {"": ""}, [CANARY])),
    lambda random, words: {random.choice(words): value(random, words)},
    lambda random, words: [value(random, words) for _ in range(random.randrange(4))],
)


def places(tree, found=None):
    """(holder, key) of every node below the root."""
    found = [] if found is None else found
    waiting = [tree]
    while waiting:
        holder = waiting.pop()
        for key, inner in holder.items() if isinstance(holder, dict) else enumerate(holder):
            found.append((holder, key))
            if isinstance(inner, dict | list):
                waiting.append(inner)
    return found


def wrong(tree, random, words):
    """`tree` with one thing wrong."""
    found = places(tree) if isinstance(tree, dict | list) else []
    if not found:
        return value(random, words)
    holder, key = random.choice(found)
    act = random.randrange(7)
    if act <= 2:
        holder[key] = value(random, words)
    elif act == 3:
        del holder[key]
    elif act == 4 and isinstance(holder, dict):
        holder[random.choice(words)] = holder.pop(key)
    elif act == 4:
        holder[key:key] = [holder[key]] * random.choice((1, 2, 30))
    elif act == 5:
        other, at = random.choice(found)
        holder[key] = json.loads(json.dumps(other[at]))
    else:
        holder[key] = [holder[key]]
    return tree


def bent(raw, random, words):
    """JSON with a few things wrong; other bytes as they are."""
    try:
        tree = json.loads(raw)
        for _ in range(random.choice((1, 1, 1, 2, 5))):
            tree = wrong(tree, random, words)
        return json.dumps(tree, ensure_ascii=random.random() < 0.5, separators=(",", ":")).encode(
            "utf-8", "surrogatepass"
        )
    except (ValueError, RecursionError):
        return raw


def flipped(data, random):
    """Bytes changed, taken out, put in, or said twice."""
    data = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 8))):
        at = random.randrange(len(data) + 1)
        act = random.randrange(4)
        if act == 0 and at < len(data):
            data[at] = random.randrange(256)
        elif act == 1:
            del data[at : at + random.choice((1, 3, 50))]
        elif act == 2:
            data[at:at] = random.choice((b"\r", b"\n", b"\x00", b'"', b"{", b"}", b",", b"\xff", b"\xef\xbb\xbf", b":"))
        else:
            data[at:at] = data[at : at + random.choice((1, 10, 200))]
    return bytes(data)


# -- frames ------------------------------------------------------------------------------------------------------------


def sse_frames(data):
    return [frame for frame in _BLANK.split(data) if frame]


def sse_bent(frame, random, words):
    lines = frame.split(b"\n")
    for index, line in enumerate(lines):
        if line.startswith(b"data:"):
            lines[index] = b"data: " + bent(line[5:].strip(), random, words)
        elif line.startswith(b"event:") and random.random() < 0.1:
            lines[index] = b"event: " + random.choice(words).encode()
    return b"\n".join(lines)


def ndjson_frames(data):
    return data.splitlines(keepends=True)


def ndjson_bent(frame, random, words):
    return bent(frame.strip(), random, words) + b"\n"


def message_frames(data):
    frames, at = [], 0
    while at + 4 <= len(data):
        size = max(int.from_bytes(data[at : at + 4], "big"), 4)
        frames.append(data[at : at + size])
        at += size
    return frames


def message_bent(frame, random, words):
    try:
        (message,) = eventstream.MessageReader().feed(frame)
    except (UpstreamError, ValueError):
        return frame
    headers = {name: text for name, text in message.headers.items() if isinstance(text, str)}
    if random.random() < 0.2 and headers:
        headers[random.choice(list(headers))] = random.choice(words)
    if random.random() < 0.05:
        return written.encode(flipped(frame[12:40], random), message.payload)
    return written.encode({k[:255]: v[:60000] for k, v in headers.items()}, bent(message.payload, random, words))


def document_frames(data):
    return [data]


FRAMES = {
    "sse": (sse_frames, sse_bent),
    "ndjson": (ndjson_frames, ndjson_bent),
    "eventstream": (message_frames, message_bent),
    "answers": (document_frames, bent),
    "requests": (document_frames, bent),
}


class Mutator:
    """`seeds`: recorded inputs of the target."""

    def __init__(self, target):
        self.target, self.seeds = target, recorded(target)
        self._frames, self._bent = FRAMES[target]
        self.words = sorted(words_of(GOLDEN))

    def mutated(self, data, random):
        head, body = data[:2], data[2:]
        act = random.randrange(12)
        if act == 0 or len(data) < 3:
            return (head + b"\x00\x00")[:2] + flipped(body, random)[:MOST_BYTES]
        if act == 1:
            return bytes((random.randrange(256), random.randrange(256))) + body
        frames = self._frames(body) or [b"{}"]
        at = random.randrange(len(frames))
        if act == 2:
            del frames[at]
        elif act == 3:
            frames.insert(random.randrange(len(frames)), frames[at])
        elif act == 4:
            other = self._frames(random.choice(self.seeds)[2:])
            frames[at : at + random.randrange(2)] = random.sample(other, min(len(other), 3))
        elif act == 5:
            frames.insert(random.randrange(len(frames)), frames.pop(at))
        else:
            frames[at] = self._bent(frames[at], random, self.words)
        return head + b"".join(frames)[:MOST_BYTES]


# -- what there is -----------------------------------------------------------------------------------------------------


def words_of(folder):
    """Names and short values that the recordings are made of."""
    found = {"type", "error", "data", "event"}
    for path in sorted(folder.glob("*/*.json")):
        found |= set(re.findall(r'"([a-zA-Z_][\w.]{1,24})\\?"', path.read_text("utf-8")))
    return {each for each in found if len(each) < 25}


def name_of(folder, path):
    return {"ollama": "ollama." + path.rsplit("/", 1)[-1]}.get(folder, folder.replace("_", ".", 1))


def recorded(target):
    """Exchanges that were recorded, as inputs of `target`."""
    names = TARGETS[target][1]
    found = []
    for path in sorted(GOLDEN.glob("*/*.json")):
        exchange = json.loads(path.read_text("utf-8"))
        name = name_of(path.parent.name, exchange["request"].get("path", ""))
        is_stream = "stream" in exchange["tags"] and exchange["response"]["status"] == 200
        side = "requests" if target == "requests" else "answers"
        if name not in names or (side == "answers" and is_stream == (target == "answers")):
            continue
        data = request_of(exchange["request"]) if side == "requests" else response_of(exchange["response"])
        if 0 < len(data) <= MOST_BYTES:
            found.append(bytes((names.index(name), len(found) % 256)) + data)
    return found


def request_of(request):
    body = request.get("body") or ""
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()


def response_of(response):
    return base64.b64decode(response["body_b64"]) if "body_b64" in response else response["body"].encode()


def kept(target):
    """Inputs that found something, or went where no recording goes: (name, input)."""
    path = SEEDS / f"{target}.zip"
    if not path.exists():
        return []
    with zipfile.ZipFile(path) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]
