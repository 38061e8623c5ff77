from tidegate.core.classify.detectors import ROWS
from tools.labels import PAGE, page


def test_the_page_of_labels_is_what_the_rows_say():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tools.labels"


def test_the_page_names_every_label_and_detector():
    text = page()
    assert all(f"`{row.label}`" in text and f"| {row.name} |" in text for row in ROWS)
