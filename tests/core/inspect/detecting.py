"""Detectors that a test can follow: addresses, long numbers, keys that go on and on, and what else it asks for."""

import re
from itertools import pairwise

from tidegate.core.values.finding import Classification, Finding
from tidegate.core.values.labels import level

SHAPES = {
    "pii.email": re.compile(r"[a-z.]{1,40}@[a-z]{1,30}\.example\b"),
    "bank.card": re.compile(r"(?<!\d)\d{12,19}(?!\d)"),
    "secret.key": re.compile(r"\bkey-[A-Za-z0-9]{6,}"),
    "code.source": re.compile(r"\bdef \w+\(.*?(?:return|$)", re.DOTALL),
}


def classify(parts):
    found = [
        Finding(label, m.start(), m.end(), 1.0, "test", number)
        for number, part in enumerate(parts)
        for label, shape in SHAPES.items()
        for m in shape.finditer(part.text)
    ]
    return classification(sorted(found, key=lambda f: (f.part, f.start)))


def classification(found, loose=(), failed=()):
    labels = frozenset({f.label for f in found} | set(loose))
    return Classification(tuple(found), labels, level(labels), tuple(failed))


class Counting:
    """The same, and how much it was asked."""

    def __init__(self, answer=classify):
        self.calls = []
        self._answer = answer

    def __call__(self, parts):
        self.calls.append([part.text for part in parts])
        return self._answer(parts)


def through(channel, pieces):
    """What came out at once, and what was held until the end."""
    return "".join(channel.feed(piece) for piece in pieces) + channel.close()


def cut(text, places):
    edges = [0, *sorted({place % (len(text) + 1) for place in places}), len(text)]
    return [text[a:b] for a, b in pairwise(edges)]
