"""Kinds of values: each reads what it says it reads, and its reasons repeat nothing."""

from datetime import date, datetime
from pathlib import Path

import pytest

from tidegate.config import kinds
from tidegate.config.kinds import Address, Surroundings, Wrong, near

AROUND = Surroundings(Path("/etc/tidegate"), {"HOME": "/home/ada"})


@pytest.mark.parametrize(
    ("kind", "written", "read"),
    [
        (kinds.listen_address(), "localhost:1", Address("127.0.0.1", 1)),
        (kinds.listen_address(), "[::1]:2", Address("::1", 2)),
        (kinds.whole(1, 5), 5, 5),
        (kinds.seconds(0, 5), 5, 5.0),
        (kinds.day(), date(2027, 1, 31), date(2027, 1, 31)),
        (kinds.day(), "2027-01-31", date(2027, 1, 31)),
        (kinds.file_path(), "~", Path("/home/ada")),
        (kinds.file_path(), "~/a/../b", Path("/home/ada/b")),
        (kinds.file_path(), "x", Path("/etc/tidegate/x")),
        (kinds.reference(), "env:A_1", "env:A_1"),
        (kinds.reference(), "file:~/key", "file:/home/ada/key"),
        (kinds.reference(), "file:/run/key", "file:/run/key"),
        (kinds.store_url(), "sqlite:///x.db", "sqlite:////etc/tidegate/x.db"),
        (kinds.store_url(), "sqlite:////abs/x.db", "sqlite:////abs/x.db"),
        (kinds.store_url(), "postgres://ada@db/x", "postgresql://ada@db/x"),
        (kinds.store_url(), "env:DATABASE_URL", "env:DATABASE_URL"),
        (kinds.store_url(), "file:url", "file:/etc/tidegate/url"),
        (kinds.many(kinds.text(), "a list"), ["a", "b"], ("a", "b")),
        (kinds.fact("zero"), "30d", "30d"),
    ],
)
def test_a_kind_reads_and_what_it_writes_reads_the_same(kind, written, read):
    found = kind.read(written, AROUND)
    assert found == read
    elsewhere = Surroundings(Path("/"), {"HOME": "/"})
    assert kind.read(kind.write(found), elsewhere) == read


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (kinds.listen_address(), 8790),
        (kinds.listen_address(), ":8790"),
        (kinds.whole(1, 5), 6),
        (kinds.whole(1, 5), True),
        (kinds.whole(1, 5), 2.0),
        (kinds.seconds(0, 5), True),
        (kinds.seconds(0, 5), float("nan")),
        (kinds.seconds(0, 5), float("inf")),
        (kinds.truth(), 1),
        (kinds.day(), datetime(2027, 1, 31)),  # noqa: DTZ001 - a moment is no day
        (kinds.day(), 20270131),
        (kinds.text(), ""),
        (kinds.text(), "a\nb"),
        (kinds.reference(), "env:"),
        (kinds.reference(), "env:A B"),
        (kinds.reference(), "file:"),
        (kinds.store_url(), "sqlite://"),
        (kinds.store_url(), "sqlite:///"),
        (kinds.store_url(), "sqlite:///x?mode=memory"),
        (kinds.store_url(), "mysql://x/y"),
        (kinds.many(kinds.text(), "a list"), ["a", "a"]),
        (kinds.many(kinds.text(), "a list"), "a"),
        (kinds.many(kinds.text(), "a list"), [1]),
        (kinds.fact("zero"), "Zero"),
        (kinds.choice("a", "b"), ["a"]),
        (kinds.choice("a"), None),
    ],
)
def test_a_kind_refuses_what_it_is_not(kind, written):
    with pytest.raises(Wrong) as caught:
        kind.read(written, AROUND)
    assert str(caught.value)


def test_addresses_are_spelled_as_they_are_read():
    assert [str(Address("127.0.0.1", 1)), str(Address("::1", 2))] == ["127.0.0.1:1", "[::1]:2"]


def test_a_guess_names_only_what_is_known():
    assert near("Listn", ["listen", "console"]) == ' (did you mean "listen"?)'
    assert near("completely else", ["listen"]) == ""
    assert near(3, ["listen"]) == ""
    assert near("x" * 1000, ["x" * 999]) == ""
