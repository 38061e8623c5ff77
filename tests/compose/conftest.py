import pytest

from tests.fakes.gateway import CONFIGURATION, CREDENTIAL
from tidegate.config import load

NOWHERE = "http://127.0.0.1:9/v1"


@pytest.fixture
def configured(tmp_path, monkeypatch):
    """configured(more) -> settings; the targets' upstreams are not there."""
    monkeypatch.setenv("TEST_OUTSIDE_KEY", CREDENTIAL)

    def make(more=""):
        file = tmp_path / "tidegate.toml"
        none = {"server": "", "upstream": "", "audit": "", "more": ""}
        text = CONFIGURATION.format(port=8790, inside=NOWHERE, outside=NOWHERE, home=tmp_path, **none)
        file.write_text(text + more)
        return load(file, {"HOME": str(tmp_path)})

    return make
