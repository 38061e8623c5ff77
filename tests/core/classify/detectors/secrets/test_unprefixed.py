"""Keys are made here from the table's shapes, by a fixed shuffle: nothing that looks like a key stands in this file."""

from random import Random

import pytest

from tests.core.classify.families import engine
from tidegate.core.classify.detectors.secrets.unprefixed import ROWS, VENDORS
from tidegate.core.classify.keyed import shapes

CHARACTERS = {
    "h": "0123456789abcdef",
    "l": "0123456789abcdefghijklmnopqrstuvwxyz",
    "u": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "m": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "d": "0123456789",
}
PAIRS = list(zip(VENDORS, ROWS, strict=True))
IDS = [vendor.name for vendor in VENDORS]


def made(shape, size: int, seed: int = 1) -> str:
    draw = Random(f"{shape}{seed}")
    if shape.kind == "uuid":
        return "-".join("".join(draw.choices(CHARACTERS["h"], k=n)) for n in (8, 4, 4, 4, 12))
    characters = CHARACTERS.get(shape.kind, CHARACTERS["m"])
    return "7" + "".join(draw.choices(characters, k=size - 1))


def looked(row, name: str, text: str) -> list[str]:
    data = text.encode()
    return [text[hit.start : hit.end] for hit in row.look(data, text.index(name), text.index(name) + len(name))]


@pytest.mark.parametrize(("vendor", "row"), PAIRS, ids=IDS)
def test_a_key_of_every_shape_is_found_behind_every_name(vendor, row):
    for shape in shapes(vendor.shapes):
        if shape.most > 240:
            continue
        for size in (shape.least, shape.most):
            value = made(shape, size)
            for name in vendor.keywords:
                for text in (f"{name} api_key = '{value}'", f"{name}TOKEN={value}", f"x {name} secret {value} y"):
                    assert looked(row, name, text) == [value], text


@pytest.mark.parametrize(("vendor", "row"), PAIRS, ids=IDS)
def test_other_lengths_digests_and_placeholders_are_none(vendor, row):
    name = vendor.keywords[0]
    longest = max(shape.most for shape in shapes(vendor.shapes))
    for shape in shapes(vendor.shapes):
        value = made(shape, shape.least)
        for text in (
            f"{name} key = {'7' * shape.least}",
            f"{name} sha256: {value}",
            f"{name} is fine. {value}",
            f"{name} key \x1e{value}",
            f"{name} key = {value[:5]}",
            f"{name} key = {made(shape, 1) + 'q' * (longest + 1)}",
        ):
            assert looked(row, name, text) == [], text


def test_names_stand_in_one_line_each_and_labels_are_unique():
    assert len({vendor.name for vendor in VENDORS}) == len(VENDORS) >= 300


def test_among_all_detectors_a_vendors_key_bears_its_label():
    value = made(shapes("h64")[0], 64)
    assert [f.label for f in engine().find(f"VIRUSTOTAL {value}")] == ["secret.virustotal_key"]
    assert [f.label for f in engine().find(f"commit {value} on virustotal")] == []
