"""The served API under requests that are made from its own description: `python -m tests.fuzz.api [--seconds N]`.

Without --seconds it asks the same questions every time, and some of a seed that it prints. Whatever is sent, the answer
comes in time, is an answer or the dialect's own error object, and repeats nothing of what was sent.
"""

import argparse
import ast
import http.client
import json
import random
import sys
import time
from collections import Counter
from functools import cache
from pathlib import Path

import hypothesis
import schemathesis
from schemathesis import GenerationMode

from tests.fakes.gateway import Gateway, upstreams
from tests.fakes.upstream import EVENTS_HEAD, chunk, response
from tests.fuzz.shapes import conforms
from tidegate import __file__ as package
from tools import openapi

SOURCE = Path(package).parent
MODELS = ("auto", "auto", "auto", "cloud-only")
LONGEST_S = 10
MOST_MEMORY = 250_000_000
"""Bytes of the worker at its highest; when it is ready it has about 110 MB."""
UPSTREAM = "connect_timeout_s = 2\nhead_timeout_s = 5\nidle_timeout_s = 5\nanswer_bytes = 1000000"
SHORT = 4
"""Questions for each operation and kind of question."""
LONG = 50
LEAST_LETTERS = 12
"""Shorter values may stand in an error's own words."""


async def answering(talk):
    """A target that understands what OpenAI-compatible ones do."""
    asked = json.loads(talk.request.body or b"{}")
    usage = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
    if talk.request.target.endswith("/embeddings"):
        inputs = asked.get("input")
        count = len(inputs) if isinstance(inputs, list) else 1
        data = [{"object": "embedding", "index": n, "embedding": [0.5, -0.5]} for n in range(count)]
        return await talk.send(response(200, json.dumps({"object": "list", "data": data, "usage": usage}).encode()))
    if not asked.get("stream"):
        message = {"role": "assistant", "content": "from here"}
        choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
        body = {"id": "c", "object": "chat.completion", "model": "m", "choices": choices, "usage": usage}
        return await talk.send(response(200, json.dumps(body).encode()))
    pieces = [{"delta": {"role": "assistant", "content": "from "}}, {"delta": {"content": "here"}}]
    told = [{"id": "c", "choices": [{"index": 0, **p}]} for p in (*pieces, {"delta": {}, "finish_reason": "stop"})]
    events = b"".join(b"data: " + json.dumps(each).encode() + b"\n\n" for each in told) + b"data: [DONE]\n\n"
    return await talk.send(EVENTS_HEAD + chunk(events) + b"0\r\n\r\n")


def words_in(tree):
    """Words of the API's own, and models' names: they are nobody's text."""
    if isinstance(tree, dict):
        yield from tree.get("enum", ())
        for inner in tree.values():
            yield from words_in(inner)
    elif isinstance(tree, list):
        for inner in tree:
            yield from words_in(inner)


DOCUMENT = openapi.document()
WORDS = {"application/json", *MODELS, *words_in(DOCUMENT)}


@cache
def own_words():
    """Texts of the source: they are put into requests too, so that they stand in an answer says nothing."""
    trees = (ast.parse(file.read_text("utf-8")) for file in SOURCE.rglob("*.py"))
    return {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}


class BrokenError(AssertionError):
    """Something that must not happen, with the request that made it happen."""


class Questions:
    def __init__(self, gateway):
        self.gateway, self.asked, self.statuses = gateway, 0, Counter()
        self.operations = [each.ok() for each in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations()]
        self.slowest = (0.0, "")

    def all(self, seed, examples, until=float("inf")):
        """Each operation in turn; those that speak a dialect more often than what stands beside them."""
        for operation in self.operations:
            posts = operation.method == "post"
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE) if posts else (GenerationMode.POSITIVE,):
                if time.monotonic() < until:
                    self.few(operation, mode, seed, examples if posts else 2)

    def few(self, operation, mode, seed, examples):
        settings = hypothesis.settings(
            max_examples=examples, deadline=None, database=None, derandomize=seed is None,
            suppress_health_check=list(hypothesis.HealthCheck), phases=[hypothesis.Phase.generate],
        )  # fmt: skip

        @settings
        @hypothesis.given(
            case=operation.as_strategy(generation_mode=mode), picked=hypothesis.strategies.integers(0, 99)
        )
        def ask(case, picked):
            self.ask(case, picked)

        (ask if seed is None else hypothesis.seed(seed)(ask))()

    def ask(self, case, picked):
        body = case.body
        if isinstance(body, dict) and picked < 90:  # else hardly any would get past the name of the model
            body = {**body, "model": MODELS[picked % len(MODELS)]}
        raw = body if isinstance(body, bytes) else None
        if raw is None and not isinstance(body, schemathesis.core.NotSet):
            raw = json.dumps(body, ensure_ascii=picked % 2 == 0).encode("utf-8", "surrogatepass")
        headers = {"content-type": "application/json"}
        if picked % 5 == 0:
            headers |= {name: value for name, value in (case.headers or {}).items() if printable(str(value))}
        path = case.formatted_path
        began = time.monotonic()
        try:
            answer = self.gateway.request(case.method, path, raw, headers, timeout=LONGEST_S)
        except TimeoutError:
            raise BrokenError(f"{case.method} {path}: no answer within {LONGEST_S} s to {raw!r}") from None
        except http.client.HTTPException as error:
            raise BrokenError(f"{case.method} {path}: {type(error).__name__}, no answer to {raw!r}") from None
        self.slowest = max(self.slowest, (time.monotonic() - began, f"{case.method} {path}: {answer.status}"))
        self.asked += 1
        self.statuses[answer.status] += 1
        try:
            check(case.path, answer, body, headers)
        except (AssertionError, ValueError, KeyError, TypeError) as error:
            raise BrokenError(
                f"{case.method} {path}: {answer.status}: {error}\n{raw!r}\n{answer.body[:2000]!r}"
            ) from None


def printable(value):
    return value.isascii() and value.isprintable()


def check(path, answer, body, headers):
    if answer.status == 200:
        assert answer.headers["content-type"].split(";")[0] in media_types(path)
        return
    told_in_openapi = DOCUMENT["paths"].get(path, {})
    of = next(iter(told_in_openapi.values()))["tags"][0] if told_in_openapi else "openai"
    shape = openapi.ERRORS.get(of, openapi.ERRORS["openai"])
    assert str(answer.status) in openapi.STATUSES, "a status that the description does not have"
    tree = json.loads(answer.body)
    conforms(tree, shape)
    for value in texts((body, headers if answer.status != 400 else {})):
        assert value not in answer.body.decode() or value in own_words(), "the answer repeats what was sent"


def media_types(path):
    operation = next(iter(DOCUMENT["paths"][path].values()))
    return operation["responses"]["200"]["content"]


def texts(tree):
    """Values that are long enough to be told from an error's own words. Names of fields may be told."""
    if isinstance(tree, str) and len(tree) >= LEAST_LETTERS and tree not in WORDS:
        yield tree
    elif isinstance(tree, dict):
        for inner in tree.values():
            yield from texts(inner)
    elif isinstance(tree, list | tuple):
        for inner in tree:
            yield from texts(inner)


def memory_of(gateway):
    """Bytes that the data worker had at its highest, as the kernel says."""
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            told = dict(line.split(":", 1) for line in status.read_text().splitlines())
            words = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(told["PPid"]) == gateway.process.pid and b"tidegate.worker" in words:
            return int(told["VmHWM"].split()[0]) * 1024
    return 0


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def tell(questions, before, after, seconds):
    statuses = ", ".join(f"{count} x {status}" for status, count in sorted(questions.statuses.items()))
    say(f"{questions.asked} requests in {seconds:.0f} s: {statuses}")
    say(f"slowest {questions.slowest[0]:.2f} s: {questions.slowest[1]}")
    say(f"worker {before / 1e6:.0f} MB at start, {after / 1e6:.0f} MB at its highest")


def asked_all(questions, chosen, until):
    questions.all(None, SHORT, until)
    questions.all(chosen.seed, SHORT, until)
    seed = chosen.seed
    while chosen.seconds and time.monotonic() < until:
        seed += 1
        questions.all(seed, LONG, until)


def main(words):
    parser = argparse.ArgumentParser(prog="tests.fuzz.api", description=__doc__)
    parser.add_argument("--seconds", type=int, default=0, help="ask new questions for so long")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    chosen = parser.parse_args(words)
    say(f"seed {chosen.seed}")
    began, wrong = time.monotonic(), []
    with upstreams(answering, answering) as (inside, outside), Gateway(inside, outside, upstream=UPSTREAM) as gateway:
        questions, before = Questions(gateway), memory_of(gateway)
        try:
            asked_all(questions, chosen, began + chosen.seconds if chosen.seconds else float("inf"))
        except BrokenError as broken:
            wrong.append(str(broken))
        after, log = memory_of(gateway), gateway.log.read_text()
    tell(questions, before, after, time.monotonic() - began)
    if "Traceback" in log or "defect" in log:
        wrong.append("the log tells of a defect")
    if not 0 < after < MOST_MEMORY:
        wrong.append(f"the worker took {after} bytes")
    for each in wrong:
        say(each)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
