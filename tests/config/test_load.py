"""From a file on disk: what cannot be read is a sentence."""

import os

import pytest

from tidegate import config
from tidegate.core.values.errors import ConfigError


def refused(call, *args):
    with pytest.raises(ConfigError) as caught:
        call(*args)
    return caught.value.mistakes


def test_a_folder_has_one_configuration_or_none(tmp_path):
    assert config.find(tmp_path) is None
    (tmp_path / "tidegate.yml").touch()
    assert config.find(tmp_path) == tmp_path / "tidegate.yml"
    (tmp_path / "tidegate.toml").touch()
    assert "tidegate.toml and tidegate.yml both stand here" in refused(config.find, tmp_path)[0]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe", ":1: the file is not UTF-8"),
        (b"a = 1\nb = '\xe9'", ":2: the file is not UTF-8"),
        (b"#" * (1024 * 1024 + 1), "larger than 1 MiB"),
        (b"[server\nlisten = 1", ":1: this is not TOML"),
        (b"[server]\nlisten = ", ":2: this is not TOML"),
        (b"[server]\nlisten = 1\nlisten = 2", "this is not TOML"),
        (b"a = " + b"[" * 9000, "nested too deeply"),
    ],
)
def test_a_file_that_is_none_says_why(tmp_path, content, sentence):
    file = tmp_path / "tidegate.toml"
    file.write_bytes(content)
    assert sentence in refused(config.load, file, {})[0]


def test_a_missing_file_says_how_to_get_one(tmp_path):
    assert "`tidegate init` writes one" in refused(config.load, tmp_path / "tidegate.toml", {})[0]


def test_a_folder_in_its_place_is_a_sentence(tmp_path):
    assert "cannot be read" in refused(config.load, tmp_path, {})[0]


def test_a_byte_order_mark_is_no_mistake(tmp_path):
    file = tmp_path / "tidegate.toml"
    file.write_bytes(b"\xef\xbb\xbf[server]\n")
    assert config.load(file, {}).server.workers == 1


def test_the_environment_lies_over_the_file(tmp_path):
    file = tmp_path / "tidegate.toml"
    file.write_text('[server]\nlisten = "127.0.0.1:1"\n')
    settings = config.load(file, {"TIDEGATE__SERVER__LISTEN": "127.0.0.1:2", "TIDEGATE__AUDIT__STRICT": "true"})
    assert (settings.server.listen.port, settings.audit.strict) == (2, True)


def test_a_mistake_in_the_environment_names_the_variable():
    told = refused(config.read, {}, {"TIDEGATE__SERVER__WORKERS": "8", "TIDEGATE__SERVER__LISTN": "x"})
    assert told[0].startswith("environment variable TIDEGATE__SERVER__LISTN: there is no such setting")
    assert told[1].startswith("environment variable TIDEGATE__SERVER__WORKERS: server.workers: this version has one")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_nobody_may_read_is_a_sentence(tmp_path):
    file = tmp_path / "tidegate.toml"
    file.touch(mode=0)
    assert "Permission denied" in refused(config.load, file, {})[0]
