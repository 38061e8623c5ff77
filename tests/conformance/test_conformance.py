"""The short form of `make conformance`: each cell once, and some hundred streams at once. An empty cell fails."""

import re
from itertools import cycle, islice
from pathlib import Path

import pytest

from tests.conformance.matrix import DIALECTS, bench, cells, run
from tests.conformance.positions import POSITIONS, Lacks

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"


@pytest.fixture(scope="module")
def running():
    with bench() as started:
        yield started


def test_every_dialect_fills_every_position_or_says_why_it_has_none():
    for dialect in DIALECTS:
        assert set(dialect.BUILD) == set(POSITIONS)
        assert all(str(built).strip() for built in dialect.BUILD.values() if isinstance(built, Lacks))


def test_no_cell_leaks_and_every_client_gets_its_own_values_back(running):
    gateway, outside, families = running
    every = cells(families)
    tally = run(gateway, outside, every)
    assert {cell.name: faults for cell, faults in tally.wrong.items()} == {}
    assert set(tally.planted) == set(every)
    assert tally.outside > 0
    assert tally.inside > 0


def test_nothing_leaks_from_many_streams_at_once(running):
    gateway, outside, families = running
    streamed = [cell for cell in cells(families) if cell.stream]
    tally = run(gateway, outside, list(islice(cycle(streamed), 320)), at_once=32, seed=3)
    assert {cell.name: faults for cell, faults in tally.wrong.items()} == {}


def test_what_was_planted_stands_in_no_log_of_the_gateway(running):
    gateway, outside, families = running
    tally = run(gateway, outside, cells(families)[: 2 * len(families)], seed=4)
    own = ("code", gateway.home.name)  # what the customer registered stands there in clear, as it did before
    files = [gateway.log, *(f for f in gateway.home.rglob("*") if f.is_file() and f.parent.name not in own)]
    kept = b"".join(f.read_bytes() for f in files)
    for _, planted in tally.said:
        assert [len(value) for value in planted.values if value.encode() in kept] == []


def test_the_published_page_is_of_these_cells_and_all_of_them_hold(running):
    text = PAGE.read_text("utf-8")
    _, _, families = running
    assert "✗" not in text
    assert len(re.findall(r"✓ \d+", text)) == len(cells(families))
    assert re.search(r"\*\*0 leaked or lost\*\*", text)
