"""Structured personal, health and payment data, on sentences and on the test cases of another tool's recognisers.

python -m bench.detect.pii

Sentences are split by template, so that the test half holds no text that rules were written beside; recogniser cases
are split by file. A finding is right where it has a value's label and overlaps it; the recogniser cases also ask for
the count and the exact spans, and their positives and negatives are told apart in the note.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random
from sysconfig import get_path
from typing import Any, NamedTuple
from uuid import UUID

from bench.detect.score import Score, Split, rows
from tidegate.core.classify import Engine
from tidegate.core.classify import validators as check

SENTENCES = ("synth_dataset_v2", "generated_large")
SENTENCE_LABELS = {
    "EMAIL_ADDRESS": "pii.email",
    "CREDIT_CARD": "pci.pan",
    "PHONE_NUMBER": "pii.phone",
    "IBAN_CODE": "bank.iban",
    "US_SSN": "gov.us_ssn",
    "IP_ADDRESS": "pii.ip",
    "STREET_ADDRESS": "pii.address",
    "ADDRESS": "pii.address",
    "ZIP_CODE": "pii.address",
    "US_DRIVER_LICENSE": "gov.us_driver_license",
}
"""Their names and ours. Domain names and dates are nobody's data as such: the engine reports them beside a person's
words only, and no sentence says which of them those are.
"""
CASE_LABELS = {
    "ABA_ROUTING_NUMBER": "bank.us_routing",
    "AU_MEDICARE": "phi.au_medicare",
    "AU_TFN": "gov.au_tfn",
    "CA_SIN": "gov.ca_sin",
    "CREDIT_CARD": "pci.pan",
    "CRYPTO": "bank.crypto_wallet",
    "DE_TAX_ID": "gov.de_tax_id",
    "EMAIL_ADDRESS": "pii.email",
    "ES_NIE": "gov.es_nie",
    "ES_NIF": "gov.es_dni",
    "FI_PERSONAL_IDENTITY_CODE": "gov.fi_hetu",
    "IBAN_CODE": "bank.iban",
    "IN_AADHAAR": "gov.in_aadhaar",
    "IN_PAN": "gov.in_pan",
    "IP_ADDRESS": "pii.ip",
    "IT_FISCAL_CODE": "gov.it_codice_fiscale",
    "KR_RRN": "gov.kr_rrn",
    "MAC_ADDRESS": "pii.mac",
    "MEDICAL_LICENSE": "phi.dea",
    "PHONE_NUMBER": "pii.phone",
    "PH_MOBILE_NUMBER": "pii.phone",
    "PL_PESEL": "gov.pl_pesel",
    "SE_PERSONNUMMER": "gov.se_personnummer",
    "SG_NRIC_FIN": "gov.sg_nric",
    "TH_TNIN": "gov.th_national",
    "TR_NATIONAL_ID": "gov.tr_kimlik",
    "TR_PHONE_NUMBER": "pii.phone",
    "UK_NHS": "phi.uk_nhs",
    "UK_NINO": "gov.uk_nino",
    "US_DRIVER_LICENSE": "gov.us_driver_license",
    "US_ITIN": "gov.us_itin",
    "US_MBI": "phi.us_mbi",
    "US_NPI": "phi.npi",
    "US_PASSPORT": "gov.us_passport",
    "US_SSN": "gov.us_ssn",
    "ZA_ID_NUMBER": "gov.za_identity",
}
VALIDATORS: dict[str, Callable[[str], bool]] = {
    "DE_TAX_ID": check.de_tax_id,
    "PL_PESEL": check.pl_pesel,
    "ZA_ID_NUMBER": check.za_identity,
}
"""Asked for digits alone, as the engine asks them: text of another length or kind is no candidate at all."""

_SLOT = re.compile(r"{{[^}]*}}")
_WORD = re.compile(r"\w+")

Spans = list[tuple[int, int]]


class Tally(NamedTuple):
    """The four counts of a score."""

    truth: int
    found: int
    right: int
    caught: int

    def plus(self, other: "Tally") -> "Tally":
        return Tally(*map(sum, zip(self, other, strict=True)))


_NONE = Tally(0, 0, 0, 0)


def score(engine: Engine, split: Split) -> list[Score]:
    """Lines for each label, corpus by corpus."""
    return [*_sentence_scores(engine, split), *_case_scores(engine, split), *_validator_scores(split)]


def total(scores: Iterable[Score], split: Split) -> Score:
    """All labels of the sentences as one line: the figure to hold against a target."""
    lines = [line for line in scores if line.corpus in SENTENCES]
    return Score("sentences", "all", split, *(sum(line[n] for line in lines) for n in range(3, 7)))


def _words(template: str) -> str:
    """What a template says between its slots: the two files share most of theirs, under other numbers."""
    return " ".join(_WORD.findall(_SLOT.sub(" ", template).lower()))


def half(text: str) -> Split:
    """Where a template or a file belongs; it stays there, whatever is added beside it."""
    return "dev" if sha256(text.encode()).digest()[0] % 2 else "test"


def tally(truth: Spans, found: Spans) -> Tally:
    """How many of two sets of spans overlap."""
    right = sum(any(low < end and start < high for start, end in truth) for low, high in found)
    caught = sum(any(low < end and start < high for low, high in found) for start, end in truth)
    return Tally(len(truth), len(found), right, caught)


def _sentence_scores(engine: Engine, split: Split) -> Iterator[Score]:
    labels = sorted(set(SENTENCE_LABELS.values()))
    for name in SENTENCES:
        counts: dict[str, Tally] = dict.fromkeys(labels, _NONE)
        for row in rows(f"presidio-research/{name}.json.gz"):
            if half(_words(row["masked"])) == split:
                truth, found = _truth(row), _found(engine, row["full_text"])
                for label in labels:
                    counts[label] = counts[label].plus(tally(truth[label], found[label]))
        yield from (Score(name, label, split, *counts[label]) for label in labels)


def _truth(row: Any) -> dict[str, Spans]:
    spans: dict[str, Spans] = defaultdict(list)
    for span in row["spans"]:
        label = SENTENCE_LABELS.get(span["entity_type"])
        if label:
            spans[label].append((span["start_position"], span["end_position"]))
    return spans


def _found(engine: Engine, text: str) -> dict[str, Spans]:
    spans: dict[str, Spans] = defaultdict(list)
    for finding in engine.find(text):
        spans[finding.label].append((finding.start, finding.end))
    return spans


def _case_scores(engine: Engine, split: Split) -> Iterator[Score]:
    counts: dict[str, Tally] = defaultdict(lambda: _NONE)
    passed: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows("presidio-recognizer-cases/cases.jsonl.gz"):
        label = CASE_LABELS.get(row["entity"][0])
        if label and row["kind"] == "detect" and half(row["file"]) == split:
            found = _found(engine, row["text"])[label]
            truth = _case_truth(row)
            counts[label] = counts[label].plus(tally(truth, found))
            passed[label].update(_verdict(row, truth, found))
    for label in sorted(counts):
        seen = passed[label]
        note = ", ".join(f"{seen[k + ' passed']}/{seen[k]} {k}s" for k in ("positive", "negative") if seen[k])
        yield Score("recogniser cases", label, split, *counts[label], note=f"exactly: {note}")


def _case_truth(row: Any) -> Spans:
    """The listed spans; the whole text, as often as there are values, where none are listed."""
    count = row["expected_count"]
    if not count:
        return []
    return [(start, end) for start, end in row["spans"] or ()] or [(0, len(row["text"]))] * count


def _verdict(row: Any, truth: Spans, found: Spans) -> list[str]:
    kind = "positive" if row["expected_count"] else "negative"
    listed = bool(row["spans"]) and kind == "positive"
    exact = len(found) == row["expected_count"] and (not listed or set(truth) <= set(found))
    return [kind, f"{kind} passed"] if exact else [kind]


def _validator_scores(split: Split) -> Iterator[Score]:
    counts: dict[str, Tally] = defaultdict(lambda: _NONE)
    for row in rows("presidio-recognizer-cases/cases.jsonl.gz"):
        entity, text = row["entity"][0], row["text"]
        whole = row["kind"] == "validator" and "has_valid" not in row["test"]
        if whole and entity in VALIDATORS and half(row["file"]) == split:
            accepted = _accepts(entity, text)
            one = Tally(bool(row["valid"]), accepted, accepted and row["valid"], accepted and row["valid"])
            counts[entity] = counts[entity].plus(one)
    for entity, counted in sorted(counts.items()):
        yield Score("recogniser cases", CASE_LABELS[entity], split, *counted, note="validator")


_DIGITS = {"DE_TAX_ID": 11, "PL_PESEL": 11, "ZA_ID_NUMBER": 13}


def _accepts(entity: str, text: str) -> bool:
    return text.isdigit() and len(text) == _DIGITS[entity] and VALIDATORS[entity](text)


class Noise(NamedTuple):
    """Personal data reported where there is hardly any: findings by label, in so many characters."""

    text: str
    size: int
    labels: Counter[str]

    def per_mb(self, label: str | None = None) -> float:
        found = self.labels.total() if label is None else self.labels[label]
        return found / self.size * 1e6


_CHUNK = 20_000


def noise(engine: Engine, limit: int = 4_000_000) -> list[Noise]:
    """What is found in sources of Python's library, in these documents and in logs made up here.

    Sources and documents do hold addresses of people and networks; telephone, state and card numbers are mistakes.
    """
    kinds = {"library sources": _sources(limit), "documents": _documents(), "JSON logs": [_logs(4000)]}
    return [_noise(engine, kind, texts) for kind, texts in kinds.items()]


def _noise(engine: Engine, kind: str, texts: Iterable[str]) -> Noise:
    labels: Counter[str] = Counter()
    size = 0
    for text in texts:
        size += len(text)
        for at in range(0, len(text), _CHUNK):
            found = [finding.label for finding in engine.find(text[at : at + _CHUNK])]
            labels.update(label for label in found if label.split(".")[0] in {"pii", "gov", "phi", "pci", "bank"})
    return Noise(kind, size, labels)


def _sources(limit: int) -> Iterator[str]:
    left = limit
    for file in sorted(Path(get_path("stdlib")).glob("**/*.py")):
        if "site-packages" not in file.parts and left > 0:
            text = file.read_text(encoding="utf-8", errors="replace")
            left -= len(text)
            yield text


def _documents() -> Iterator[str]:
    for file in sorted((Path(__file__).parents[2] / "docs").rglob("*.md")):
        if file.name != "labels.md":  # it is made of examples
            yield file.read_text(encoding="utf-8")


def _logs(lines: int) -> str:
    draw = Random(3)
    return "\n".join(json.dumps(_event(draw)) for _ in range(lines))


def _event(draw: Random) -> dict[str, object]:
    told = (
        f"cache miss for key user:{draw.randrange(10**8)}",
        f"order {draw.randrange(10**9)} shipped in {draw.randrange(999)} ms",
        f"GET /api/v2/items/{draw.randrange(10**7)} HTTP/1.1 200 {draw.randrange(10**6)}",
        f"block 0x{draw.getrandbits(40):x} at offset {draw.getrandbits(40)}",
        f"retry {draw.randrange(5)} of 5 after {draw.random() * 60:.3f}s",
    )
    return {
        "ts": f"2026-01-{draw.randrange(10, 28)}T{draw.randrange(10, 24)}:{draw.randrange(10, 60)}:07.123Z",
        "pid": draw.randrange(100_000),
        "trace": f"{draw.getrandbits(128):032x}",
        "message": draw.choice(told),
        "bytes": draw.randrange(10**10),
        "ratio": draw.random(),
        "peer": f"10.{draw.randrange(256)}.{draw.randrange(256)}.{draw.randrange(256)}",
        "id": draw.randrange(10**12),
        "uuid": str(UUID(int=draw.getrandbits(128))),
        "epoch": 1_700_000_000_000 + draw.randrange(10**11),
        "version": f"{draw.randrange(9)}.{draw.randrange(99)}.{draw.randrange(999)}",
    }


def table(scores: Sequence[Score]) -> Iterator[str]:
    """Lines to read, with the misses that matter first left to the eye."""
    yield f"{'corpus':<18}{'label':<26}{'truth':>6}{'found':>6}{'recall':>8}{'prec.':>7}{'F1':>6}{'F2':>6}  note"
    for line in scores:
        figures = (
            f"{line.truth:>6}{line.found:>6}{line.recall:>8.3f}{line.precision:>7.3f}{line.f1:>6.2f}{line.f2:>6.2f}"
        )
        yield f"{line.corpus:<18}{line.label:<26}{figures}  {line.note}".rstrip()


def main() -> None:
    engine = Engine()
    splits: tuple[Split, ...] = ("dev", "test")
    for split in splits:
        scores = score(engine, split)
        print(f"-- {split}")
        print(*table([*scores, total(scores, split)]), sep="\n")
    for text in noise(engine):
        labels = ", ".join(f"{label} {text.per_mb(label):.2f}" for label, _ in text.labels.most_common())
        print(f"{text.text:<18}{text.size / 1e6:>6.2f} MB {text.per_mb():>8.2f} a MB  {labels}")


if __name__ == "__main__":
    main()
