import pytest

from tests.core.classify.families import findings_of
from tidegate.core.classify.detectors import ROWS
from tidegate.core.classify.detectors.beyond import FINDERS
from tidegate.core.classify.names import load
from tidegate.core.values.envelope import Position
from tidegate.models.names import names_data
from tools.labels import PAGE, PERSONAL, countries, page

_EXAMPLES = {(row.name, row.example): row for row in ROWS if row.example}


def test_the_page_of_labels_is_what_the_rows_say():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tools.labels"


def test_the_page_names_every_label_and_detector():
    text = page()
    assert all(f"`{row.label}`" in text and f"| {row.name} |" in text for row in (*ROWS, *FINDERS))


def test_enough_kinds_of_personal_data_over_enough_countries():
    assert len({row.label for row in ROWS if row.label.split(".")[0] in PERSONAL}) >= 40
    assert len(countries()) >= 15


def test_every_row_of_personal_data_has_an_example_and_no_secret_has_one():
    personal = [row for row in ROWS if row.label.split(".")[0] in PERSONAL]
    assert [row.name for row in personal if not row.example] == []
    assert [row.name for row in ROWS if row.label.startswith("secret") and row.example] == []


@pytest.mark.parametrize("row", _EXAMPLES.values(), ids=lambda row: row.name)
def test_an_example_is_found_under_its_label(row):
    where = next((place for place in Position if place in getattr(row, "positions", ())), Position.USER)
    assert findings_of(row.example, row.label, where), row.example


@pytest.mark.parametrize("finder", [one for one in FINDERS if one.name == "names"], ids=lambda finder: finder.label)
def test_an_example_of_a_name_is_found_under_its_label(finder):
    names = load(*names_data())
    found = {hit.label for hit in names.hits(finder.example.encode(), finder.example.lower().encode())}
    assert finder.label in found
