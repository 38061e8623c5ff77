"""Scores for the model card: parts of the data that a model trained without them is asked about.

python -m training.names.score
"""

from __future__ import annotations

from collections.abc import Iterator

from bench.detect.names import Tally, business, by_tagger, tally
from tidegate.core.classify.names import load
from tidegate.core.classify.names.tagger import LOCATION, ORGANIZATION, PERSON
from training.names import corpora
from training.names.texts import Text
from training.names.train import material, trained

HEAD = "| data | person P / R / F1 | strict F1 | location F1 | organisation F1 |\n|---|---|---|---|---|"


def left_out() -> Iterator[tuple[str, list[Text]]]:
    yield "sentences", list(corpora.sentences())
    for name in corpora.TOKENS:
        yield name, list(corpora.tokens(name))


def row(name: str, counts: dict[int, Tally]) -> str:
    """A line of the card's table."""
    person, place, company = (counts[kind] for kind in (PERSON, LOCATION, ORGANIZATION))
    precision, recall = person.right / max(1, person.found), person.right / max(1, person.truth)
    return (
        f"| {name} | {precision:.3f} / {recall:.3f} / {f1(person):.3f} | {f1(person, strict=True):.3f}"
        f" | {f1(place):.3f} | {f1(company):.3f} |"
    )


def f1(counts: Tally, *, strict: bool = False) -> float:
    return 2 * (counts.strict if strict else counts.right) / max(1, counts.truth + counts.found)


def main() -> None:
    print(HEAD)
    weights, table, narrow = trained(material())
    shipped = by_tagger(load(weights, table))
    print(row("sentences, test templates", tally(corpora.sentences("test"), shipped)))
    print(row("business prose, other domains", tally(business("test"), shipped)))
    unknown = business("test", unseen=True)
    print(row("… with names that nothing knows", tally(unknown, by_tagger(load(weights, narrow)))))
    for name, texts in left_out():
        weights, table, _ = trained(material({name}))
        print(row(f"{name}, left out", tally(texts, by_tagger(load(weights, table)))), flush=True)


if __name__ == "__main__":
    main()
