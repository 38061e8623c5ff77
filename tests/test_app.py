"""What commands ask the composition root for, with the real adapters behind it."""

import importlib.util
import sys

import pytest

from tidegate import app
from tidegate.config import load
from tidegate.core.values.errors import ConfigError


@pytest.fixture
def settings(tmp_path):
    file = tmp_path / "tidegate.toml"
    file.write_text('[keys]\npath = "keys"\n[audit]\npath = "log"\n[store]\nurl = "sqlite:///state.db"\n')
    return load(file, {"HOME": str(tmp_path)})


def test_keys_are_made_once_and_read_again(settings):
    with pytest.raises(ConfigError):
        app.read_keys(settings)
    made = app.open_keys(settings)
    assert app.open_keys(settings).keys == app.read_keys(settings).keys == made.keys


def test_the_baseline_is_proven_and_can_be_written_out_and_read_again(tmp_path):
    baseline = app.compiled_policy(None)
    assert app.is_proven(baseline)
    for name, text in app.baseline_files().items():
        (tmp_path / name).write_text(text)
    mine = app.compiled_policy(tmp_path)
    assert mine.digest == baseline.digest
    assert app.is_proven(mine)


def test_a_changed_policy_is_not_proven_until_it_is(tmp_path):
    for name, text in app.baseline_files().items():
        (tmp_path / name).write_text(text + ("\n// mine\n" if name.endswith(".cedar") else ""))
    mine = app.compiled_policy(tmp_path)
    assert not app.is_proven(mine)
    report = app.prove_policy(mine)
    assert report.ok
    assert app.keep_proof(report)


def test_a_secret_is_where_its_reference_points(tmp_path, monkeypatch):
    monkeypatch.setenv("TEST_SECRET", "from-the-environment")
    (tmp_path / "secret").write_text("from-a-file\n")
    (tmp_path / "secret").chmod(0o600)
    assert app.secret("env:TEST_SECRET") == "from-the-environment"
    assert app.secret(f"file:{tmp_path / 'secret'}") == "from-a-file"
    with pytest.raises(ConfigError):
        app.secret("env:TEST_SECRET_THAT_IS_NOT_THERE")


def placed(tmp_path, store):
    file = tmp_path / "tidegate.toml"
    file.write_text(f'[keys]\npath = "keys"\n[audit]\npath = "log"\n[store]\n{store}\n')
    return load(file, {"HOME": str(tmp_path)})


def test_a_file_is_nobody_else_s_and_a_database_has_a_name_for_each_who_shares_it(settings, tmp_path):
    here = app.store_place(settings)
    assert (here.url, here.is_shared) == (f"sqlite:///{tmp_path}/state.db", False)
    assert settings.own_folder == tmp_path
    shared = placed(tmp_path, 'url = "postgresql://db/x"')
    place = app.store_place(shared)
    assert (place.url, place.is_shared) == ("postgresql://db/x", True)
    assert place.replica.endswith(str(tmp_path / "log"))
    assert shared.own_folder == tmp_path
    elsewhere = placed(tmp_path, 'url = "postgresql://db/x"\nreplica = "left"\nfolder = "mine"')
    assert app.store_place(elsewhere).replica == "left"
    assert elsewhere.own_folder == tmp_path / "mine"


def test_a_url_and_a_password_may_be_references_and_neither_is_ever_told(tmp_path, monkeypatch):
    secret = "hunter" + "2"
    monkeypatch.setenv("TEST_DATABASE", f"postgres://ada:{secret}@db/x")
    monkeypatch.setenv("TEST_PASSWORD", "several words")
    place = app.store_place(placed(tmp_path, 'url = "env:TEST_DATABASE"\npassword = "env:TEST_PASSWORD"'))
    assert place[:2] == (f"postgresql://ada:{secret}@db/x", "several words")
    assert secret not in repr(place)
    monkeypatch.setenv("TEST_DATABASE", f"mysql://ada:{secret}@db/x")
    with pytest.raises(ConfigError, match="what env:TEST_DATABASE leads to is no PostgreSQL URL") as refused:
        app.store_place(placed(tmp_path, 'url = "env:TEST_DATABASE"'))
    assert secret not in str(refused.value)


def test_without_its_driver_a_database_is_refused_with_the_extra_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"pip install 'tidegate\[postgres\]'"):
        app.store_place(placed(tmp_path, 'url = "postgresql://db/x"'))


def test_labels_that_can_be_found_are_leaves_that_detectors_bear(settings):
    found = app.labels_found(settings)
    assert {"pii.email", "gov.us_ssn", "derived.local"} <= found
    assert "unknown" not in found


def test_the_shipped_model_is_where_it_says():
    assert app.embedded_model().read_bytes()[:4] == b"GGUF"


def test_a_machine_without_the_extra_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert app.has_embedded_engine() is False


def test_a_log_that_is_not_there_has_no_heads_kept_elsewhere(settings):
    assert app.anchored_heads(settings) == []
