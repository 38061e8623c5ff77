"""What tags cost on the way out and back: CPU time of redaction and of restoring, as `make bench` prints it.

python bench/restore.py
"""

import json
import statistics
import time
from collections.abc import Callable, Sequence

from tidegate.core.dialects import openai_chat
from tidegate.core.restore.restorer import Restorer, restore_text
from tidegate.core.transform.fingerprints import prints
from tidegate.core.transform.redact import redact
from tidegate.core.values.envelope import Envelope
from tidegate.core.values.finding import Finding
from tidegate.core.values.keys import Keys
from tidegate.core.values.operators import Operators

ROUNDS, CALLS = 15, 300
KEY = b"k" * 32
KEYS = Keys(epoch="bench", commitments=b"c" * 32, fingerprints=b"f" * 32, tags=b"t" * 32, detection=b"d" * 32)
FORMATS = Operators.of({"pii": "format", "gov": "format"})
SENTENCE = "The customer asked for a copy of the invoice, and said that the old address is out of use since May. "
VALUES = (
    ("pii.email", "jane.doe@example.com"),
    ("pii.person", "Jane Doe"),
    ("gov.us_ssn", "457-55-" + "5462"),
    ("pii.phone", "+1 415 867 5309"),
)


def request(kilobytes: int, values: Sequence[tuple[str, str]]) -> tuple[Envelope, list[Finding]]:
    """A user's turn of that size with the values spread over it, and where they stand."""
    text = SENTENCE * (kilobytes * 1024 // len(SENTENCE))
    step = len(text) // (len(values) + 1)
    for number, (_, value) in enumerate(values, 1):
        text = text[: number * step] + f" {value} " + text[number * step :]
    body = json.dumps({"model": "auto", "messages": [{"role": "user", "content": text}]}).encode()
    findings = [
        Finding(label, text.index(value), text.index(value) + len(value), 1.0, "bench") for label, value in values
    ]
    return openai_chat.parse_request(body), findings


def answer(tags: Sequence[str], chunks: int) -> list[str]:
    """A stream of words in which each tag comes in four pieces."""
    pieces = [f"{word} " for word in (SENTENCE * 20).split()]
    for number, tag in enumerate(tags):
        quarter = len(tag) // 4 + 1
        pieces[number * 9 + 3 : number * 9 + 3] = [tag[at : at + quarter] for at in range(0, len(tag), quarter)]
    return pieces[:chunks]


def stream(originals: dict[str, str], pieces: Sequence[str]) -> None:
    restorer = Restorer(originals)
    for piece in pieces:
        restorer.feed(piece)
    restorer.close()


def cpu_us(work: Callable[[], object]) -> float:
    """The median round's mean."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time_ns()
        for _ in range(CALLS):
            work()
        rounds.append((time.process_time_ns() - began) / CALLS / 1000)
    return statistics.median(rounds)


def measure() -> list[tuple[str, float]]:
    small, found = request(2, VALUES[:1])
    many, found_many = request(20, [(label, f"{value}{n}") for n in range(25) for label, value in VALUES])
    made = redact(small, found, KEY, model="m")
    four, found_four = request(2, VALUES)
    originals = dict(redact(four, found_four, KEY, model="m").originals)
    formatted = redact(four, found_four, KEY, model="m", operators=FORMATS)
    surrogates = dict(formatted.originals)
    seen = [token for token, value in surrogates.items() if value in dict(VALUES).values()]
    pieces = answer(tuple(originals), 60)
    lookalikes = answer(seen, 60)
    plain = answer((), 60)
    arguments = json.dumps({"text": "".join(pieces)})
    whole = "".join(pieces) * 10
    return [
        ("redact, 2 KB, 1 value", cpu_us(lambda: redact(small, found, KEY, model="m"))),
        ("redact, 2 KB, 4 values", cpu_us(lambda: redact(four, found_four, KEY, model="m"))),
        ("redact, 20 KB, 100 values", cpu_us(lambda: redact(many, found_many, KEY, model="m"))),
        ("redact, 2 KB, 4 surrogates", cpu_us(lambda: redact(four, found_four, KEY, model="m", operators=FORMATS))),
        ("fingerprints, 4 values", cpu_us(lambda: _fingerprints(four, found_four))),
        ("restore, 60 chunks, no tags", cpu_us(lambda: stream(dict(made.originals), plain))),
        ("restore, 60 chunks, 4 tags in 4 pieces each", cpu_us(lambda: stream(originals, pieces))),
        ("restore, 60 chunks, 4 surrogates", cpu_us(lambda: stream(surrogates, lookalikes))),
        ("restore, arguments with 4 tags, whole", cpu_us(lambda: restore_text(arguments, originals, json_escape=True))),
        (f"restore, {len(whole) // 1024} KB with 40 tags, whole", cpu_us(lambda: restore_text(whole, originals))),
    ]


def _fingerprints(envelope: Envelope, findings: Sequence[Finding]) -> None:
    prints(envelope.parts, findings, KEYS, tenant="default", request_id="r", ts="2026-11-21T10:00:00.000000000Z")


def main() -> None:
    for what, cost in measure():
        print(f"{what:<45} {cost:9.1f} us")


if __name__ == "__main__":
    main()
