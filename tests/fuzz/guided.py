"""One target, mutated by what its inputs reach: `python -m tests.fuzz.guided TARGET FOLDER [libFuzzer's options]`.

Runs under atheris. What should not have happened is kept in FOLDER/findings, one input a kind, and the run goes on.
"""

import sys
import traceback
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["tidegate.core.dialects"], enable_loader_override=False):
    from tests.fuzz import mutations, properties


class Run:
    def __init__(self, target, folder):
        self.target, self.mutator = target, mutations.Mutator(target)
        self.corpus, self.findings = folder / "corpus", folder / "findings"
        self.corpus.mkdir(parents=True, exist_ok=True)
        self.findings.mkdir(exist_ok=True)
        self.seen = set()
        for name, data in [*enumerate(self.mutator.seeds), *mutations.kept(target)]:
            (self.corpus / f"seed-{name}").write_bytes(data)

    def one(self, data):
        try:
            properties.check(self.target, data)
        except Exception as error:  # noqa: BLE001 - any of them is a find
            kind = kind_of(error)
            if kind not in self.seen:
                self.seen.add(kind)
                (self.findings / f"{kind}.bin").write_bytes(data)
                sys.stderr.write(f"FOUND {kind}: {len(data)} bytes\n")

    def mutate(self, data, most, seed):
        random = Random(seed)
        found = atheris.Mutate(data, most) if random.random() < 0.2 else self.mutator.mutated(data, random)
        return found[:most]


def kind_of(error):
    """A name for what went wrong: its type, and where."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    said = str(error).split(":")[0][:40].replace(" ", "-") if isinstance(error, AssertionError) else ""
    last = Path(where.filename)
    return "".join(
        c if c.isalnum() or c in "._-" else "_"
        for c in f"{type(error).__name__}-{last.parent.name}-{last.stem}-{where.name}-{said}"
    )


def main(words):
    run = Run(words[0], Path(words[1]))
    options = [sys.argv[0], str(run.corpus), "-len_control=0", f"-max_len={mutations.MOST_BYTES}", *words[2:]]
    atheris.Setup(options, run.one, custom_mutator=run.mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
