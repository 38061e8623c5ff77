"""Telephone numbers of every region in the ways that people write them, and digits that are none of those.

python -m bench.detect.phones

Numbers are drawn from the plans that `phonenumbers` knows, of which it calls each one valid; it is a tool of
development and no dependency. A wrong number has an unassigned calling code, or digits too few or too many.
"""

from collections.abc import Iterator
from random import Random

import phonenumbers as library

from bench.detect.score import Score, Split
from tidegate.core.classify import Engine, phone

PER_REGION = 90
SENTENCES = (
    "Please call me at {} tomorrow.",
    "Phone: {}",
    "My mobile is {}, thanks",
    "You can reach her on {} after six.",
    "Tel {}",
    '{{"phone": "{}"}}',
    "{} is the number of the office",
)
OTHERS = (
    "Order number {n:09}, shipped",
    "2024-01-31 12:{m:02}:{s:02},{t:03} INFO worker {n} done",
    "commit {n:08x}{k:08x}",
    "price 1.{t:03}.{t:03},50",
    "ISBN 978-{d}-{t:03}-{k5:05}-{d}",
    "at {lat:.6f}, {lon:.6f}",
    "version {d}.{m}.{n}",
    "part no {t:03}-{k5:05}",
    "id={n} took {t} ms",
    "tracking 1Z{t:03}AA1{n:09}",
    "[{n}.{t:03}] usb {d}-{d}: new device number {d}",
    "invoice 2024-{k5:05}",
    "{n} rows, {k5} columns",
    "0x{n:08x} {k5}",
    "epoch 17{n:08}"[:14],
)
"""What stands in logs, shops and code: digits in other groupings, with other words."""


def numbers() -> Iterator[tuple[str, library.PhoneNumber]]:
    """Valid numbers by region, the same every time."""
    draw = Random(7)
    for region in sorted(library.SUPPORTED_REGIONS):
        mobile = library.example_number_for_type(region, library.PhoneNumberType.MOBILE)
        example = mobile or library.example_number(region)
        if example is None:
            continue
        found = tries = 0
        while found < PER_REGION and tries < PER_REGION * 30:
            tries += 1
            text = str(example.national_number)
            keep = draw.randrange(1, 4)
            tail = "".join(draw.choice("0123456789") for _ in text[keep:])
            number = library.PhoneNumber(country_code=example.country_code, national_number=int(text[:keep] + tail))
            if library.is_valid_number(number):
                found += 1
                yield region, number


def agreement() -> dict[str, tuple[int, int]]:
    """How many numbers are judged as the library judges them: (same, all), valid ones and those of wrong length."""
    good = bad = right = 0
    same = 0
    for _, number in numbers():
        digits = f"{number.country_code}{number.national_number}"
        good += 1
        right += phone.has_country_code(digits)
        for wrong in (digits[:-1], digits + "5", digits[:-3], digits + "555", "28" + digits[2:], "999" + digits[3:]):
            parsed = _parsed("+" + wrong)
            bad += 1
            possible = parsed is not None and library.is_possible_number(parsed) and len(wrong) >= 8
            same += phone.has_country_code(wrong) == possible
    return {"valid": (right, good), "changed": (same, bad)}


def _parsed(text: str) -> library.PhoneNumber | None:
    try:
        return library.parse(text, None)
    except library.NumberParseException:
        return None


def written(number: library.PhoneNumber, style: int) -> str:
    kinds = library.PhoneNumberFormat
    text = library.format_number(number, (kinds.INTERNATIONAL, kinds.E164, kinds.NATIONAL, kinds.RFC3966)[style % 4])
    if style == 4:
        return library.format_number(number, kinds.INTERNATIONAL).replace("+", "00")
    if style == 5:
        return library.format_number(number, kinds.INTERNATIONAL).replace(" ", ".").replace("-", ".")
    return text.removeprefix("tel:")


STYLES = ("international", "E.164", "national", "RFC 3966", "with 00", "with dots")


def score(engine: Engine, split: Split) -> list[Score]:
    """Recall by way of writing, then what is found where there is no number."""
    draw = Random(11 if split == "dev" else 13)
    lines = []
    for style, name in enumerate(STYLES):
        truth = caught = found = 0
        for n, (_, number) in enumerate(numbers()):
            if n % 6 == style:
                text = draw.choice(SENTENCES).format(written(number, style))
                hits = sum(f.label == phone.LABEL for f in engine.find(text))
                truth, caught, found = truth + 1, caught + (hits > 0), found + hits
        lines.append(Score("generated phones", phone.LABEL, split, truth, found, found, caught, note=name))
    texts = [_other(draw) for _ in range(4000)]
    wrong = sum(any(f.label == phone.LABEL for f in engine.find(text)) for text in texts)
    lines.append(Score("generated phones", phone.LABEL, split, 0, wrong, 0, 0, note=f"flagged of {len(texts)} others"))
    return lines


def _other(draw: Random) -> str:
    return draw.choice(OTHERS).format(
        n=draw.randrange(10**6, 10**8),
        k=draw.randrange(2**32),
        k5=draw.randrange(10**5),
        m=draw.randrange(60),
        s=draw.randrange(60),
        t=draw.randrange(1000),
        d=draw.randrange(10),
        lat=draw.uniform(-90, 90),
        lon=draw.uniform(-180, 180),
    )


def main() -> None:
    drawn = list(numbers())
    print(f"{len(drawn)} valid numbers of {len({region for region, _ in drawn})} regions")
    for kind, (same, every) in agreement().items():
        print(f"{kind}: judged alike {same} of {every} = {same / every:.4f}")
    for line in score(Engine(), "test"):
        print(f"{line.note:<28}{line.caught:>6} of {line.truth:<6}{line.recall:.3f}  found {line.found}")


if __name__ == "__main__":
    main()
