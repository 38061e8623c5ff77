"""CSV as people have it: separators, encodings, and every mistake with its line."""

import pytest

from tidegate.adapters.registry import csv_rows
from tidegate.adapters.registry.csv_rows import Rows
from tidegate.core.values.errors import ConfigError


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "crm.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def read(path, encoding=""):
    with Rows.open(path, encoding) as rows:
        return rows.header, list(rows)


def refused(path, encoding=""):
    with pytest.raises(ConfigError) as error:
        read(path, encoding)
    return [mistake.replace(str(path), "crm.csv") for mistake in error.value.mistakes]


@pytest.mark.parametrize(
    "content",
    [
        b"name,mail\nEva,e@x.example\n",
        b"name;mail\r\nEva;e@x.example\r\n",
        b"name\tmail\nEva\te@x.example",
        b"name|mail\nEva|e@x.example\n",
        b"\xef\xbb\xbfname,mail\nEva,e@x.example\n",
        b'"name", "mail"\n"Eva",e@x.example\n\n',
        "\ufeffname,mail\nEva,e@x.example\n".encode("utf-16-le"),
        "\ufeffname,mail\nEva,e@x.example\n".encode("utf-16-be"),
    ],
)
def test_separators_marks_and_line_ends_are_told_from_the_file(written, content):
    header, rows = read(written(content.replace(b', "', b',"')))
    assert (header, rows) == (["name", "mail"], [["Eva", "e@x.example"]])


def test_cells_may_hold_separators_quotes_and_lines(written):
    _, rows = read(written('name,note\n"Eva, B.","said ""no""\nand left"\n'))
    assert rows == [["Eva, B.", 'said "no"\nand left']]


def test_decimal_commas_are_no_separators(written):
    assert read(written("name;sum\nEva;1,50\nBo;2,75\n"))[1] == [["Eva", "1,50"], ["Bo", "2,75"]]


def test_one_column_needs_no_separator(written):
    assert read(written("mail\na@x.example\nb@x.example\n"))[1] == [["a@x.example"], ["b@x.example"]]


def test_another_encoding_is_named_by_the_user(written):
    path = written("name,b\nM\u00fcller,1x\n".encode("cp1252"))
    assert refused(path) == ["crm.csv:2: the line is not UTF-8; save the file as UTF-8, or name its --encoding"]
    assert read(path, "cp1252")[1] == [["M\u00fcller", "1x"]]
    assert "no such encoding" in refused(path, "klingon")[0]


def test_characters_that_hold_a_newlines_byte_are_no_line_ends(written):
    text = "\ufeffname,b\n\u0a00\u010a,1x\n"
    assert read(written(text.encode("utf-16-le")))[1] == [["\u0a00\u010a", "1x"]]
    assert read(written(text.encode("utf-16-be")))[1] == [["\u0a00\u010a", "1x"]]


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        ("", "crm.csv: it is empty"),
        ("a,,c\n1,2,3\n", "crm.csv:1: a column has no name"),
        ("a,b,a\n1,2,3\n", "crm.csv:1: two columns have the same name"),
        ("eva,eva@x.example\nbo,bo@x.example\n", "crm.csv:1: this looks like data"),
        ("4023,77\n4024,78\n", "crm.csv:1: this looks like data"),
        ('a,b\n1,"2\n', "crm.csv:2: this is not CSV"),
        ('a,b\n1,"2"3\n', "crm.csv:2: this is not CSV"),
    ],
)
def test_what_is_no_table_is_refused(written, content, mistake):
    assert refused(written(content))[0].startswith(mistake)


def test_rows_of_another_width_are_told_with_their_lines(written):
    path = written("a,b\n1,2\n1\n1,2\n1,2,3\n" + "1\n" * 9)
    found = refused(path)
    assert [mistake.split(":")[1] for mistake in found] == ["3", "5", "6", "7", "8"]
    assert found[1].startswith("crm.csv:5: this row has 3 cells and the header 2; correct it")


def test_no_mistake_repeats_a_cell(written):
    for content in ("a,b\nhush,hush,hush\n", 'a,b\nhush,"hush"hush\n', b"a,b\nhush,\xffhush\n", "hush@x.example\n"):
        assert "hush" not in " ".join(refused(written(content)))


def test_a_line_without_end_is_refused_before_it_fills_the_memory(written, monkeypatch):
    monkeypatch.setattr(csv_rows, "_LONGEST_LINE_BYTES", 64)
    assert refused(written("a,b\n1,2\n" + "x" * 200))[0].startswith("crm.csv:3: the line has more than 1 MiB")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="check the path"):
        Rows.open(tmp_path / "none.csv")


def test_it_tells_how_far_it_is(written):
    path = written("a,b\n" + "1,2\n" * 50)
    with Rows.open(path) as rows:
        list(rows)
        assert rows.bytes_read == rows.size_bytes == path.stat().st_size
