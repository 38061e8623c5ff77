"""Runs cells against a real gateway between recording upstreams, and judges by the bytes that left.

A cell holds where the cloud's bytes have none of the planted values, in no form, and the client has its own back.
"""

import hashlib
import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from tests.conformance import (
    anthropic_messages,
    ollama_chat,
    ollama_embed,
    ollama_generate,
    openai_chat,
    openai_embeddings,
    openai_responses,
)
from tests.conformance.families import FAMILIES, Family
from tests.conformance.own import SETTINGS, Own
from tests.conformance.positions import POSITIONS, Lacks
from tests.fakes.gateway import CONFIGURATION, Gateway, upstreams
from tests.fakes.upstream import response, streams

DIALECTS = (
    openai_chat, openai_responses.SAME, openai_responses.CROSSED, anthropic_messages.SAME, anthropic_messages.CROSSED,
    ollama_chat, ollama_generate, openai_embeddings, ollama_embed,
)  # fmt: skip
_OWN_TARGETS = (openai_responses, anthropic_messages)
"""They bring targets that speak them too."""
_ENDINGS = {"/responses": openai_responses, "/messages": anthropic_messages}
OPAQUE = frozenset(("image", "file name"))
"""Nobody can look into what stands there, so the whole request stays inside, whatever the text is."""


class Cell(NamedTuple):
    dialect: object
    stream: bool
    position: str
    family: Family

    @property
    def name(self):
        return f"{self.dialect.NAME} {'stream' if self.stream else 'whole'} {self.position} {self.family.name}"


@dataclass
class Tally:
    """`leaked`: values that a cloud's bytes held. `missing`: values that the client did not get back."""

    planted: Counter = field(default_factory=Counter)
    wrong: dict = field(default_factory=dict)
    said: list = field(default_factory=list)
    outside: int = 0
    inside: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, cell, planted, fault, boundary):
        with self.lock:
            self.planted[cell] += len(planted.values)
            self.said.append((cell, planted))
            self.outside += boundary == "there"
            self.inside += boundary == "here"
            if fault:
                self.wrong.setdefault(cell, []).append(fault)


def streams_of(dialect):
    return getattr(dialect, "STREAMS", (False, True))


def cells(families):
    """Every cell there is. A position that a dialect lacks has none, and says why."""
    return [
        Cell(dialect, stream, position, family)
        for dialect in DIALECTS
        for stream in streams_of(dialect)
        for position in POSITIONS
        if not isinstance(dialect.BUILD[position], Lacks)
        for family in families
    ]


async def quotes(talk):
    """Answers with every string of the request, or with as many vectors as it has inputs."""
    if talk.request.target.endswith("/embeddings"):
        inputs = json.loads(talk.request.body)["input"]
        data = [{"object": "embedding", "index": n, "embedding": [0.5]} for n in range(len(inputs))]
        await talk.send(response(200, json.dumps({"object": "list", "data": data, "model": "m"}).encode()))
        return
    spoken = next((each for end, each in _ENDINGS.items() if talk.request.target.endswith(end)), openai_chat)
    whole, events = spoken.quote(talk.request.body)
    if json.loads(talk.request.body).get("stream"):
        await streams(*events)(talk)
    else:
        await talk.send(response(200, whole))


@contextmanager
def bench():
    """A gateway whose customer has registered what is theirs, its two upstreams, and all families."""
    own = Own()
    with upstreams(quotes, quotes) as (inside, outside):
        targets = "".join(each.TARGETS.format(inside=inside.url, outside=outside.url) for each in _OWN_TARGETS)
        template = CONFIGURATION.replace("[models]\n", "[models]\n" + "".join(each.MODEL for each in _OWN_TARGETS))
        gateway = Gateway(inside, outside, more=SETTINGS + targets, template=template)
        try:
            own.write(gateway.home)
            own.register(gateway)
            gateway.start()
            yield gateway, outside, (*FAMILIES, *own.families)
            gateway.stop()
        finally:
            gateway.clean()


def run(gateway, outside, jobs, *, at_once=4, seed=1):
    """One request a job. Returns the tally; what a cloud saw is looked through afterwards, all values at once."""
    tally = Tally()

    def one(numbered):
        number, cell = numbered
        planted = cell.family.plant(Random(f"{seed} {number} {cell.name}"))
        fault, boundary = ask(gateway, cell, planted)
        tally.note(cell, planted, fault, boundary)

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(one, enumerate(jobs)))
    for cell, value in leaks(outside, tally.said):
        tally.wrong.setdefault(cell, []).append(f"leaked {len(value)} characters to the cloud")
    return tally


def ask(gateway, cell, planted):
    """(what is wrong, or nothing; the boundary that answered)"""
    body = cell.dialect.request(cell.position, planted.text, stream=cell.stream)
    # A session of its own: what one cell holds must not make another one stricter.
    headers = {"x-tidegate-session": hashlib.sha256(repr((cell.name, planted.values)).encode()).hexdigest()}
    answer = gateway.post(cell.dialect.PATH, body, headers, timeout=60)
    boundary = answer.headers.get("x-tidegate-boundary", "")
    if answer.status != 200:
        return f"status {answer.status} {answer.body[:200]!r}", boundary
    if cell.position not in OPAQUE and boundary != ("there" if cell.family.leaves else "here"):
        return f"answered from {boundary}, labels {answer.headers.get('x-tidegate-labels')}", boundary
    if cell.position == "image" or cell.dialect.read is None:
        return "", boundary  # a picture comes back as the bytes that it was, and vectors hold no text
    text, arguments = cell.dialect.read(answer.body, stream=cell.stream)
    note = json.loads(arguments)["note"]
    for place, got in (("text", text), ("tool call", note)):
        if missing := [value for value in planted.values if not has(got, value)]:
            return f"{len(missing)} of {len(planted.values)} values did not come back in the {place}", boundary
    return "", boundary


def has(got, value):
    return value in got or json.dumps(value)[1:-1] in got or json.dumps(value, ensure_ascii=False)[1:-1] in got


def leaks(outside, said):
    """Which values stand in any byte that reached the cloud, as they are or escaped."""
    from ahocorasick_rs import AhoCorasick

    owners = {}
    for cell, planted in said:
        for value in planted.values:
            for form in {value, json.dumps(value)[1:-1], json.dumps(json.dumps(value)[1:-1])[1:-1]}:
                owners.setdefault(form, (cell, value))
    search, forms = AhoCorasick(list(owners)), list(owners)
    found = {}
    for request in outside.requests:
        raw = request.raw_head.decode("latin-1") + request.body.decode()
        for which in {index for index, _, _ in search.find_matches_as_indexes(raw, overlapping=True)}:
            found[forms[which]] = owners[forms[which]]
    return sorted(found.values(), key=lambda pair: pair[0].name)
