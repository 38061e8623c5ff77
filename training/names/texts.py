r"""Templates into texts with labelled spans.

A template is one line: `\n` is a line break, `[a|b]` one of several (they nest), `{p1}` a person's full name, `{f1}`,
`{l1}` its parts, `{t1}` title and last name, `{name}` any of these, `{P1} {low1}` ... in capitals or small letters;
`{c1} {r1} {o1}` town, country, company. Everything else in braces is filled and bears no label. `~` is the seam
between the texts of a request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from training.names import words
from training.names.people import People, Person, common_words

TEMPLATES = Path(__file__).parent / "templates"
SEAM = "\x1e"
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{([A-Za-z]+)(\d*)\}")
_MONTHS = words.MONTHS
_DAYS = words.DAYS


class Text(NamedTuple):
    """`spans`: characters from, to, and the kind (PER, LOC, ORG). `source` names the template or corpus."""

    text: str
    spans: list[tuple[int, int, str]]
    source: str


def templates(folder: str) -> list[tuple[str, str]]:
    """(source, template) of every line of a folder."""
    return [
        (f"{file.stem}:{n}", line)
        for file in sorted((TEMPLATES / folder).glob("*.txt"))
        for n, line in enumerate(file.read_text("utf-8").splitlines())
        if line.strip()
    ]


def fill(source: str, template: str, people: People) -> Text:
    """One text out of a template."""
    draw = people.draw
    line = _chosen(template.replace("\\n", "\n").replace("~", SEAM), draw)
    filler = _Filler(people)
    text, spans, at = "", [], 0
    for slot in _SLOT.finditer(line):
        text += line[at : slot.start()]
        before, value, behind, kind = filler.value(slot[1], slot[2] or "0")
        text += before
        if kind:
            spans.append((len(text), len(text) + len(value), kind))
        text += value + behind
        at = slot.end()
    return Text(text + line[at:], _merged(text, spans), source)


def _merged(text: str, spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Given and family name side by side are one name."""
    merged: list[tuple[int, int, str]] = []
    for start, end, kind in spans:
        follows = merged and merged[-1][2] == kind and text[merged[-1][1] : start] == " "
        merged.append((merged.pop()[0] if follows else start, end, kind))
    return merged


def texts(folder: str, per_template: int, seed: int, *, unseen: bool = False) -> Iterator[Text]:
    """Every template of a folder `per_template` times."""
    draw = Random(seed)
    people = People(draw, unseen=unseen)
    for source, template in templates(folder):
        choices = 1 + template.count("|") // 4
        for _ in range(per_template * min(4, choices)):
            yield fill(source, template, people)


def documents(parts: Iterator[Text], seed: int) -> Iterator[Text]:
    """Texts put together by ones to fours, as paragraphs, lines or sentences of one text."""
    draw = Random(seed)
    shuffled = list(parts)
    draw.shuffle(shuffled)
    at = 0
    while at < len(shuffled):
        some = shuffled[at : at + draw.choice((1, 1, 1, 2, 3, 4))]
        at += len(some)
        text, spans = "", []
        for part in some:
            if text:
                text += "\n\n" if "\n" in part.text or "\n" in text else draw.choice((" ", " ", "\n", "\n\n"))
            spans += [(start + len(text), end + len(text), kind) for start, end, kind in part.spans]
            text += part.text
        yield Text(text, spans, some[0].source)


def _chosen(line: str, draw: Random) -> str:
    def pick(match: re.Match[str]) -> str:
        return draw.choice(match[1].split("|")) if "|" in match[1] else f"\x01{match[1]}\x02"

    before = ""
    while before != line:
        before, line = line, _CHOICE.sub(pick, line)
    return line.replace("\x01", "[").replace("\x02", "]")


class _Filler:
    """The fills of one text: the same number means the same person."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._known: dict[str, Person] = {}
        self._places: dict[str, str] = {}

    def value(self, slot: str, number: str) -> tuple[str, str, str, str]:
        """What stands before the value, the value, what stands behind it, its kind or nothing."""
        lowered = slot.removeprefix("low")
        if lowered != slot:
            _, value, _, kind = self.value(lowered or "p", number)
            return "", value.lower(), "", kind
        if slot in ("P", "F", "L", "C", "R"):
            _, value, _, kind = self.value(slot.lower(), number)
            return "", value.upper(), "", kind
        if slot in ("p", "f", "l", "t", "name"):
            return self._of_person(slot, number)
        if slot in ("c", "r", "o", "org"):
            return self._of_place(slot, number)
        return "", self._other(slot), "", ""

    def _of_person(self, slot: str, number: str) -> tuple[str, str, str, str]:
        if number not in self._known:
            self._known[number] = self._people.person()
        one = self._known[number]
        if slot == "name":
            slot = self._people.draw.choice(("p", "p", "f", "t", "f"))
        if slot == "t":
            return one.title + " ", one.last, "", "PER"
        return "", {"p": one.full, "f": one.first, "l": one.last}[slot], "", "PER"

    def _of_place(self, slot: str, number: str) -> tuple[str, str, str, str]:
        key = slot + number
        if key not in self._places:
            make = {"c": self._people.city, "r": self._people.country}.get(slot, self._people.company)
            self._places[key] = make()
        value = self._places[key]
        before = "the " if value.startswith("the ") else ""
        return before, value.removeprefix("the "), "", "ORG" if slot in ("o", "org") else "LOC"

    def _other(self, slot: str) -> str:
        draw = self._people.draw
        n = draw.randrange(1, 90)
        make = {
            "job": lambda: draw.choice(words.JOBS),
            "subject": lambda: draw.choice(words.SUBJECTS),
            "nat": lambda: draw.choice(words.NATIONS),
            "tech": lambda: draw.choice(words.TECHNOLOGY),
            "thing": lambda: draw.choice(words.THINGS),
            "weekday": lambda: draw.choice(_DAYS),
            "month": lambda: draw.choice(_MONTHS),
            "date": lambda: draw.choice(
                (
                    f"{n % 28 + 1} {draw.choice(_MONTHS)} 20{n % 30:02}",
                    f"20{n % 30:02}-0{n % 9 + 1}-1{n % 10}",
                    f"{n % 28 + 1}/{n % 12 + 1}/19{n:02}",
                )
            ),
            "num": lambda: str(draw.randrange(2, draw.choice((12, 100, 3000)))),
            "id": lambda: f"{draw.choice(('INC', 'A-', '#', 'RT-'))}{draw.randrange(1000, 99999)}",
            "amount": lambda: f"{draw.choice('€$£')}{n},{n * 11 % 900 + 100}",
            "email": lambda: f"{draw.choice(('info', 'office', 'a.b', f'x{n}'))}@{draw.choice(words.DOMAINS)}",
            "phone": lambda: f"+44 20 7946 0{n % 10}{n:02}",
            "street": self._people.street,
            "flat": lambda: (
                f"{draw.choice(('Apt.', 'Suite', 'Unit', 'Flat', 'Floor', 'Box', 'PO Box', 'Room'))} {n * 7 % 990}"
            ),
            "zip": lambda: draw.choice(
                (f"{10000 + n * 997}", f"{1000 + n * 97}", f"SW{n % 20} {n % 9}AB", f"{n}-{n * 9 + 100}")
            ),
            "word": lambda: draw.choice(common_words()),
            "Word": lambda: draw.choice(common_words()).capitalize(),
            "title": lambda: draw.choice(("Mr.", "Mrs.", "Ms.", "Dr.", "Miss")),
        }
        return make[slot]()
