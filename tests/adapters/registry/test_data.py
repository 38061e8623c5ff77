"""Tables of records in a folder: registered, loaded, listed, forgotten, and refused when they are not whole."""

import stat

import pytest

from tidegate.adapters.registry import data
from tidegate.adapters.registry.data import forget_data, load_data, register_data, registered_data
from tidegate.core.values.errors import ConfigError

KEY = b"d" * 32
CSV = "name,email,city\nMaria Lopez,maria@x.example,Leeds\nJudd Abernathy,judd@x.example,Ulm\n"
NOW = "2026-01-31T10:00:00Z"


@pytest.fixture
def crm(tmp_path):
    path = tmp_path / "crm.csv"
    path.write_text(CSV)
    return path


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "deep" / "detection"


def register(path, folder, **how):
    return register_data(path, folder, KEY, registered_at=NOW, **how)


def labels(folder, text, key=KEY):
    return {hit.label for hit in load_data(folder, key).hits(text.encode(), text.lower().encode())}


def mistakes(call, *given, **how):
    with pytest.raises(ConfigError) as error:
        call(*given, **how)
    return list(error.value.mistakes)


def test_what_is_registered_is_found(crm, folder):
    found = register(crm, folder)
    assert (found.name, found.label, found.rows, found.alone, found.together) == ("crm", "customer.record", 2, 4, 2)
    assert [(column.name, column.alone, column.together) for column in found.columns] == [
        ("name", 2, 0), ("email", 2, 0), ("city", 0, 2),
    ]  # fmt: skip
    assert labels(folder, "ask maria@x.example") == {"customer.record"}
    assert labels(folder, "ask nobody@x.example") == set()


def test_nothing_is_looked_for_where_nothing_is_registered(folder):
    assert load_data(folder, KEY) is None
    folder.mkdir(parents=True)
    assert load_data(folder, KEY) is None
    assert registered_data(folder) == []


def test_the_file_is_private_and_holds_no_cell(crm, folder):
    path = register(crm, folder).path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [file.name for file in folder.iterdir()] == ["crm.records"]
    content = path.read_bytes().lower()
    assert not any(word in content for word in (b"maria", b"lopez", b"x.example", b"leeds", b"email"))


def test_columns_labels_and_names_are_chosen(crm, folder):
    found = register(crm, folder, name="people", label="customer.people", columns=["city", "email"], together=["email"])
    assert [(one.name, one.alone) for one in found.columns] == [("email", 0), ("city", 0)]
    assert labels(folder, "Maria Lopez") == set()
    assert labels(folder, "maria@x.example in Leeds") == {"customer.people"}
    assert registered_data(folder)[0].name == "people"
    register(crm, folder, name="people", alone=["city"])
    assert labels(folder, "in Leeds") == {"customer.record"}


def test_a_table_that_is_registered_again_takes_the_olds_place(crm, folder):
    register(crm, folder)
    old = load_data(folder, KEY)
    crm.write_text(CSV.replace("maria", "mary"))
    register(crm, folder)
    assert labels(folder, "maria@x.example") == set()
    assert labels(folder, "mary@x.example") == {"customer.record"}
    assert old.hits(b"maria@x.example", b"maria@x.example")  # whoever has the old one goes on with it


def test_what_is_forgotten_is_gone(crm, folder):
    path = register(crm, folder).path
    assert forget_data(folder, "crm") is True
    assert forget_data(folder, "crm") is False
    assert not path.exists()
    assert load_data(folder, KEY) is None


@pytest.mark.parametrize("name", ["../crm", "a/b", ".hidden", "", "x" * 81])
def test_a_name_is_no_path(crm, folder, name):
    assert "a name has letters" in mistakes(forget_data, folder, name)[0]


@pytest.mark.parametrize(
    ("how", "mistake"),
    [
        ({"columns": ["emial"]}, "there is no column 'emial' (did you mean \"email\"?)"),
        ({"alone": ["none"]}, "there is no column 'none'"),
        ({"alone": ["city"], "together": ["city"]}, "named both alone and together"),
        ({"columns": ["email"], "alone": ["city"]}, "is not among --columns"),
        ({"label": "pii.email"}, "it is a label of your own under customer"),
        ({"name": "a b"}, "a name has letters"),
        ({"columns": []}, ""),
    ],
)
def test_wrong_wishes_are_refused(crm, folder, how, mistake):
    if mistake:
        assert any(mistake in one for one in mistakes(register, crm, folder, **how))
        assert load_data(folder, KEY) is None
    else:
        assert register(crm, folder, **how).rows == 2


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        ("a,b\n", "there is no row below the header"),
        ("a,b\nopen,n/a\n", "no cell of it tells anything"),
        (",".join(f"c{n}" for n in range(13)) + "\n" + ",".join(["x1"] * 13) + "\n", "at most 12 are taken"),
        ("a,b\nMaria,maria@x.example\nx\n", "this row has 1 cells"),
    ],
)
def test_a_file_that_is_no_good_leaves_nothing_behind(crm, folder, content, mistake):
    crm.write_text(content)
    assert mistake in mistakes(register, crm, folder)[0]
    assert load_data(folder, KEY) is None


def test_too_many_rows_are_refused(crm, folder, monkeypatch):
    monkeypatch.setattr(data, "MOST_ROWS", 1)
    assert "split it" in mistakes(register, crm, folder)[0]


def test_progress_is_told_in_bytes(crm, folder):
    told = []
    crm.write_text("id\n" + "\n".join(f"K{n:07}" for n in range(3000)) + "\n")
    register(crm, folder, progress=lambda done, whole: told.append((done, whole)))
    assert told == sorted(told)
    assert [whole for _, whole in told] == [crm.stat().st_size] * 2


def test_another_key_is_refused_with_what_to_do(crm, folder):
    register(crm, folder)
    [said] = mistakes(load_data, folder, b"e" * 32)
    assert "another key" in said
    assert "register the table again" in said


@pytest.mark.parametrize("at", [0, 30, 200, -40, -1])
def test_damage_is_refused(crm, folder, at):
    path = register(crm, folder).path
    content = bytearray(path.read_bytes())
    content[at] ^= 0xFF
    path.write_bytes(content)
    [said] = mistakes(load_data, folder, KEY)
    assert str(path) in said
    assert "register the table again" in said


def test_every_damaged_file_is_told(crm, folder):
    register(crm, folder, name="a").path.write_bytes(b"")
    register(crm, folder, name="b").path.write_bytes(b"TGRECS1\n" + b"x" * 40)
    register(crm, folder, name="c")
    assert len(mistakes(load_data, folder, KEY)) == 2
    assert "register the table again" in mistakes(registered_data, folder)[0]


def test_a_link_is_not_followed(crm, folder, tmp_path):
    path = register(crm, folder).path
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert mistakes(load_data, folder, KEY)


def test_a_folder_that_cannot_be_written_is_told(crm, tmp_path):
    (tmp_path / "file").write_text("")
    assert "cannot be written" in mistakes(register, crm, tmp_path / "file")[0]
