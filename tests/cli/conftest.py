"""Commands run in the test's own process, in an empty folder, with a home of their own and no runtime."""

import os
import socket
from types import SimpleNamespace

import pytest

from tidegate import app
from tidegate.cli.entry import run


@pytest.fixture(autouse=True)
def machine(tmp_path, monkeypatch):
    """`runtimes`: what discovery would find; `has_engine`: whether the extra is installed."""
    found = SimpleNamespace(runtimes=[], has_engine=True, folder=tmp_path / "here")
    found.folder.mkdir()
    monkeypatch.chdir(found.folder)
    for name in [name for name in os.environ if name.startswith(("TIDEGATE__", "XDG_")) or name.endswith("_API_KEY")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as free:
        monkeypatch.setenv("TIDEGATE__SERVER__LISTEN", f"127.0.0.1:{free.getsockname()[1]}")
    monkeypatch.setattr(app, "discover_runtimes", lambda: found.runtimes)
    monkeypatch.setattr(app, "has_embedded_engine", lambda: found.has_engine)
    return found


@pytest.fixture
def tidegate(capsys):
    """tidegate("policy", "check") -> status, out, err."""

    def call(*words):
        try:
            status = run([str(word) for word in words])
        except SystemExit as end:  # argparse's own way
            status = end.code
        out, err = capsys.readouterr()
        return SimpleNamespace(status=status, out=out, err=err)

    return call
