"""All that is one's own, loaded at once or not at all, and noticed when it changes."""

import pytest

from tidegate.adapters.registry.code import register_code
from tidegate.adapters.registry.data import register_data
from tidegate.adapters.registry.folder import own_finders, state
from tidegate.core.classify.engine import Engine
from tidegate.core.values.envelope import Part, Position
from tidegate.core.values.errors import ConfigError

KEY = b"d" * 32
NOW = "2026-01-31T10:00:00Z"
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
def folder(tmp_path):
    return tmp_path / "detection"


@pytest.fixture
def dictionary(tmp_path):
    (tmp_path / "hosts.txt").write_text("db7.corp.example\n")
    path = tmp_path / "own.toml"
    path.write_text('[[terms]]\nname = "hosts"\nfile = "hosts.txt"\n')
    return path


@pytest.fixture
def crm(tmp_path):
    path = tmp_path / "crm.csv"
    path.write_text("name,email\nMaria Lopez,maria@x.example\n")
    return path


@pytest.fixture
def repository(tmp_path):
    path = tmp_path / "repo"
    path.mkdir()
    (path / "ledger.py").write_text(CODE)
    return path


def test_everything_becomes_a_detector(folder, dictionary, crm, repository):
    register_data(crm, folder, KEY, registered_at=NOW)
    register_code(repository, folder, KEY, registered_at=NOW)
    engine = Engine(finders=own_finders(folder, [dictionary], KEY))
    text = f"On db7.corp.example for Maria Lopez:\n{CODE}"
    found = engine.classify((Part(Position.USER, (), text),))
    assert {"customer.term", "customer.record", "code.proprietary"} <= found.labels
    assert found.failed == ()
    assert own_finders(folder / "none", [], KEY) == []


def test_every_mistake_is_told_and_nothing_is_loaded(folder, dictionary, crm, repository):
    dictionary.write_text("x = 1")
    register_data(crm, folder, KEY, registered_at=NOW).path.write_bytes(b"damaged")
    register_code(repository, folder, KEY, registered_at=NOW).path.write_bytes(b"damaged")
    with pytest.raises(ConfigError) as error:
        own_finders(folder, [dictionary], KEY)
    assert {"own.toml", "crm.records", "repo.fp"} <= {
        name for name in ("own.toml", "crm.records", "repo.fp") for mistake in error.value.mistakes if name in mistake
    }


def test_a_change_of_anything_is_noticed(folder, dictionary, crm, repository, tmp_path):
    seen = [state(folder, [dictionary])]

    def changed():
        seen.append(state(folder, [dictionary]))
        return seen[-1] != seen[-2]

    assert not changed()
    register_data(crm, folder, KEY, registered_at=NOW)
    assert changed()
    register_code(repository, folder, KEY, registered_at=NOW)
    assert changed()
    (tmp_path / "hosts.txt").write_text("db8.corp.example\nmore.example\n")
    assert changed()
    dictionary.write_text(dictionary.read_text() + '[[terms]]\nname = "w"\nwords = ["abc"]\n')
    assert changed()
    (folder / "crm.records").unlink()
    assert changed()
    dictionary.unlink()
    assert changed()
    assert not changed()


def test_what_cannot_be_read_changes_nothing_but_itself(folder, dictionary):
    for content in (b"\xff", b"terms = 3", b"terms = [3]", b'[[terms]]\nfile = "~nobody-of-that-name/x"\n'):
        dictionary.write_bytes(content)
        assert len(state(folder, [dictionary])) >= 1
