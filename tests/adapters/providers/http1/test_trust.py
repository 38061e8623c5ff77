import ssl

import pytest

from tests.adapters.providers.certificates import issue
from tidegate.adapters.providers.http1 import trust, trusting
from tidegate.core.values.errors import ConfigError


def test_the_name_is_checked_and_old_versions_are_refused(tmp_path):
    context = trusting(issue(tmp_path, "house.test").ca_file)
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_the_environment_neither_logs_keys_nor_adds_trust(tmp_path, monkeypatch):
    ours = issue(tmp_path, "house.test")
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    monkeypatch.setenv("SSL_CERT_FILE", ours.ca_file)
    monkeypatch.setattr(trust, "_system", lambda: (issue(tmp_path, "other.test").ca_file, ""))
    context = trusting()
    assert context.keylog_filename is None
    assert not (tmp_path / "keys").exists()
    assert len(context.get_ca_certs()) == 1


def test_a_configured_file_replaces_the_systems_authorities(tmp_path):
    assert len(trusting(issue(tmp_path, "house.test").ca_file).get_ca_certs()) == 1


@pytest.mark.parametrize(("content", "words"), [(None, "no such file"), (b"hello", "holds no certificate")])
def test_a_file_without_certificates_is_said_so(tmp_path, content, words):
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        trusting(str(file))
    assert words in str(caught.value).lower()
    assert "ca.pem" in str(caught.value)


def test_the_systems_authorities_are_found_where_openssl_was_built_to_look(tmp_path, monkeypatch):
    file = issue(tmp_path, "house.test").ca_file
    paths = ssl.DefaultVerifyPaths(None, None, "SSL_CERT_FILE", file, "SSL_CERT_DIR", "")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)
    monkeypatch.setattr(trust, "_BUNDLES", ())
    assert len(trusting().get_ca_certs()) == 1


@pytest.mark.parametrize("kept_in", ["a bundle", "a folder"])
def test_the_systems_authorities_are_found_elsewhere(tmp_path, monkeypatch, kept_in):
    file = issue(tmp_path, "house.test").ca_file
    paths = ssl.DefaultVerifyPaths(None, None, "SSL_CERT_FILE", "", "SSL_CERT_DIR", str(tmp_path))
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)
    monkeypatch.setattr(trust, "_BUNDLES", ("/nowhere/at/all.pem", *([file] if kept_in == "a bundle" else [])))
    assert trust._system() == ((file, "") if kept_in == "a bundle" else ("", str(tmp_path)))
    trusting()


def test_a_system_without_authorities_is_told_what_to_do(tmp_path, monkeypatch):
    empty = tmp_path / "certs"
    empty.mkdir()
    paths = ssl.DefaultVerifyPaths(None, None, "SSL_CERT_FILE", str(tmp_path / "none"), "SSL_CERT_DIR", str(empty))
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)
    monkeypatch.setattr(trust, "_BUNDLES", ())
    with pytest.raises(ConfigError, match="ca-certificates"):
        trusting()
