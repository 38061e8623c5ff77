"""Real programs against a real gateway: what people point at it must not notice it.

Those whose packages the tests' own environment has run always; the others (`make clients` installs them) where they
are: `TIDEGATE_CLIENTS` names the folder.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.gateway import SAID, served
from tidegate.cli.connect.clients import BY_NAME
from tidegate.core.values.errors import TidegateError

pytest.importorskip("xllamacpp", reason="the embedded engine is an extra")

HERE = Path(__file__).parent
INSTALLED = Path(os.environ.get("TIDEGATE_CLIENTS") or HERE / ".installed")
NOT_INSTALLED = "`make clients` installs it"
SOME = object()
"""Any text that is not empty."""

ARGUMENTS = '{"word": "tide"}'
PROGRAMS = {
    "openai_sdk.py": {
        "chat": SOME, "stream": SOME, "tool": "tide", "tool stream": ARGUMENTS, "responses": SOME,
        "responses stream": SOME, "responses tool": "lookup", "embeddings": [0.25, -0.5], "models": ["tiny", "tools"],
        "error": "model_not_found",
    },
    "anthropic_sdk.py": {
        "messages": SOME, "stream": SOME, "tool": "tide", "tool stream": "tide", "result": SAID, "count": SOME,
        "error": "not_found_error",
    },
    "ollama_sdk.py": {
        "chat": SOME, "stream": SOME, "generate": SOME, "generate stream": SOME, "tool": "tide", "tool stream": "tide",
        "embed": [0.25, -0.5], "list": SOME, "show": True, "ps": True,
    },
    "langchain_openai_client.py": {
        "invoke": SOME, "stream": SOME, "tool": "tide", "responses": SOME, "embeddings": [0.25, -0.5],
        "langgraph": SAID,
    },
    "openai_agents_client.py": {
        "agent chat": SAID, "agent chat stream": [SAID, True], "tiny chat": SOME,
        "agent responses": SAID, "agent responses stream": [SAID, True], "tiny responses": SOME,
    },
    "pydantic_ai_client.py": {
        "tiny chat": SOME, "agent chat": SAID, "structured chat": "tide",
        "tiny responses": SOME, "agent responses": SAID, "structured responses": "tide",
    },
    "llama_index_client.py": {"complete": SOME, "chat": SOME, "stream": SOME, "tool": "tide"},
    "openai_sdk.mjs": {
        "chat": SOME, "stream": SOME, "tool": "tide", "tool stream": ARGUMENTS, "responses": SOME,
        "responses stream": "response.completed", "embeddings": [0.25, -0.5],
    },
    "anthropic_sdk.mjs": {"messages": SOME, "stream": SOME, "tool": "tide", "tool stream": "tide", "count": SOME},
    "ollama_sdk.mjs": {
        "chat": SOME, "stream": SOME, "generate": SOME, "tool": "tide", "embed": [0.25, -0.5], "list": SOME,
    },
    "vercel_ai.mjs": {"text": SOME, "stream": SOME, "tool loop": SAID, "tool loop stream": SAID},
}  # fmt: skip
OWN = ("openai_sdk.py", "anthropic_sdk.py", "ollama_sdk.py")
ENVIRONMENTS = {"llama_index_client.py": "llama-index"}
# Client, its program, its words; `{model}` answers from the embedded model.
COMMANDS = {
    "claude-code": ("claude", ("-p", "Why are there tides?", "--output-format", "json"), "tiny"),
    "codex": ("codex", ("exec", "--profile", "tidegate", "--skip-git-repo-check", "Why are there tides?"), "tiny"),
    "opencode": ("opencode", ("run", "-m", "tidegate/{model}", "Why are there tides?"), "tiny"),
    "continue": ("cn", ("-p", "Why are there tides?", "--config", "{home}/.continue/config.yaml"), "tiny"),
    "llm": ("llm", ("-m", "tidegate", "Why are there tides?"), "tiny"),
    "aider": (
        "aider",
        (
            "--no-git",
            "--yes-always",
            "--no-check-update",
            "--no-show-model-warnings",
            "--no-browser",
            "--message",
            "Why are there tides?",
        ),
        "tiny",
    ),
}


@pytest.fixture(scope="module")
def gateway():
    with served() as (running, _):
        yield running


def interpreter(program):
    """Of the program, or None where it is not installed."""
    if program.endswith(".mjs"):
        return shutil.which("node") if (INSTALLED / "node_modules").is_dir() else None
    if program in OWN:
        return sys.executable
    python = INSTALLED / ENVIRONMENTS.get(program, "python") / "bin" / "python"
    return str(python) if python.exists() else None


def environ(gateway, home):
    root = f"http://127.0.0.1:{gateway.port}"
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SSL_CERT_FILE") if name in os.environ}
    return {
        **kept, "HOME": str(home), "ROOT": root, "BASE": f"{root}/v1", "OPENAI_API_KEY": "none",
        "NO_PROXY": "*", "OPENAI_AGENTS_DISABLE_TRACING": "1", "LANGSMITH_TRACING": "false",
        "OPENCODE_DISABLE_MODELS_FETCH": "1",
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_gets_what_it_asks_for(gateway, tmp_path, program):
    found = interpreter(program)
    if found is None:
        pytest.skip(NOT_INSTALLED)
    source = HERE / "programs" / program
    if program.endswith(".mjs"):  # modules are looked for beside the program
        source = shutil.copy(source, INSTALLED / program)
    done = subprocess.run(
        [found, str(source)], capture_output=True, text=True, timeout=180, cwd=tmp_path, env=environ(gateway, tmp_path),
        check=False,
    )  # fmt: skip
    told = dict(json.loads(line) for line in done.stdout.splitlines() if line.startswith("["))
    assert done.returncode == 0, (sorted(told), done.stderr[-2000:])
    assert set(told) == set(PROGRAMS[program])
    for name, wanted in PROGRAMS[program].items():
        assert told[name] if wanted is SOME else told[name] == wanted, (name, told[name])


@pytest.mark.slow
@pytest.mark.parametrize("client", COMMANDS)
def test_a_command_that_connect_has_set_up_is_answered(gateway, tmp_path, client):
    program, words, model = COMMANDS[client]
    places = [INSTALLED / folder / program for folder in ("node_modules/.bin", "python/bin", "aider/bin")]
    path = next((place for place in places if place.exists()), None)
    if path is None:
        pytest.skip(NOT_INSTALLED)
    home = tmp_path / "home"
    home.mkdir()
    set_up(gateway, home, client, model)
    said = [word.format(model=model, home=home) for word in words]
    before = len(gateway.records())
    done = subprocess.run(
        [str(path), *said], capture_output=True, text=True, timeout=240, cwd=home, env=environ(gateway, home),
        stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout[-1500:], done.stderr[-1500:])
    assert done.stdout.strip()
    ended = [record for record in gateway.records()[before:] if record["kind"] == "outcome"]
    assert any(record["status"] == "completed" and record["target"] == "tiny" for record in ended)


def set_up(gateway, home, client, model):
    """As `tidegate connect CLIENT --write` does."""
    said = {"root": f"http://127.0.0.1:{gateway.port}", "base": f"http://127.0.0.1:{gateway.port}/v1", "model": model}
    file = BY_NAME[client].file({"HOME": str(home)}, sys.platform)
    if file is None:
        raise TidegateError(client)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(BY_NAME[client].edit.said(said).written(None))
