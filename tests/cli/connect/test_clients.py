"""Each client's words: complete, and readable by whoever reads such a file."""

import ast
import json
import tomllib
from pathlib import Path

import pytest
import yaml

from tidegate.cli.connect.clients import BY_NAME, CLIENTS
from tidegate.cli.connect.editing import Block, fill

SAID = {"root": "http://127.0.0.1:8790", "base": "http://127.0.0.1:8790/v1", "model": "auto"}
PYTHON = ("langchain", "langgraph", "openai-agents", "llamaindex", "pydantic-ai", "ollama-sdk")
READERS = {".json": json.loads, ".toml": tomllib.loads, ".yaml": yaml.safe_load, ".yml": yaml.safe_load}
WANTED = ("continue", "cursor", "vscode", "jetbrains", "zed", "claude-code", "codex", "opencode", "aider", "cline",
          "open-webui", "llm", "langchain", "langgraph", "openai-agents", "llamaindex", "pydantic-ai", "vercel-ai",
          "openai-sdk", "anthropic-sdk", "curl")  # fmt: skip
PLACES = [
    ("claude-code", {"HOME": "/h"}, "linux", "/h/.claude/settings.json"),
    ("claude-code", {"HOME": "/h", "CLAUDE_CONFIG_DIR": "/c"}, "linux", "/c/settings.json"),
    ("codex", {"HOME": "/h", "CODEX_HOME": "relative"}, "linux", "/h/.codex/tidegate.config.toml"),
    ("vscode", {"HOME": "/h"}, "linux", "/h/.config/Code/User/settings.json"),
    ("vscode", {"HOME": "/h"}, "darwin", "/h/Library/Application Support/Code/User/settings.json"),
    ("llm", {"HOME": "/h"}, "darwin", "/h/Library/Application Support/io.datasette.llm/extra-openai-models.yaml"),
    ("llm", {"HOME": "/h", "LLM_USER_PATH": "/l"}, "darwin", "/l/extra-openai-models.yaml"),
]


def test_every_client_that_is_promised_is_there():
    assert set(WANTED) <= set(BY_NAME)
    assert len(BY_NAME) == len(CLIENTS)


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_what_is_printed_names_the_gateway_and_leaves_nothing_open(client):
    text = fill(client.text, SAID)
    assert SAID["root"] in text
    assert not any("{" + name + "}" in text for name in SAID)
    assert "sk-" not in text


@pytest.mark.parametrize("name", PYTHON)
def test_what_is_python_is_python(name):
    lines = [line for line in fill(BY_NAME[name].text, SAID).splitlines() if not line.startswith("export ")]
    assert ast.parse("\n".join(lines)).body


@pytest.mark.parametrize("client", [client for client in CLIENTS if client.edit], ids=lambda client: client.name)
def test_what_is_written_can_be_read(client):
    path = client.file({"HOME": "/h"}, "linux")
    new = client.edit.said(SAID).written(None)
    assert READERS[path.suffix](new)
    assert SAID["root"] in new
    assert client.then


@pytest.mark.parametrize(
    "client", [client for client in CLIENTS if isinstance(client.edit, Block)], ids=lambda c: c.name
)
def test_what_is_written_is_what_is_printed(client):
    assert client.edit.text in client.text


@pytest.mark.parametrize(("name", "environ", "system", "path"), PLACES)
def test_files_are_where_their_programs_look_for_them(name, environ, system, path):
    assert BY_NAME[name].file(environ, system) == Path(path)
