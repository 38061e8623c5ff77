"""Which settings a command works with: a file's, else what the machine has."""

import pytest

from tidegate.adapters.runtimes.discovery import Runtime
from tidegate.cli.chosen import CLOUD_KEYS, choose, cloud_keys, document_with, written
from tidegate.config.declaration import PROVIDERS
from tidegate.core.values.errors import ConfigError

OLLAMA = Runtime("ollama", "http://127.0.0.1:11434", "llama3.2", "loaded")
VLLM = Runtime("vllm", "http://127.0.0.1:8000", "org/m", "serving")
EMPTY = Runtime("lmstudio", "http://127.0.0.1:1234", "", "it has no model; fetch one in LM Studio")

FILE = """\
[boundaries.home]
kind = "local"
[targets.mine]
provider = "ollama"
model = "m"
boundary = "home"
"""


def test_without_a_file_it_is_what_answers_in_their_order(machine):
    machine.runtimes = [OLLAMA, EMPTY, VLLM]
    chosen = choose(None)
    assert chosen.source == ""
    assert chosen.settings.models == {"auto": ("ollama", "vllm"), "local": ("ollama", "vllm")}
    assert chosen.settings.targets["ollama"].url == "http://127.0.0.1:11434"
    assert {target.boundary.kind for target in chosen.settings.targets.values()} == {"local"}
    assert chosen.states == {"ollama": "loaded", "vllm": "serving"}
    assert [(found.name, found.state) for found in chosen.idle] == [("lmstudio", EMPTY.state)]


def test_where_none_answers_the_embedded_model_serves(machine):
    machine.runtimes = [EMPTY]
    assert choose(None).settings.models == {"auto": ("embedded",), "local": ("embedded",)}


def test_where_nothing_could_serve_it_says_what_to_start_or_install(machine):
    machine.has_engine = False
    with pytest.raises(ConfigError, match=r"start Ollama.*or run: pip install 'tidegate\[embedded\]'"):
        choose(None)
    assert list(choose(None, must_serve=False).settings.targets) == ["embedded"]


def test_cloud_keys_are_shown_and_serve_nothing(machine, monkeypatch):
    secret = "sk-" + "live"
    monkeypatch.setenv("OPENAI_API_KEY", secret)
    monkeypatch.setenv("GROQ_API_KEY", "")
    chosen = choose(None)
    assert [found[:2] for found in chosen.idle] == [("OPENAI_API_KEY", "openai")]
    assert "disabled" in chosen.idle[0].state
    assert secret not in repr(chosen)
    assert list(chosen.settings.targets) == ["embedded"]


def test_a_file_with_targets_is_taken_as_it_is(machine):
    machine.runtimes = [VLLM]
    (machine.folder / "tidegate.toml").write_text(FILE)
    chosen = choose(None)
    assert (list(chosen.settings.targets), chosen.idle) == (["mine"], ())
    assert chosen.source.endswith("tidegate.toml")


def test_a_file_without_targets_is_filled_with_what_answers(machine):
    machine.runtimes = [VLLM]
    file = machine.folder / "other.toml"
    file.write_text('[boundaries.home]\nkind = "local"\n[audit]\nstrict = true\n')
    chosen = choose(str(file))
    assert chosen.settings.audit.strict is True
    assert chosen.settings.targets["vllm"].boundary.name == "home"


def test_a_boundary_named_here_that_is_no_home_is_left_alone():
    document = {"boundaries": {"here": {"kind": "cloud"}}}
    made = document_with(document, {"t": {"provider": "ollama"}})
    assert made["boundaries"] == {"here": {"kind": "cloud"}, "here-local": {"kind": "local"}}
    assert made["targets"]["t"]["boundary"] == "here-local"


def test_whoever_needs_folders_only_looks_for_no_runtime(machine, monkeypatch):
    monkeypatch.setattr("tidegate.app.discover_runtimes", None)
    assert written(None).audit.path.name == "audit"


def test_every_usual_key_names_a_provider_that_can_be_configured():
    assert set(CLOUD_KEYS.values()) <= set(PROVIDERS)
    found = cloud_keys({"AWS_PROFILE": "night", "XAI_API_KEY": "k", "GROQ_API_KEY": "", "HOME": "/"})
    assert {(each.name, each.provider) for each in found} == {("AWS_PROFILE", "bedrock"), ("XAI_API_KEY", "xai")}
    assert all("disabled" in each.state and "night" not in each.state for each in found)
