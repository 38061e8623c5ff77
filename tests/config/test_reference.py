"""The page for people is made from the declaration, and the copy in the repository is that page."""

from pathlib import Path

from tidegate.config.declaration import Document
from tidegate.config.forms import Tables, declared
from tidegate.config.reference import page

COPY = Path(__file__).parents[2] / "docs" / "configuration.md"


def test_the_copy_in_the_repository_is_current():
    assert COPY.read_text("utf-8") == page(), "run: tidegate config schema --markdown > docs/configuration.md"


def test_every_setting_has_its_line():
    text = page()
    for section, form in declared(Document):
        assert f"## `[{section}{'.NAME' if isinstance(form, Tables) else ''}]`" in text
        for name, _ in declared(form.of) if hasattr(form, "of") else ():
            assert f"\n| `{name}` |" in text
