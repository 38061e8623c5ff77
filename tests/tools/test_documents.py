"""The documents that are made from code are what the code says, and the tool tells when they are not."""

import re

from tools import documents


def test_every_generated_document_is_current(capsys):
    assert documents.main(["--check"]) == 0, capsys.readouterr().err


def test_a_page_that_says_it_is_generated_is_one_that_the_tool_writes():
    saying = {
        path.name
        for path in documents.DOCS.rglob("*.md")
        if re.search(r"^(<!-- )?Generated from", path.read_text("utf-8"), re.MULTILINE)
    }
    assert saying == {name for name in documents.PAGES if name.endswith(".md")}


def test_drift_is_told_by_name_and_written_away(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(documents, "DOCS", tmp_path)
    monkeypatch.setattr(documents, "PAGES", {"one.md": lambda: "as the code says\n", "two.md": lambda: "two\n"})
    (tmp_path / "one.md").write_text("as somebody typed\n")
    assert documents.main(["--check"]) == 1
    told = capsys.readouterr().err
    assert "docs/one.md" in told
    assert "docs/two.md" in told  # missing counts as drift
    assert (tmp_path / "one.md").read_text() == "as somebody typed\n"  # looking writes nothing
    assert documents.main([]) == 0
    assert documents.main(["--check"]) == 0
    assert (tmp_path / "one.md").read_text() == "as the code says\n"


def test_another_word_is_a_mistake_of_the_caller(capsys):
    assert documents.main(["--chek"]) == 2
    assert "--check" in capsys.readouterr().err
