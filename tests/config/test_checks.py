"""Tables that are each right and do not agree: every disagreement, with its place, at once."""

import pytest

from tidegate import config
from tidegate.config.checks import check
from tidegate.config.reading import BROKEN
from tidegate.core.values.errors import ConfigError

HERE = '[boundaries.here]\nkind = "local"\n'
SKY = '[boundaries.sky]\nkind = "cloud"\nregion = "eu"\n'


def target(name="t", provider="openai-compatible", **more):
    lines = {"url": "http://127.0.0.1:9/v1", "model": "m", "boundary": "here", **more}
    written = "".join(f'{key} = "{value}"\n' for key, value in lines.items() if value is not None)
    return f'[targets.{name}]\nprovider = "{provider}"\n{written}'


def mistakes(folder, text):
    file = folder / "tidegate.toml"
    file.write_text(text)
    try:
        config.load(file, {"HOME": str(folder)})
    except ConfigError as error:
        return list(error.mistakes)
    return []


OWN = '[redaction.operators]\n"pii" = "format"\n"secret" = "drop"\n[output]\n"*" = "record"\n"pii.email" = "mask"\n'
AGREE = [
    HERE + OWN + target(),
    HERE + target(),
    HERE + SKY + target(boundary="sky", url="https://api.example.com/v1", api_key="env:KEY"),
    HERE + target(provider="ollama", url="http://127.0.0.1:11434") + "context_tokens = 8192\n",
    HERE + target() + "[cache]\nbytes = 1048576\nage_s = 60\nsampled = true\n",
    HERE + target() + 'dialects = ["openai.responses", "openai.chat"]\n',
]
DISAGREE = [
    (
        "a context for a server that is not told",
        HERE + target() + "context_tokens = 8192\n",
        "targets.t.context_tokens",
        "only Ollama",
    ),
    (
        "a secret that would come back",
        '[redaction.operators]\n"secret.jwt" = "format"\n',
        'redaction.operators."secret.jwt"',
        "nothing of a secret",
    ),
    (
        "a passage that would look like another",
        '[redaction.operators]\n"code.proprietary" = "format"\n',
        'redaction.operators."code.proprietary"',
        "whole passages",
    ),
    ("a boundary that nobody declared", HERE + target(boundary="her"), "targets.t.boundary", "here"),
    (
        "a dialect that nobody speaks",
        HERE + target() + 'dialects = ["openai.chat", "openai.respones"]\n',
        "targets.t.dialects",
        "openai.responses",
    ),
    (
        "a dialect that such servers lack",
        HERE + target(provider="ollama", url=None) + 'dialects = ["openai.chat"]\n',
        "targets.t.dialects",
        "ollama.chat",
    ),
    ("a target without a place", HERE + target(url=None), "targets.t.url", "/v1"),
    ("a target without a model", HERE + target(model=None), "targets.t.model", "missing"),
    ("a version's path that is missing", HERE + target(url="http://127.0.0.1:9"), "targets.t.url", "/v1"),
    ("a public place that is called local", HERE + target(url="https://8.8.8.8/v1"), "targets.t.boundary", "public"),
    ("a public place without encryption", SKY + target(boundary="sky", url="http://8.8.8.8/v1"), "t.url", "https"),
    ("a cloud without a key", SKY + target(provider="openai", boundary="sky", url=None), "t.api_key", "env:"),
    ("an embedded model with a place", HERE + target(provider="embedded", model=None), "targets.t.url", "remove"),
    (
        "two regions",
        SKY + target(boundary="sky", url="https://8.8.8.8/v1") + '[targets.t.contract]\nregion = "us"\n',
        "targets.t.contract",
        "sky",
    ),
    ("a candidate that is no target", HERE + target() + '[models]\nauto = ["s"]\n', "models.auto", "[targets.s]"),
    (
        "a workload's model that is none",
        HERE + target() + '[models]\nauto = ["t"]\n[workloads.w]\nmodels = ["auti"]\n',
        "workloads.w.models",
        "auto",
    ),
    ("keys inside the log", HERE + target() + '[keys]\npath = "log/keys"\n[audit]\npath = "log"\n', "keys.path", "log"),
]


@pytest.mark.parametrize("text", AGREE)
def test_tables_that_agree_are_let_be(tmp_path, text):
    assert mistakes(tmp_path, text) == []


@pytest.mark.parametrize(("text", "place", "hint"), [row[1:] for row in DISAGREE], ids=[row[0] for row in DISAGREE])
def test_a_disagreement_is_told_with_its_place_and_a_way_out(tmp_path, text, place, hint):
    told = [one for one in mistakes(tmp_path, text) if place in one]
    assert len(told) == 1
    assert hint in told[0]


def test_all_are_told_at_once(tmp_path):
    text = HERE + target(boundary="her", model=None) + '[models]\nauto = ["s"]\n'
    assert len(mistakes(tmp_path, text)) == 3


def test_what_could_not_be_read_is_not_judged_a_second_time():
    assert check(BROKEN, None) is None
