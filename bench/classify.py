"""What classification costs: CPU time of a whole request, best of several rounds, as `make bench` prints it.

python -m bench.classify
"""

import argparse
import gc
import inspect
import json
import sys
import sysconfig
import time
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from random import Random
from subprocess import run

from tidegate.core.classify import Engine, names
from tidegate.core.dialects.openai_chat.request import parse_request
from tidegate.core.values.envelope import Part, Position
from tidegate.models.names import names_data

ROUNDS = 9
SENTENCES = (
    "The committee met on Tuesday and agreed, after some discussion, that the old bridge should be repaired first.",
    "Nobody could say how long that would take, since the drawings had been lost when the office moved.",
    "She asked whether the account in the newspaper was true; he answered that most of it was.",
    "In spring the river rises by two metres, and the road along it is closed for a week or so.",
    "A token of thanks was handed to the volunteers, who had kept the secret well.",
    "What remains is a question of money: the estimate of 2019 was 1.5 million, and prices have gone up by 12% since.",
    '"It is not the first time," said the mayor - and it will not be the last.',
    "Patients waited in the corridor while the street outside filled with people calling for the doctor.",
    "The key to understanding the report is its third chapter, which deals with access to public transport.",
    "Bread, butter, and a pot of tea stood on the table; the rest of the house was empty.",
)


def prose(size: int) -> str:
    draw = Random(size)
    text = ""
    while len(text) < size:
        text += " ".join(draw.choices(SENTENCES, k=6)) + "\n\n"
    return text[:size]


def typographic(size: int) -> str:
    """The same with the quotes and dashes of print, which are not ASCII."""
    return prose(size).replace(' "', " “").replace('"', "”").replace(" - ", " — ").replace(" not ", "n’t ")[:size]


def code(size: int) -> str:
    source = inspect.getsource(argparse)
    return (source[20_000:] * (1 + size // 60_000))[:size]


def sources() -> list[str]:
    """2 KB each of many files: one file read again and again would only show what its own lines have cost once."""
    files = sorted(Path(sysconfig.get_paths()["stdlib"]).rglob("*.py"))
    texts = (file.read_text("utf-8", "ignore") for file in Random(1).sample(files, 600))
    return [text[1500 : 1500 + 2048] for text in texts if len(text) > 4000][:300]


def records(size: int) -> str:
    draw = Random(size)
    rows = (
        {
            "id": draw.randrange(10**6),
            "name": draw.choice(SENTENCES)[:20],
            "at": "2026-01-31T10:20:30Z",
            "n": draw.random(),
        }
        for _ in range(1 + size // 90)
    )
    return json.dumps(list(rows), ensure_ascii=False)[:size]


def dense(size: int) -> str:
    """A customer's list: a finding every forty characters or so."""
    draw = Random(size)
    text = ""
    while len(text) < size:
        n = draw.randrange(10**4)
        text += f"Row {n}, mail user{n}@shop.example, phone (212) 555-{n:04}, "
        text += f"card 4111 1111 1111 1111, ssn 457-55-{n % 9000 + 999:04}\n"
    return text[:size]


TOOLS = 24
HISTORY_CHARS = 80_000


def agents_request(turns: int) -> bytes:
    """What a coding agent sends: tools with schemas, and a history of files read, commands run and things said, which
    goes on by two messages a turn.
    """
    draw = Random(7)
    messages: list[dict[str, object]] = [{"role": "system", "content": prose(9_000)}]
    messages.append({"role": "user", "content": "The parser drops the last option. " + prose(600)})
    while sum(len(str(message)) for message in messages) < HISTORY_CHARS:
        messages += _step(draw, len(messages))
    for _ in range(turns):
        messages += _step(draw, len(messages))
    return json.dumps({"model": "coder", "messages": messages, "tools": [_tool(n) for n in range(TOOLS)]}).encode()


def _step(draw: Random, n: int) -> list[dict[str, object]]:
    """A call and its result: numbered lines of a file, a search, a test run."""
    source = code(60_000).splitlines()
    at = draw.randrange(len(source) - 60)
    lines = "\n".join(f"{at + i:>6}\t{line}" for i, line in enumerate(source[at : at + draw.randrange(8, 60)]))
    said = f"{draw.choice(SENTENCES)} Let me read src/options_{n}.py from line {at} on."
    arguments = json.dumps({"path": f"/home/dev/src/options_{n}.py", "offset": at, "limit": 60})
    call = {"id": f"call_{n:04}", "type": "function", "function": {"name": "read_file", "arguments": arguments}}
    return [
        {"role": "assistant", "content": said, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": f"call_{n:04}", "content": lines},
    ]


def _tool(n: int) -> dict[str, object]:
    fields = ("path", "pattern", "offset", "limit", "recursive", "command", "timeout", "encoding")
    properties = {
        name: {"type": "string", "description": f"{SENTENCES[(n + i) % len(SENTENCES)]} Optional."}
        for i, name in enumerate(fields[: 3 + n % 6])
    }
    schema = {"type": "object", "properties": properties, "required": ["path"], "additionalProperties": False}
    about = {"name": f"tool_{n}", "description": prose(500 + 37 * n), "parameters": schema}
    return {"type": "function", "function": about}


def best_turns(engine: Engine) -> tuple[float, float, float]:
    """Microseconds of an agent's first request, its second turn, and the second turn once more."""
    turns = [parse_request(agents_request(n)).parts for n in (0, 1)]
    best = [float("inf")] * 3
    for round_ in range(ROUNDS):
        for n, parts in enumerate((*turns, turns[1])):
            start = time.process_time_ns()
            engine.classify(parts, scope=f"{round_}")
            best[n] = min(best[n], (time.process_time_ns() - start) / 1000)
    return best[0], best[1], best[2]


FRESH = 100
"""Texts a round, each with a word that no other has."""


def best_fresh(engine: Engine, kind: Callable[[int], str]) -> float:
    """Microseconds of a chat's 2 KB that nobody has sent before: its system prompt, and what the user says."""
    whole = kind(40_000)
    best = float("inf")
    for round_ in range(ROUNDS):
        requests = []
        for n in range(FRESH):
            at, word = n % 20 * 1900, f"{round_ * FRESH + n:07}".translate(_WORDS)
            asked = f"{whole[at : at + 1000]} {word} {whole[at + 1000 : at + 1990]}"
            requests.append([_SYSTEM, Part(Position.USER, ("messages", 1, "content"), asked)])
        start = time.process_time_ns()
        for parts in requests:
            engine.classify(parts, scope="acme")
        best = min(best, (time.process_time_ns() - start) / FRESH)
    return best / 1000


_WORDS = str.maketrans("0123456789", "bcdfghklmn")
_SYSTEM = Part(Position.SYSTEM, ("messages", 0, "content"), "You are a helpful assistant. Answer briefly.")


def best_us(call: Callable[[], object], calls: int) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time_ns()
        for _ in range(calls):
            call()
        best = min(best, (time.process_time_ns() - start) / calls)
    return best / 1000


def start_up() -> tuple[float, float]:
    """Milliseconds of CPU for the import (beyond the values that everybody imports) and for one engine."""
    program = (
        "import time, tidegate.core.values.finding, tidegate.core.values.envelope, hashlib\n"
        "a = time.process_time(); from tidegate.core.classify import Engine\n"
        "b = time.process_time(); Engine(); print(b - a, time.process_time() - b)"
    )
    lines = [run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout for _ in range(5)]
    imports, engines = zip(*(map(float, line.split()) for line in lines), strict=True)
    return min(imports) * 1000, min(engines) * 1000


def in_parts(text: str, count: int) -> list[Part]:
    size = -(-len(text) // count)
    return [Part(Position.USER, ("messages", n, "content"), text[n * size : (n + 1) * size]) for n in range(count)]


def adversarial() -> list[tuple[str, str]]:
    """Texts that somebody would write who wants a classifier to be slow."""
    inner = "jo@shop.example 457-55-5462 "
    nested = inner * 1200
    for _ in range(3):
        nested = b64encode(nested.encode()).decode()
    deep = inner * 300
    for _ in range(4):
        deep = json.dumps([deep])
    draw = Random(3)
    return [
        ("'a' * 50 + '@'", ("a" * 50 + "@") * 2000),
        ("digits", "1234567890" * 10_000),
        ("dashes", "-" * 100_000),
        ("1 MB of one letter", "a" * 1_000_000),
        ("spaced digits", "1 " * 50_000),
        ("spaced pairs", "11 " * 33_000),
        ("spaced fours", "4111 " * 20_000),
        ("digits over lines", "1\n" * 50_000),
        ("fours over lines", "4111\n" * 20_000),
        ("tokens over lines", "AB1CD2EF3G\n" * 9_000),
        ("at signs over lines", "a@\n" * 33_000),
        ("percent escapes", "%41" * 33_000),
        ("single escapes", "a%41" * 25_000),
        ("escaped percent", "%25" * 33_000),
        ("backslash u", "\\u0041" * 16_000),
        ("references", "&#65;" * 20_000),
        ("base64", "bXkg" * 25_000),
        ("base64, spaced", "bXkg " * 20_000),
        ("base64, short runs", "bXkgbXkgbXkg." * 7_600),
        ("base64, 3 deep", nested),
        ("hexadecimal", "6d79" * 25_000),
        ("hexadecimal, spaced", "6d 79 " * 16_000),
        ("JSON, 4 deep", deep),
        ("zero-width", "\u200b" * 30_000),
        ("zero-width between", "1\u200b" * 25_000),
        ("combining marks", "e\u0301" * 33_000),
        ("right-to-left marks", "4\u202e5\u202c" * 12_000),
        ("full-width", "\uff11" * 33_000),
        ("full-width, mixed", "\uff11a" * 25_000),
        ("scripts alternating", "a\u0430" * 33_000),
        ("scripts, words", "p\u0430y " * 20_000),
        ("lone surrogates", "\ud800a" * 25_000),
        ("NULs", "1\x00" * 50_000),
        ("key=", "key=" * 25_000),
        ("key=value", "key=Zm9v1 " * 10_000),
        ("://a:", "://a:" * 20_000),
        ("<", "<" * 100_000),
        ("unclosed tags", "<a href='" * 11_000),
        ("fences", "```\n" * 25_000),
        ("JSON brackets", '{"a":' * 20_000),
        ("eyJ", "eyJ" * 33_000),
        ("token=value", "token=Zm9vYmFyMTIz\n" * 5_000),
        ("curl -u", "curl -u a:b " * 8_000),
        ("sk_live_", "sk_live_" * 12_000),
        ("elements", "<context>\n" * 10_000),
        ("PEM headers", ("-----BEGIN PRIVATE " + "KEY-----\n") * 3_500),
        ("PGP headers", "-----BEGIN PGP MESSAGE-----\n" * 3_500),
        ("e-mail addresses", "a@b.example " * 1_600),
        ("all bytes", "".join(map(chr, draw.choices(range(1, 0x250), k=50_000)))),
    ]


def main() -> None:
    imported, built = start_up()
    engine = Engine(kept_bytes=0)
    gc.disable()
    print(f"{len(engine.detectors)} detectors, {len(engine.labels)} labels")
    print(f"import {imported:.0f} ms, engine {built:.0f} ms CPU")
    print(f"{'text':<22}{'2 KB, us':>10}{'20 KB, ms':>11}{'200 KB, ms':>12}")
    for kind in (prose, typographic, code, records, dense):
        costs = []
        for size, calls in ((2_048, 200), (20_480, 20), (204_800, 2)):
            parts = in_parts(kind(size), 1)
            costs.append(best_us(lambda parts=parts: engine.classify(parts), calls))  # type: ignore[misc]
        print(f"{kind.__name__:<22}{costs[0]:>10.1f}{costs[1] / 1000:>11.3f}{costs[2] / 1000:>12.2f}")
    texts = [in_parts(text, 1) for text in sources()]
    for when in ("first seen", "again"):
        start = time.process_time_ns()
        for parts in texts:
            engine.classify(parts)
        cost = (time.process_time_ns() - start) / len(texts) / 1000
        print(f"{len(texts)} sources, {when:<9}{cost:>9.1f}")
    with_names = Engine(finders=[names.load(*names_data())])
    for kind in (prose, typographic, code):
        print(f"chat never seen before, names on, {kind.__name__:<12}{best_fresh(with_names, kind):>9.1f}")
    for count in (5, 20):
        parts = in_parts(prose(2_048), count)
        print(f"prose in {count:>2} parts{best_us(lambda parts=parts: engine.classify(parts), 200):>15.1f}")  # type: ignore[misc]
    size = len(agents_request(0))
    first, second, again = best_turns(Engine())
    print(
        f"an agent's request of {size // 1000} KB: {first:.0f} us; its next turn {second:.0f}, that again {again:.0f}"
    )
    print("adversarial repetition, ms per 100 KB")
    for name, text in adversarial():
        parts = in_parts(text, 1)
        cost = best_us(lambda parts=parts: engine.classify(parts), 1) / 1000  # type: ignore[misc]
        size = len(text.encode("utf-8", "surrogatepass"))
        failed = ", ".join(engine.classify(parts).failed)
        print(f"  {name:<22}{cost * 100_000 / size:>9.2f}  {failed}")


if __name__ == "__main__":
    main()
