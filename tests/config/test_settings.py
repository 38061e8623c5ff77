"""Text to settings: what a file says is what the gateway is given, and every mistake is named with its line."""

import json
from datetime import date
from pathlib import Path

import pytest

from tidegate import config
from tidegate.config import Settings
from tidegate.core.values.errors import ConfigError
from tidegate.core.values.target import Boundary, Contract

FULL = """\
#:schema ./tidegate.schema.json
[server]
listen  = "127.0.0.1:8790"
console = "127.0.0.1:8791"
workers = 1
[boundaries.on-prem]
kind = "local"
[boundaries.cloud-eu]
kind = "cloud"
region = "eu"
[targets.llama]
provider = "ollama"
url = "http://127.0.0.1:11434"
model = "llama3.1:8b"
boundary = "on-prem"
[targets.gpt]
provider = "openai"
model = "gpt-5-mini"
boundary = "cloud-eu"
api_key = "env:OPENAI_API_KEY"
allow_fields = ["logit_bias"]
[targets.gpt.contract]
retention = "zero"
training = "never"
tier = "enterprise"
region = "eu"
baa = true
expires = 2027-01-31
[workloads.support]
owner = "care-team"
labels = ["pii"]
latency_ms = 800
models = ["auto"]
[models]
auto  = ["gpt", "llama"]
local = ["llama"]
[policy]
path = "policy/"
[store]
url = "sqlite:///~/state.db"
[keys]
path = "~/keys"
[audit]
path = "log"
payloads = "none"
"""


def load(folder: Path, text: str, environ: dict[str, str] | None = None, name: str = "tidegate.toml") -> Settings:
    file = folder / name
    file.write_text(text)
    return config.load(file, {"HOME": "/home/ada", **(environ or {})})


def mistakes(folder: Path, text: str, environ: dict[str, str] | None = None, name: str = "tidegate.toml") -> list[str]:
    """Without the folder, so that they read as a user in it would see them."""
    with pytest.raises(ConfigError) as caught:
        load(folder, text, environ, name)
    return [mistake.replace(f"{folder}/", "") for mistake in caught.value.mistakes]


def test_a_full_file_becomes_settings_with_every_name_resolved(tmp_path):
    settings = load(tmp_path, FULL)
    assert settings.server.listen == ("127.0.0.1", 8790)
    assert settings.boundaries["cloud-eu"] == Boundary("cloud-eu", "cloud", "eu")
    llama, gpt = settings.targets["llama"], settings.targets["gpt"]
    assert (llama.url, llama.model, llama.boundary.kind) == ("http://127.0.0.1:11434", "llama3.1:8b", "local")
    assert (gpt.url, gpt.credential, gpt.contract) == (
        "https://api.openai.com",
        "env:OPENAI_API_KEY",
        Contract(
            retention="zero", training="never", tier="enterprise", region="eu", baa=True, expires=date(2027, 1, 31)
        ),
    )
    assert gpt.allow_fields == {"logit_bias"}
    assert settings.models == {"auto": ("gpt", "llama"), "local": ("llama",)}
    assert settings.workloads["support"].labels == ("pii",)
    assert settings.policy.path == tmp_path / "policy"
    assert settings.store.path == Path("/home/ada/state.db")
    assert settings.keys.path == Path("/home/ada/keys")
    assert settings.audit.path == tmp_path / "log"


def test_the_document_travels_as_json_and_reads_as_the_same_settings(tmp_path):
    settings = load(tmp_path, FULL)
    travelled = json.loads(json.dumps(dict(settings.document)))
    again = Settings.from_document(travelled, folder=Path("/elsewhere"), environ={"HOME": "/home/eve"})
    assert again == settings
    assert again.document == settings.document


def test_yaml_says_the_same_as_toml(tmp_path):
    text = """\
boundaries:
  here: {kind: local}
targets:
  llama: {provider: ollama, model: "llama3.1:8b", boundary: here}
  cloud:
    provider: openai-compatible
    url: https://api.example.com/v1
    model: m
    boundary: here
    contract: {expires: 2027-01-31}
"""
    settings = load(tmp_path, text, name="tidegate.yaml")
    assert settings.targets["llama"].url == "http://127.0.0.1:11434"
    assert settings.targets["cloud"].contract == Contract(expires=date(2027, 1, 31))
    assert settings.models == {"auto": ("llama", "cloud")}


def test_nothing_at_all_is_a_configuration_without_targets(tmp_path):
    settings = load(tmp_path, "")
    assert (settings.targets, settings.models, settings.policy.path) == ({}, {}, None)
    assert settings.server.body_bytes == 10 * 1024 * 1024
    assert settings.store.path == Path("/home/ada/.local/share/tidegate/state.db")


def test_the_data_folder_follows_xdg_but_a_written_path_does_not(tmp_path):
    settings = load(tmp_path, '[audit]\npath = "~/.local/share/tidegate/audit"', {"XDG_DATA_HOME": "/data/"})
    assert settings.keys.path == Path("/data/tidegate/keys")
    assert settings.store.path == Path("/data/tidegate/state.db")
    assert settings.audit.path == Path("/home/ada/.local/share/tidegate/audit")


def test_every_mistake_is_told_at_once_with_its_line(tmp_path):
    text = """\
[server]
listn = 3
body_bytes = "large"
[boundaries.on-prem]
kind = "lokal"
[targets.llama]
provider = "olama"
boundary = "onprem"
[models]
auto = ["lama"]
[limits]
url = "memory:"
[[sinks]]
kind = "splunk"
"""
    told = mistakes(tmp_path, text)
    assert [mistake.split(": ")[:2] for mistake in told] == [
        ["tidegate.toml:2", "server.listn"],
        ["tidegate.toml:3", "server.body_bytes"],
        ["tidegate.toml:5", "boundaries.on-prem.kind"],
        ["tidegate.toml:7", "targets.llama.provider"],
        ["tidegate.toml:8", "targets.llama.boundary"],
        ["tidegate.toml:10", "models.auto"],
        ["tidegate.toml:11", "limits"],
        ["tidegate.toml:13", "sinks"],
    ]
    hints = [mistake.partition('did you mean "')[2].partition('"')[0] for mistake in told]
    assert hints == ["listen", "", "local", "ollama", "on-prem", "llama", "", ""]
    assert "this version has no sinks yet" in told[-1]


BASE = '[boundaries.here]\nkind = "local"\n[boundaries.sky]\nkind = "cloud"\nregion = "eu"\n'


def target(lines: str) -> str:
    return f'{BASE}[targets.t]\nmodel = "m"\n{lines}\n'


@pytest.mark.parametrize(
    ("text", "place", "sentence"),
    [
        ('[server]\nlisten = "0.0.0.0:8790"', "2: server.listen", "open to other machines"),
        ('[server]\nlisten = "192.168.1.4:8790"', "2: server.listen", "refuses to start on anything but loopback"),
        ('[server]\nlisten = "[::]:8790"', "2: server.listen", "open to other machines"),
        ('[server]\nlisten = "127.0.0.1"', "2: server.listen", "the port is missing"),
        ('[server]\nlisten = "127.0.0.1:99999"', "2: server.listen", "a loopback address and a port"),
        ("[server]\nworkers = 2", "2: server.workers", "this version has one data worker"),
        ("[server]\nworkers = true", "2: server.workers", "it is the whole number 1"),
        ("server = 3", "1: server", "write [server]"),
        ("[server]\nmetrics = 1", "2: server.metrics", "no separate listener"),
        ('[audit]\npayloads = "encrypted"', "2: audit.payloads", "this version keeps no payloads"),
        ('[audit]\nstrict = "yes"', "2: audit.strict", "true or false, without quotes"),
        ('[store]\nurl = "postgresql://a:b@db/x"', "2: store.url", "a password never stands in the configuration"),
        ('[store]\nurl = "postgresql+asyncpg://db/x"', "2: store.url", "which driver speaks to it is not chosen here"),
        ('[store]\nurl = "mysql://db/x"', "2: store.url", "must outlive the process"),
        ('[store]\npassword = "env:X"', "2: store.password", "this is for a PostgreSQL store"),
        ('[store]\nreplica = "a"', "2: store.replica", "this is for a PostgreSQL store"),
        ('[store]\nurl = "postgresql://db/x"\npassword = "secret"', "3: store.password", "never stands in the conf"),
        ('[store]\nurl = "sqlite:///:memory:"', "2: store.url", "must outlive the process"),
        ('[keys]\npath = "a/k"\n[audit]\npath = "a"', "2: keys.path", "the keys lie inside the log's folder"),
        ('[boundaries."a b"]\nkind = "local"', '1: boundaries."a b"', "the name: it is a name of letters"),
        ("[models]\nauto = []", "2: models.auto", "the list is empty"),
        ('[workloads.w]\nlabels = ["PII"]', "2: workloads.w.labels", "dotted lower-case words"),
        (target('provider = "anthropic"\nboundary = "sky"'), "6: targets.t.api_key", '"env:ANTHROPIC_API_KEY"'),
        (target('provider = "ollama"\nboundary = "heer"'), "9: targets.t.boundary", 'did you mean "here"'),
        (target('provider = "ollama"\nboundary = "here"\nurl = "ftp://x"'), "10: targets.t.url", "starts with http"),
        (
            target('provider = "openai-compatible"\nboundary = "here"\nurl = "http://u:p@127.0.0.1/v1"'),
            "10: targets.t.url",
            "no user and password",
        ),
        (
            target('provider = "openai-compatible"\nboundary = "here"\nurl = "http://127.0.0.1:1"'),
            "10: targets.t.url",
            "add /v1",
        ),
        (
            target('provider = "openai-compatible"\nboundary = "here"\nurl = "http://8.8.8.8/v1"'),
            "9: targets.t.boundary",
            "nothing local lies there",
        ),
        (
            target('provider = "openai-compatible"\nboundary = "here"\nurl = "http://[::ffff:8.8.8.8]/v1"'),
            "9: targets.t.boundary",
            "nothing local lies there",
        ),
        (
            target('provider = "openai-compatible"\nboundary = "here"\nurl = "http://134744072/v1"'),
            "10: targets.t.url",
            "the host in the URL is none",
        ),
        (
            target('provider = "openai-compatible"\nboundary = "sky"\nurl = "http://api.example.com/v1"'),
            "10: targets.t.url",
            "write https://",
        ),
        (target('provider = "openai"\nboundary = "here"\napi_key = "env:K"'), "9: targets.t.boundary", "is local"),
        (target('provider = "openai"\nboundary = "sky"'), "6: targets.t.api_key", '"env:OPENAI_API_KEY"'),
        (
            target('provider = "ollama"\nboundary = "sky"\ncontract = { region = "us" }'),
            "10: targets.t.contract",
            "says region us, its boundary sky says eu",
        ),
        (
            target('provider = "ollama"\nboundary = "sky"\ncontract = { retention = "Zero" }'),
            "10: targets.t.contract.retention",
            '"zero"',
        ),
        (
            target('provider = "ollama"\nboundary = "sky"\ncontract = { expires = "soon" }'),
            "10: targets.t.contract.expires",
            "2027-01-31",
        ),
        (
            target('provider = "embedded"\nboundary = "sky"').replace('model = "m"\n', ""),
            "8: targets.t.boundary",
            "runs on this machine",
        ),
        (
            target('provider = "ollama"\nboundary = "here"\nallow_fields = "x"'),
            "10: targets.t.allow_fields",
            "brackets",
        ),
    ],
)
def test_a_mistake_names_its_line_its_setting_and_what_to_do(tmp_path, text, place, sentence):
    told = mistakes(tmp_path, text)
    assert any(mistake.startswith(f"tidegate.toml:{place}: ") and sentence in mistake for mistake in told), told


def test_a_literal_secret_is_refused_and_never_repeated(tmp_path):
    secret = "sk-" + "live" + "0123456789abcdef"
    text = target(f'provider = "openai"\nboundary = "sky"\napi_key = "{secret}"')
    told = mistakes(tmp_path, text)
    assert [mistake.split(": ")[0] for mistake in told] == ["tidegate.toml:10"]
    assert 'write "env:NAME" or "file:PATH"' in told[0]
    assert secret not in "".join(told)


@pytest.mark.parametrize("setting", ["provider", "url", "model", "boundary", "api_key", "allow_fields", "contract"])
def test_no_mistake_repeats_what_stands_where_it_should_not(tmp_path, setting):
    secret = "AKIA" + "QX7 R5TW\\u0007LXKJ2QD7"
    lines = {"provider": '"ollama"', "model": '"m"', "boundary": '"here"', setting: f'"{secret}"'}
    text = BASE + "[targets.t]\n" + "\n".join(f"{key} = {value}" for key, value in lines.items())
    assert "LXKJ2QD7" not in "".join(mistakes(tmp_path, text))


def test_a_cloud_boundary_may_hold_a_loopback_target(tmp_path):
    text = target('provider = "openai-compatible"\nboundary = "sky"\nurl = "http://127.0.0.1:9/v1"')
    assert load(tmp_path, text).targets["t"].boundary.kind == "cloud"


def test_a_target_without_a_contract_has_none_and_one_without_a_date_has_expired(tmp_path):
    lines = 'provider = "ollama"\nboundary = "here"\n'
    assert load(tmp_path, target(lines)).targets["t"].contract is None
    assert load(tmp_path, target(lines + "contract = {}")).targets["t"].contract == Contract()


def test_the_embedded_target_gets_its_place_when_the_engine_has_one(tmp_path):
    settings = load(tmp_path, f'{BASE}[targets.e]\nprovider = "embedded"\nboundary = "here"')
    assert (settings.targets["e"].url, settings.has_embedded) == ("", True)
    assert settings.with_engine("http://127.0.0.1:7/v1").targets["e"].url == "http://127.0.0.1:7"


def test_settings_cannot_be_changed(tmp_path):
    settings = load(tmp_path, FULL)
    with pytest.raises(TypeError):
        settings.targets["x"] = settings.targets["llama"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        settings.server.workers = 2  # type: ignore[misc]
