"""Addresses of PostgreSQL, by their spelling: taken, put right, or refused without being repeated."""

import pytest

from tidegate.config.databases import is_postgresql, postgresql_url

PASSWORD = "hunter" + "2"


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("postgresql://db/x", "postgresql://db/x"),
        ("postgres://ada@db:5433/x", "postgresql://ada@db:5433/x"),
        ("postgresql:///x?host=/var/run/postgresql", "postgresql:///x?host=/var/run/postgresql"),
        ("postgresql://a@one:1,two:2/x?sslmode=require", "postgresql://a@one:1,two:2/x?sslmode=require"),
    ],
)
def test_what_is_taken(url, read):
    assert is_postgresql(url)
    assert postgresql_url(url) == read


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql+psycopg://db/x", "which driver speaks to it is not chosen here"),
        (f"postgresql://ada:{PASSWORD}@db/x", "a password never stands in the configuration"),
        (f"postgresql://db/x?password={PASSWORD}", "a password never stands in the configuration"),
        ("postgresql://db", "it names no database"),
        ("postgresql://db/", "it names no database"),
        ("postgresql://db/x#y", "it names no database"),
        (f"postgresql://[{PASSWORD}/x", "it is no URL"),
        ("postgresql://db/x?sslmod=require", "did you mean sslmode?"),
        ("postgresql://db/x?zzzzzz=1", "there are host, port"),
        ("postgresql://db/x?sslmode=verify", "its sslmode is none; there are disable"),
        ("postgresql://db/x?sslmode", "it is no URL"),
    ],
)
def test_what_is_refused_is_not_repeated(url, sentence):
    with pytest.raises(ValueError) as refused:
        postgresql_url(url)
    assert sentence in str(refused.value)
    assert PASSWORD not in str(refused.value)


def test_what_came_from_where_secrets_are_may_hold_one():
    url = f"postgres://ada:{PASSWORD}@db/x"
    assert postgresql_url(url, from_reference=True) == f"postgresql://ada:{PASSWORD}@db/x"


@pytest.mark.parametrize("url", ["sqlite:///a", "mysql://db/x", "env:DATABASE_URL"])
def test_others_are_not_postgresql_s(url):
    assert not is_postgresql(url)
