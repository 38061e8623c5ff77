"""What a target says of its cloud: enough, about that cloud, and where its boundary says that it is."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.config.test_checks import HERE, SKY, mistakes
from tidegate import config
from tidegate.config.endpoints import OWN_CLOUD
from tidegate.core.values.target import Access

VERTEX = {"provider": "vertex", "project": "p", "location": "europe-west4"}
BEDROCK = {"provider": "bedrock", "region": "eu-central-1"}
KEYED = {"api_key": "env:KEY"}


def target(**more):
    written = "".join(f'{key} = "{value}"\n' for key, value in {"model": "m", "boundary": "sky", **more}.items())
    return f"{SKY}[targets.t]\n{written}"


RIGHT = [
    VERTEX,
    {**VERTEX, "credentials": "file:key.json"},
    {**VERTEX, "location": "eu"},
    {"provider": "vertex", **KEYED},
    BEDROCK,
    {**BEDROCK, **KEYED},
    {**BEDROCK, "profile": "night"},
    {**BEDROCK, "credentials": "env:AWS"},
    {**BEDROCK, "model": "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"},
    {"provider": "bedrock", "url": "https://bedrock-runtime.eu-west-1.amazonaws.com"},
    {"provider": "azure", "url": "https://r.openai.azure.com", **KEYED},
    {"provider": "azure", "url": "https://r.openai.azure.com", "api_version": "2024-10-21", **KEYED},
    {"provider": "azure-ai", "url": "https://r.services.ai.azure.com", **KEYED},
    *[{"provider": name, **KEYED} for name in ("gemini", "mistral", "groq", "openrouter", "deepseek", "xai", "openai")],
]


@pytest.mark.parametrize("said", RIGHT)
def test_enough_is_enough(said, tmp_path):
    assert mistakes(tmp_path, target(**said)) == []


WRONG = [
    ({"provider": "azure", **KEYED}, "targets.t.url", "openai.azure.com"),
    ({"provider": "azure", "url": "https://r.openai.azure.com"}, "targets.t.api_key", "AZURE_OPENAI_API_KEY"),
    ({"provider": "gemini"}, "targets.t.api_key", "GEMINI_API_KEY"),
    ({"provider": "deepseek"}, "targets.t.api_key", "DEEPSEEK_API_KEY"),
    ({"provider": "vertex", "location": "eu"}, "targets.t.project", "missing"),
    ({"provider": "vertex", "project": "p"}, "targets.t.location", "missing"),
    ({**VERTEX, "location": "us-central1"}, "targets.t.location", "lies in us"),
    ({**VERTEX, "location": "europe-west2"}, "targets.t.location", "lies in uk"),
    ({**VERTEX, "location": "global"}, "targets.t.location", "nowhere in particular"),
    ({"provider": "bedrock"}, "targets.t.region", "eu-central-1"),
    ({**BEDROCK, "region": "us-east-1"}, "targets.t.region", "lies in us"),
    (
        {**BEDROCK, "url": "https://bedrock-runtime.eu-west-1.amazonaws.com"},
        "targets.t.region",
        "the url leads to eu-west-1",
    ),
    (
        {"provider": "bedrock", "url": "https://bedrock-runtime.us-east-1.amazonaws.com"},
        "targets.t.region",
        "lies in us",
    ),
    ({**BEDROCK, "model": "us.amazon.nova-pro-v1:0"}, "targets.t.model", "anywhere in us"),
    ({**BEDROCK, "model": "global.anthropic.claude-sonnet-4-5-v1:0"}, "targets.t.model", "anywhere in global"),
    ({**BEDROCK, **KEYED, "credentials": "env:AWS"}, "targets.t.credentials", "only one"),
    ({**VERTEX, "profile": "x"}, "targets.t.profile", "only bedrock"),
    ({"provider": "gemini", **KEYED, "project": "p"}, "targets.t.project", "only vertex"),
    ({"provider": "mistral", **KEYED, "region": "eu"}, "targets.t.region", "only bedrock"),
    ({"provider": "mistral", **KEYED, "api_version": "1"}, "targets.t.api_version", "only azure"),
    (
        {"provider": "openai-compatible", "url": "https://x.example/v1", "credentials": "env:X"},
        "targets.t.credentials",
        "only bedrock and vertex",
    ),
]


@pytest.mark.parametrize(("said", "place", "words"), WRONG)
def test_what_is_missing_or_does_not_agree_is_named_with_its_place(said, place, words, tmp_path):
    (found,) = mistakes(tmp_path, target(**said))
    assert place in found
    assert words in found


def test_a_cloud_on_this_machine_needs_no_key(tmp_path):
    text = f'{HERE}[targets.t]\nprovider = "gemini"\nmodel = "m"\nboundary = "here"\nurl = "http://127.0.0.1:9"\n'
    assert mistakes(tmp_path, text) == []


def test_authorities_without_encryption_are_a_mistake(tmp_path):
    text = f'{HERE}[targets.t]\nprovider = "vllm"\nmodel = "m"\nboundary = "here"\nca_file = "ca.pem"\n'
    (found,) = mistakes(tmp_path, text)
    assert "ca_file" in found
    assert "http://" in found


def test_a_literal_in_place_of_credentials_is_not_repeated(tmp_path):
    secret = "-----BEGIN" + " PRIVATE"
    (found,) = mistakes(tmp_path, target(**VERTEX, credentials=secret))
    assert secret not in found


PAGE = (Path(__file__).parents[2] / "docs" / "clouds.md").read_text("utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS)
def test_what_the_page_of_clouds_shows_is_a_configuration(block, tmp_path):
    assert mistakes(tmp_path, block) == []


def test_the_page_of_clouds_shows_every_one():
    keyed = set(re.findall(r"likewise: (.*)", PAGE)[0].split(", "))
    shown = {target["provider"] for block in BLOCKS for target in tomllib.loads(block)["targets"].values()}
    assert keyed | shown >= OWN_CLOUD


def test_what_is_said_of_a_cloud_reaches_whoever_opens_its_sockets(tmp_path):
    file = tmp_path / "tidegate.toml"
    file.write_text(target(**BEDROCK, profile="night", ca_file="ca.pem", credentials="file:aws.json"))
    found = config.load(file, {"HOME": str(tmp_path)}).targets["t"]
    assert found.url == "https://bedrock-runtime.eu-central-1.amazonaws.com"
    assert found.access == Access(
        region="eu-central-1", profile="night", credentials=f"file:{tmp_path}/aws.json", ca_file=f"{tmp_path}/ca.pem"
    )
    assert "aws.json" not in repr(found)


@pytest.mark.parametrize(
    ("said", "access"),
    [
        ({"provider": "bedrock", "url": "https://bedrock-runtime.eu-west-1.amazonaws.com"}, Access(region="eu-west-1")),
        ({"provider": "azure", "url": "https://r.openai.azure.com", **KEYED}, Access()),
        ({"provider": "azure-ai", "url": "https://r.example", **KEYED}, Access(api_version="2024-05-01-preview")),
    ],
)
def test_what_was_not_said_is_known_from_elsewhere(said, access, tmp_path):
    file = tmp_path / "tidegate.toml"
    file.write_text(target(**said))
    assert config.load(file, {"HOME": str(tmp_path)}).targets["t"].access == access
