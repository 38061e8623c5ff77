"""Makes the files that ship: `weights.bin` and `gazetteer.bin`.

python -m training.names.train [--out src/tidegate/models/names] [--leave-out NAME ...]

`--leave-out` keeps parts of the data aside, for scores of what was not learned: a file of corpora/ner, or `sentences`.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple

from tidegate.core.classify.names import tagger
from tidegate.core.classify.names.finder import NamesFinder
from tidegate.core.classify.names.gazetteer import Gazetteer
from tidegate.core.classify.names.tagger import Tagger
from training.names import corpora, gazetteer
from training.names.examples import Examples
from training.names.learn import learn
from training.names.texts import Text, documents, texts

OUT = Path(__file__).parents[2] / "src" / "tidegate" / "models" / "names"
SCALE = 128
ROUNDS = 8
"""How often the templates are filled anew."""
PER_TEMPLATE = 4


class Material(NamedTuple):
    """Texts and how much each of their words counts."""

    texts: list[Text]
    weight: float


def material(leave_out: Collection[str] = (), rounds: int = ROUNDS) -> list[Material]:
    """Everything that is learned from, but for what is left out. No template of a `test` half is among it."""
    own = [text for n in range(rounds) for text in documents(texts("train", PER_TEMPLATE, 100 + n), n)]
    found = [Material(own, 1.0), Material(list(corpora.sources("dev")), 1.0)]
    if "sentences" not in leave_out:
        found.append(Material(list(corpora.sentences("dev")), 1.5))
    return found + [
        Material(list(corpora.tokens(name)), 1.0 if name == "wikigold" else 0.5)
        for name in corpora.TOKENS
        if name not in leave_out
    ]


def untaught(table: bytes) -> NamesFinder:
    """A finder that can say which words it would judge, and nothing else."""
    blank = [(0.0, 0.0, 0.0, 0.0)] * tagger.ROWS
    return NamesFinder(Tagger(tagger.pack(blank, SCALE)), Gazetteer(table), "untaught")


def trained(parts: list[Material], *, epochs: int = 6) -> tuple[bytes, bytes, bytes]:
    """Weights, the gazetteer to ship, and the one without hidden names that was used while learning."""
    # Templates write names small on purpose: they do not count for what is a common word.
    words = [
        text.text for part in parts for text in part.texts if ":" not in text.source or text.source.startswith("std")
    ]
    dull = [text.text for part in parts for text in part.texts if text.source.startswith("std")]
    narrow = gazetteer.table(words, dull, hidden=False)
    finder = untaught(narrow)
    examples = Examples()
    for part in parts:
        examples.add(finder, part.texts, part.weight)
    weights: Any = learn(examples, epochs=epochs)
    return tagger.pack(weights.tolist(), SCALE), gazetteer.table(words, dull), narrow


def main() -> None:
    parser = argparse.ArgumentParser(description="train the finder of names")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--leave-out", nargs="*", default=[])
    order = parser.parse_args()
    start = time.monotonic()
    weights, table, narrow = trained(material(order.leave_out))
    order.out.mkdir(parents=True, exist_ok=True)
    (order.out / "weights.bin").write_bytes(weights)
    (order.out / "gazetteer.bin").write_bytes(table)
    print(f"{time.monotonic() - start:.0f} s; {len(weights):,} and {len(table):,} bytes; narrow {len(narrow):,}")
    for name, data in (("weights", weights), ("gazetteer", table)):
        print(name, hashlib.sha256(data).hexdigest())


if __name__ == "__main__":
    main()
