"""Secrets by reference: what is there is taken, what is not is named without being shown."""

import os

import pytest

from tidegate.adapters.secrets.references import resolve, resolve_document
from tidegate.core.values.errors import ConfigError

SECRET = "sk-" + "test" + "-1234"


def refusal(reference, environ=None):
    with pytest.raises(ConfigError) as caught:
        resolve(reference, environ or {})
    return caught.value.mistakes[0]


def test_a_variable_gives_its_value():
    assert resolve("env:KEY", {"KEY": f" {SECRET}\n"}) == SECRET


def test_a_file_gives_its_line(tmp_path):
    (tmp_path / "key").write_text(f"{SECRET}\n")
    assert resolve(f"file:{tmp_path}/key") == SECRET


def test_a_link_to_a_file_is_followed_as_mounted_secrets_are_links(tmp_path):
    (tmp_path / "data").write_text(SECRET)
    (tmp_path / "key").symlink_to(tmp_path / "data")
    assert resolve(f"file:{tmp_path}/key") == SECRET


def test_what_is_not_there_is_named(tmp_path):
    assert refusal("env:KEY").startswith("env:KEY: the environment variable KEY is not set")
    assert "it cannot be read (No such file or directory)" in refusal(f"file:{tmp_path}/none")
    assert "no regular file" in refusal(f"file:{tmp_path}")


def test_a_pipe_is_refused_and_does_not_hold_the_start_up(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert "no regular file" in refusal(f"file:{tmp_path}/pipe")


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("", "the secret is empty"),
        (" \n", "the secret is empty"),
        ("two words", "no single word"),
        (SECRET + "\r\nx-evil: 1", "no single word"),
        (SECRET + "\u00e9", "no single word"),
        ("a" * 20_000, "no single word"),
    ],
)
def test_what_fits_no_header_is_refused_and_never_shown(value, sentence, tmp_path):
    if len(value) < 16_384:
        told = refusal("env:KEY", {"KEY": value})
        assert sentence in told
        assert SECRET not in told
    (tmp_path / "key").write_text(value)
    assert SECRET not in refusal(f"file:{tmp_path}/key")


def test_a_literal_is_refused_and_never_shown():
    told = refusal(SECRET)
    assert '"env:NAME" nor "file:PATH"' in told
    assert SECRET not in told


def test_a_document_may_have_lines_and_may_not_be_empty(tmp_path):
    file = tmp_path / "key.json"
    file.write_text('{\n  "a": "b c"\n}\n')
    assert resolve_document(f"file:{file}") == '{\n  "a": "b c"\n}'
    assert resolve_document("env:KEY", {"KEY": "{}"}) == "{}"
    file.write_text(" \n")
    with pytest.raises(ConfigError, match="it is empty"):
        resolve_document(f"file:{file}")
