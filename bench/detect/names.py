"""Names of persons, places and organisations: the whole engine, and the tagger alone.

python -m bench.detect.names

A finding is right where it overlaps a value of its kind that no other finding has taken (strict: the same span). The
engine reports places and organisations only where they are somebody's, and gives way to structured findings, such as
addresses; `tagger` lines are all names that the tagger sees. Sentences are split by template; the business prose of the
test half comes from templates of other domains, and in its second line from names that are neither in the gazetteer of
that line nor in the training texts. Lines of token corpora are those of models that were trained without that file.
"""

import argparse
import inspect
import time
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from bench.classify import code, prose, records
from bench.detect.score import Score, Split
from tidegate.core.classify import Engine
from tidegate.core.classify.fold import unescape
from tidegate.core.classify.names import NamesFinder, load
from tidegate.core.classify.names.tagger import LOCATION, ORGANIZATION, PERSON
from tidegate.models.names import names_data
from training.names import corpora
from training.names.examples import in_bytes
from training.names.texts import Text, texts

LABELS = {PERSON: "pii.person", LOCATION: "pii.location", ORGANIZATION: "pii.organization"}
FILLS = 6
SEEDS = {"dev": 901, "test": 902}

Span = tuple[int, int, int]
"""Bytes from and to, and the kind."""


class Tally(NamedTuple):
    truth: int
    found: int
    right: int
    strict: int


def finder() -> NamesFinder:
    return load(*names_data())


def score(engine: Engine, split: Split) -> list[Score]:
    alone = finder()
    return [
        *_scores(split, "sentences", corpora.sentences(split), engine, alone),
        *_scores(split, "business prose", business(split), engine, alone),
        _harmless(split, engine),
    ]


def business(split: Split, *, unseen: bool = False) -> list[Text]:
    """Filled templates: those of training anew (`dev`), or those of other domains."""
    return list(texts("test" if split == "test" else "train", FILLS, SEEDS[split], unseen=unseen))


def by_tagger(found: NamesFinder) -> Callable[[Text], list[Span]]:
    return lambda text: [(name.start, name.end, name.kind) for name in found.names(unescape(text.text.encode()))]


def by_engine(engine: Engine) -> Callable[[Text], list[Span]]:
    kinds = {label: kind for kind, label in LABELS.items()}

    def find(text: Text) -> list[Span]:
        return [
            (len(text.text[: one.start].encode()), len(text.text[: one.end].encode()), kinds[one.label])
            for one in engine.find(text.text)
            if one.label in kinds
        ]

    return find


def tally(some: Iterable[Text], find: Callable[[Text], list[Span]]) -> dict[int, Tally]:
    """Of each kind: how many there are, were reported, were right, and were right to the byte."""
    sums = {kind: [0, 0, 0, 0] for kind in LABELS}
    for text in some:
        truth, found = in_bytes(text), find(text)
        for kind, sum_ in sums.items():
            here = [span for span in truth if span[2] == kind]
            there = [span for span in found if span[2] == kind]
            sum_[0] += len(here)
            sum_[1] += len(there)
            sum_[2] += _matched(here, there)
            sum_[3] += len(set(here) & set(there))
    return {kind: Tally(*sum_) for kind, sum_ in sums.items()}


def _matched(truth: list[Span], found: list[Span]) -> int:
    left = list(truth)
    right = 0
    for start, end, _ in found:
        fit = next((span for span in left if span[0] < end and start < span[1]), None)
        if fit:
            left.remove(fit)
            right += 1
    return right


def _scores(split: Split, corpus: str, some: Iterable[Text], engine: Engine, alone: NamesFinder) -> Iterator[Score]:
    some = list(some)
    for name, find in (("engine", by_engine(engine)), ("tagger", by_tagger(alone))):
        for kind, (truth, found, right, strict) in tally(some, find).items():
            both = 2 * strict / (truth + found) if truth + found else 1.0
            yield Score(corpus, LABELS[kind], split, truth, found, right, right, f"{name}, strict F1 {both:.3f}")


def _harmless(split: Split, engine: Engine) -> Score:
    """Persons in a million bytes of source code, where there should be none."""
    find, size, found = by_engine(engine), 0, 0
    for text in corpora.sources(split):
        size += len(text.text.encode())
        found += sum(kind == PERSON for _, _, kind in find(text))
    return Score("standard library", "pii.person", split, 0, found, 0, 0, f"{found / size * 1e6:.0f} a MB")


def speeds(found: NamesFinder) -> Iterator[tuple[str, float]]:
    """Kinds of text and microseconds of CPU time a KB."""
    dense = "\n\n".join(text.text for text in business("test"))
    some = {
        "business prose, a name every 50 bytes": dense,
        "a business letter": LETTER,
        "prose without names": prose(20_480),
        "code": code(20_480),
        "JSON records": records(20_480),
        "an access log": LOG * 200,
    }
    for name, text in some.items():
        data = text.encode()
        lower = data.lower()
        yield name, min(_seconds(found, data, lower) for _ in range(9)) / len(data) * 1024 * 1e6


def _seconds(found: NamesFinder, data: bytes, lower: bytes) -> float:
    calls = max(1, 50_000 // len(data))
    start = time.process_time()
    for _ in range(calls):
        found.hits(data, lower)
    return (time.process_time() - start) / calls


LETTER = inspect.cleandoc("""
    Dear Susan,

    Thank you for sending the draft of the service agreement last week. I have gone through it with our lawyers and we
    have a few remarks. The notice period in section 4 should be three months instead of six, as agreed with Peter
    Hollander during the call on 12 March, and the annex still shows the prices of the previous year. Could you please
    have it updated before we send it to the client?

    Amira Haddad will take over the project from the beginning of next month, because I am moving to our office in
    Rotterdam. She has been with the company for more than eight years and knows the customer very well. If there is
    anything urgent before then, you can reach me on my mobile at any time. Our accounting team confirmed that the
    payment was released yesterday, so it should arrive in your account by Friday at the latest.

    Kind regards,
    Tobias Lindqvist
    Head of Procurement
    """)
LOG = (
    '10.0.0.7 - - [21/Nov/2026:10:20:30 +0000] "GET /api/v1/items?page=2 HTTP/1.1" 200 5120 "-" "curl/8.4.0" rt=0.012\n'
)


def main() -> None:
    parser = argparse.ArgumentParser(description="score the finder of names")
    parser.add_argument("--split", choices=("dev", "test"), action="append")
    parser.add_argument("--speed", action="store_true", help="only what it costs")
    order = parser.parse_args()
    found = finder()
    if not order.speed:
        engine = Engine(finders=[found])
        print(f"{'corpus':<18}{'label':<18}{'split':<6}{'truth':>7}{'found':>7}{'P':>7}{'R':>7}{'F1':>7}")
        for split in order.split or ("dev", "test"):
            for one in score(engine, split):
                shares = f"{one.precision:>7.3f}{one.recall:>7.3f}{one.f1:>7.3f}"
                print(f"{one.corpus:<18}{one.label:<18}{one.split:<6}{one.truth:>7}{one.found:>7}{shares}  {one.note}")
    for name, cost in speeds(found):
        print(f"{name:<40}{cost:>8.1f} us/KB")


if __name__ == "__main__":
    main()
