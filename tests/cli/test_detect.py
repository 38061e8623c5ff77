"""`tidegate detect`: teaching the gateway what is one's own, and the answers that scripts rely on."""

import io
import json

import pytest

from tidegate import app
from tidegate.cli import detect, terminal
from tidegate.cli.chosen import written

CSV = "name,email,city\nMaria Lopez,maria@x.example,Leeds\nJudd Abernathy,judd@x.example,Ulm\n"
DICTIONARY = """\
[[patterns]]
label = "customer.ticket"
name = "tickets"
pattern = 'TCK-\\d{6}'
[[tests]]
text = "see TCK-123456"
finds = ["customer.ticket"]
[[tests]]
text = "see TCK-12"
finds = []
"""
CODE = (
    """\
def settle(ledger, rows, fee_percent):
    outstanding = sum(row.amount for row in rows if not row.paid)
    fee = outstanding * fee_percent / 100
    for row in rows:
        ledger.append((row.account, row.amount, fee / len(rows)))
    return outstanding + fee
"""
    * 5
)


@pytest.fixture
def crm(machine):
    (machine.folder / "crm.csv").write_text(CSV)
    return "crm.csv"


@pytest.fixture
def dictionary(machine):
    (machine.folder / "own.toml").write_text(DICTIONARY)
    return machine.folder / "own.toml"


def as_json(answer):
    return answer.status, json.loads(answer.out)


def found_in(text):
    settings = written(None)
    data, lower = text.encode(), text.lower().encode()
    finders = app.own_finders(settings, app.open_keys(settings).keys.detection)
    return {hit.label for finder in finders for hit in finder.hits(data, lower)}


def test_records_are_registered_listed_and_forgotten(tidegate, crm):
    status, told = as_json(tidegate("detect", "register-data", crm, "--json"))
    assert status == 0
    assert told.pop("registered_at").endswith("Z")
    assert told == {
        "ok": True, "name": "crm", "kind": "records", "label": "customer.record", "rows": 2, "alone": 4, "together": 2,
        "columns": [
            {"name": "name", "alone": 2, "together": 0, "unused": 0},
            {"name": "email", "alone": 2, "together": 0, "unused": 0},
            {"name": "city", "alone": 0, "together": 2, "unused": 0},
        ],
    }  # fmt: skip
    assert found_in("write to maria@x.example") == {"customer.record"}
    assert [one["name"] for one in as_json(tidegate("detect", "list", "--json"))[1]["registered"]] == ["crm"]
    assert as_json(tidegate("detect", "forget", "crm", "--json")) == (
        0, {"ok": True, "name": "crm", "forgotten": ["records"]},
    )  # fmt: skip
    assert as_json(tidegate("detect", "forget", "crm", "--json")) == (1, {"ok": False, "name": "crm", "forgotten": []})
    assert "`tidegate detect list`" in tidegate("detect", "forget", "crm").err


def test_columns_name_and_label_are_chosen(tidegate, crm):
    words = ("--columns", "email, city", "--together", "email", "--name", "people", "--label", "customer.people")
    answer = tidegate("detect", "register-data", crm, *words)
    assert (answer.status, answer.err) == (0, "")
    assert "email\t0\t2\t0\n" in answer.out
    assert "people, 2 rows as customer.people" in answer.out
    assert found_in("maria@x.example") == set()
    assert found_in("maria@x.example, Leeds") == {"customer.people"}


def test_no_answer_repeats_a_cell(tidegate, crm, machine):
    answers = [tidegate("detect", "register-data", crm), tidegate("detect", "list")]
    (machine.folder / "crm.csv").write_text(CSV + "Maria Lopez,maria@x.example\n")
    answers.append(tidegate("detect", "register-data", crm))
    assert answers[-1].status == 2
    assert "crm.csv:4: this row has 2 cells" in answers[-1].err
    assert "aria" not in "".join(answer.out + answer.err for answer in answers)


def test_code_is_registered_listed_and_forgotten(tidegate, machine):
    (machine.folder / "repo").mkdir()
    (machine.folder / "repo" / "ledger.py").write_text(CODE)
    status, told = as_json(tidegate("detect", "register-code", "repo", "--name", "books", "--json"))
    assert (status, told["ok"], told["name"], told["kind"], told["files"]) == (0, True, "books", "code", 1)
    assert "books\tcode\t1 files" in tidegate("detect", "list").out
    assert found_in(CODE) == {"code.proprietary"}
    assert "forgotten: books (code)" in tidegate("detect", "forget", "books").out
    assert "registered: repo" in tidegate("detect", "register-code", "repo").out


def test_what_cannot_be_registered_is_status_2(tidegate):
    for words in (("register-code", "none"), ("register-data", "none.csv"), ("forget", "../x"), ("test", "none.toml")):
        status, told = as_json(tidegate("detect", *words, "--json"))
        assert (status, told["ok"]) == (2, False)
        assert told["errors"]


def test_nothing_registered_is_said(tidegate):
    assert tidegate("detect", "list").out.startswith("nothing yet")
    assert as_json(tidegate("detect", "list", "--json")) == (0, {"ok": True, "registered": []})


def test_a_dictionarys_tests_are_run(tidegate, dictionary):
    assert as_json(tidegate("detect", "test", dictionary, "--json")) == (
        0,
        {
            "ok": True,
            "tests": [
                {"place": f"{dictionary}:5", "ok": True, "finds": ["customer.ticket"], "found": ["customer.ticket"]},
                {"place": f"{dictionary}:8", "ok": True, "finds": [], "found": []},
            ],
        },
    )


def test_a_test_that_fails_is_named_and_status_1(tidegate, dictionary):
    dictionary.write_text(DICTIONARY.replace('TCK-12"', 'TCK-654321"'))
    answer = tidegate("detect", "test", dictionary)
    assert answer.status == 1
    assert f"FAILS\t{dictionary}:8\t\tcustomer.ticket" in answer.out
    assert f"{dictionary}:8: this test fails" in answer.err
    assert "TCK-6" not in answer.out + answer.err
    assert as_json(tidegate("detect", "test", dictionary, "--json"))[1]["ok"] is False


def test_every_dictionarys_mistakes_are_told_at_once(tidegate, dictionary, machine):
    dictionary.write_text(DICTIONARY.replace("pattern =", "patern ="))
    (machine.folder / "more.toml").write_text("x = 1")
    answer = tidegate("detect", "test", "own.toml", "more.toml")
    assert answer.status == 2
    assert 'own.toml:4: patterns.0.patern: there is no such setting (did you mean "pattern"?)' in answer.err
    assert "more.toml:1: x: there is no such table" in answer.err


def test_a_dictionary_without_tests_says_so(tidegate, dictionary):
    dictionary.write_text(DICTIONARY.split("[[tests]]", maxsplit=1)[0])
    answer = tidegate("detect", "test", dictionary)
    assert answer.status == 0
    assert "add [[tests]]" in answer.out


def test_without_a_file_those_of_the_configuration_are_tested(tidegate, dictionary, machine):
    assert tidegate("detect", "test").status == 2
    (machine.folder / "tidegate.toml").write_text('[detection]\ndictionaries = ["own.toml"]\n')
    assert tidegate("detect", "test").status == 0
    assert "own.toml\tdictionary\t0 words, 1 patterns, 2 tests" in tidegate("detect", "list").out
    assert found_in("TCK-000000") == {"customer.ticket"}


def test_a_bar_is_drawn_on_a_terminal_only(monkeypatch):
    shown = io.StringIO()
    monkeypatch.setattr("sys.stderr", shown)
    with detect._Progress("bytes") as progress:
        assert progress.told is None
    monkeypatch.setattr(terminal, "is_terminal", lambda stream=None: True)
    with detect._Progress("bytes") as progress:
        for done in range(101):
            progress.told(done, 100)
    assert shown.getvalue().count("\r[") == detect._BAR + 1
    assert "100 of 100 bytes" in shown.getvalue()
    assert shown.getvalue().endswith("\r\x1b[K")
