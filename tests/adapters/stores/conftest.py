"""Stores on both databases. `url` is one of each in turn; `file_url` is SQLite's alone, for what is about its files."""

import pytest

from tests.fakes.postgres import Server


@pytest.fixture(scope="session")
def postgres():
    """A real server, for as long as the run lasts; where none is installed, its tests are skipped and say so."""
    server = Server()
    if server.missing:
        pytest.skip(server.missing)
    try:
        server.begin()
        yield server
    finally:
        server.close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "var" / "state.db"


@pytest.fixture
def file_url(path):
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request):
    if request.param == "sqlite":
        return request.getfixturevalue("file_url")
    return request.getfixturevalue("postgres").database()
