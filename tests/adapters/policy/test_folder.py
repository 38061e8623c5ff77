import pytest

from tests.core.decide.facts import LOCAL, SCHEMA, invariant
from tidegate.adapters.policy.folder import MAX_FILE_BYTES, MAX_FILES, case_files, read_baseline, read_policy
from tidegate.core.values.errors import ConfigError


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "b.cedar").write_text(LOCAL)
    (tmp_path / "a.cedar").write_text("// first\n")
    (tmp_path / "invariants.toml").write_text(invariant("true"))
    return tmp_path


def refused(folder) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as told:
        read_policy(folder)
    return told.value.mistakes


def test_a_folder_is_read_whole_and_by_name(folder):
    (folder / "README.md").write_text("not ours")
    (folder / ".hidden.cedar").write_text("an editor's copy")
    (folder / "tests").mkdir()
    read = read_policy(folder)

    assert list(read.sources) == ["a.cedar", "b.cedar", "invariants.toml"]
    assert read.sources["b.cedar"] == LOCAL
    assert read.schema == SCHEMA


def test_the_baseline_in_the_package_is_read_the_same_way():
    read = read_baseline()

    assert list(read.sources) == ["boundaries.cedar", "data.cedar", "invariants.toml"]


def test_the_baseline_copied_into_a_folder_is_the_same_policy(tmp_path):
    for name, text in read_baseline().sources.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "tidegate.cedarschema").write_text(SCHEMA)

    assert read_policy(tmp_path) == read_baseline()


def test_a_byte_order_mark_is_no_part_of_a_rule(folder):
    (folder / "b.cedar").write_bytes(b"\xef\xbb\xbf" + LOCAL.encode())

    assert read_policy(folder).sources["b.cedar"] == LOCAL


def test_a_schema_of_another_version_is_refused(folder):
    (folder / "tidegate.cedarschema").write_text(SCHEMA.replace('"baa": Bool,', '"baa": String,'))

    assert refused(folder) == (
        f"{folder / 'tidegate.cedarschema'}:1: this is not the schema of this version of tidegate; delete the copy",
    )


def test_a_missing_folder_and_missing_files_say_what_to_do(tmp_path):
    assert refused(tmp_path / "nowhere")[0].endswith("create it with `tidegate init` or correct [policy] path")
    assert [one.rpartition("; ")[2] for one in refused(tmp_path)] == [
        "write one, or remove [policy] for the baseline",
        "state in it what must never happen",
    ]


def test_every_unreadable_file_is_named_with_its_place(folder):
    (folder / "latin.cedar").write_bytes(b"// one\n// \xe9\n")
    (folder / "large.cedar").write_bytes(b"/" * (MAX_FILE_BYTES + 1))
    (folder / "folder.cedar").mkdir()
    said = refused(folder)

    assert [one.split(": ")[0].rpartition("/")[2] for one in said] == [
        "folder.cedar:1",
        "large.cedar:1",
        "latin.cedar:2",
    ]
    assert "byte 10 is not UTF-8; save the file as UTF-8" in said[2]
    assert "more than 1048576 bytes; split it" in said[1]


def test_too_many_files_are_refused(folder):
    for place in range(MAX_FILES):
        (folder / f"{place}.cedar").write_text("")

    assert f"at most {MAX_FILES} are read" in refused(folder)[0]


def test_cases_are_read_by_their_paths_in_order(folder):
    (folder / "tests").mkdir()
    for name in ("b.toml", "a.toml", "notes.md"):
        (folder / "tests" / name).write_text(f"# {name}\n")

    assert case_files(folder) == {f"{folder}/tests/{name}": f"# {name}\n" for name in ("a.toml", "b.toml")}
    assert list(case_files(None)) == ["tests/baseline.toml"]


def test_a_folder_without_cases_or_with_unreadable_ones_says_so(folder):
    with pytest.raises(ConfigError, match=f"{folder}/tests: there are no cases here; write some"):
        case_files(folder)
    (folder / "tests").mkdir()
    (folder / "tests" / "a.toml").write_bytes(b"# one\n# \xe9\n")
    with pytest.raises(ConfigError, match=r"a\.toml:2: byte 8 is not UTF-8"):
        case_files(folder)
