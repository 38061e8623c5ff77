"""How many secrets are found, in examples of vendors, and how much is flagged that is none.

python -m bench.detect.secrets [--missed]

Vendors and rules are split in two by a hash of their name. `dev` was read while rules were written. Of `test` no text
was read, but names of missed vendors were, twice, and well-known formats were widened after that: it is nearly blind.
Two corpora have no spans: an example counts as found when any `secret.*` finding stands in it. What is flagged in
ordinary text is counted per megabyte, on the standard library's sources and on texts that are made here.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from bench.detect.ordinary import ordinary, split_of
from bench.detect.score import Score, Split, rows
from tidegate.core.classify import Engine

KINGFISHER = "secrets-kingfisher/examples.jsonl.gz"
GITLEAKS = "secrets-gitleaks/samples.jsonl.gz"
CONFIDENCES = ("high", "medium", "low")


def flagged(engine: Engine, text: str) -> bool:
    return any(finding.label.startswith("secret.") for finding in engine.find(text))


def score(engine: Engine, split: Split) -> list[Score]:
    return [*_kingfisher(engine, split), *_gitleaks(engine, split), *_ordinary(engine, split)]


def _kingfisher(engine: Engine, split: Split) -> Iterator[Score]:
    seen: dict[str, list[bool]] = defaultdict(list)
    for row in rows(KINGFISHER):
        if row["label"] and split_of(row["vendor"]) == split:
            found = flagged(engine, row["text"])
            seen["all"].append(found)
            seen[row["confidence"]].append(found)
    for name in ("all", *CONFIDENCES):
        yield _line("kingfisher", "secret", split, seen[name], f"confidence: {name}")


def _gitleaks(engine: Engine, split: Split) -> Iterator[Score]:
    written: list[bool] = []
    made: dict[str, list[bool]] = defaultdict(list)
    negative: list[bool] = []
    for row in rows(GITLEAKS):
        if row["path_dependent"] or split_of(row["rule_id"]) != split:
            continue
        found = flagged(engine, row["text"])
        if not row["label"]:
            negative.append(found)
        elif row["origin"] in {"literal", "template"}:
            written.append(found)
        else:
            made[row["rule_id"]].append(found)
    yield _line("gitleaks", "secret", split, written, "literal and template")
    yield _line("gitleaks", "secret", split, _shares(made.values()), "generated: mean of rules, as per mille of each")
    flags = sum(negative)
    share = f"negatives: {flags} of {len(negative)} flagged = {flags / len(negative):.3f}"
    yield Score("gitleaks", "secret", split, 0, flags, 0, 0, share)


def _shares(groups: Iterable[list[bool]]) -> list[bool]:
    """Every group as one thousand cases of which its share was found, so that all groups weigh the same."""
    outcomes: list[bool] = []
    for group in groups:
        found = round(1000 * sum(group) / len(group))
        outcomes += [True] * found + [False] * (1000 - found)
    return outcomes


def _line(corpus: str, label: str, split: Split, outcomes: list[bool], note: str) -> Score:
    found = sum(outcomes)
    return Score(corpus, label, split, len(outcomes), found, found, found, note)


def _ordinary(engine: Engine, split: Split) -> Iterator[Score]:
    for name, texts in ordinary(split).items():
        size, count = 0, 0
        for text in texts:
            size += len(text.encode())
            count += sum(finding.label.startswith("secret.") for finding in engine.find(text))
        note = f"{name}: {count} in {size / 1e6:.1f} MB = {count / size * 1e6:.2f} per MB"
        yield Score("ordinary", "secret", split, 0, count, 0, 0, note)


def missed(engine: Engine) -> Iterator[str]:
    """The dev half only: what was not found, and what was found in negatives."""
    for row in rows(KINGFISHER):
        if row["label"] and split_of(row["vendor"]) == "dev" and not flagged(engine, row["text"]):
            yield json.dumps(["missed", row["vendor"], row["text"]])
    for row in rows(GITLEAKS):
        wanted = bool(row["label"])
        if split_of(row["rule_id"]) == "dev" and not row["path_dependent"] and flagged(engine, row["text"]) != wanted:
            yield json.dumps(["missed" if wanted else "flagged", row["rule_id"], row["text"]])


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--missed", action="store_true", help="list what the dev half misses and flags")
    engine = Engine()
    if arguments.parse_args().missed:
        for text in missed(engine):
            print(text)
        return
    splits: tuple[Literal["dev"], Literal["test"]] = ("dev", "test")
    for split in splits:
        for line in score(engine, split):
            recall: Any = f"{line.recall:.3f}" if line.truth else "-"
            print(f"{split:<6}{line.corpus:<12}{recall:>7}{line.found:>8}{line.truth:>8}  {line.note}")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
