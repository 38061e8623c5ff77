"""The clients that are known, each with what makes it ask the gateway.

`{root}` stands for the gateway's address, `{base}` for the same with `/v1`, `{model}` for a name under `[models]`. On
loopback any key is accepted; programs that insist on one are given `none`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidegate.cli.connect.editing import Block, Edit, Keys

_KEY = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """`text` is what a person puts in, and where. `places`: candidates for its file, of which the first that an
    environment variable or the system decides is taken; empty where it keeps its settings where no file is documented.
    """

    name: str
    title: str
    text: str
    places: "tuple[Place, ...]" = ()
    edit: Edit | None = None
    then: str = ""
    """What to do once it is written."""

    def file(self, environ: Mapping[str, str], system: str) -> Path | None:
        """`system` as `sys.platform` names it."""
        found = (place.path(environ, system) for place in self.places)
        return next((path for path in found if path is not None), None)


@dataclass(frozen=True, slots=True)
class Place:
    """`below` the folder that the environment variable `variable` names, or else, for `system` only if one is named,
    below the user's home.
    """

    below: str
    variable: str = ""
    system: str = ""

    def path(self, environ: Mapping[str, str], system: str) -> Path | None:
        if self.system and not system.startswith(self.system):
            return None
        if self.variable:
            folder = environ.get(self.variable, "")
            return Path(folder) / self.below if folder.startswith("/") else None
        return Path(environ.get("HOME") or Path.home()) / self.below


def _json(*entries: tuple[tuple[str, ...], Any]) -> Keys:
    return Keys(entries)


_CONTINUE = """\
- name: tidegate
  provider: openai
  model: {model}
  apiBase: {base}
  apiKey: none
  roles: [chat, edit, apply]
"""
_CODEX = """\
model_provider = "tidegate"
model = "{model}"
web_search = "disabled"

[model_providers.tidegate]
name = "tidegate"
base_url = "{base}"
wire_api = "responses"
"""
_AIDER = """\
openai-api-base: {base}
openai-api-key: none
model: openai/{model}
analytics-disable: true
"""
_LLM = """\
- model_id: tidegate
  model_name: {model}
  api_base: {base}
  can_stream: true
  supports_tools: true
"""

CLIENTS: tuple[Client, ...] = (
    Client(
        name="continue",
        title="Continue (VS Code, JetBrains, CLI)",
        text="In ~/.continue/config.yaml, under `models:`\n\n" + _CONTINUE,
        places=(Place(".continue/config.yaml"),),
        edit=Block(_CONTINUE, under="models", whole="name: Local\nversion: 1.0.0\nschema: v1\n"),
        then="choose the model `tidegate`",
    ),
    Client(
        name="cursor",
        title="Cursor",
        text="""\
Cursor Settings > Models > API keys: turn on "Override OpenAI Base URL", and put in

  base URL   {base}
  API key    none
  model      {model}

Cursor's own servers call that address, with what your editor sent them: the prompt has left before the gateway sees
it, and an address on your machine cannot be reached. For data that must stay inside, use a client that calls the
gateway itself (continue, zed, cline).
""",
    ),
    Client(
        name="vscode",
        title="VS Code (GitHub Copilot Chat, models of your own)",
        text="""\
In settings.json, then Chat > Manage Models > Ollama:

  "github.copilot.chat.byok.ollamaEndpoint": "{root}"
""",
        places=(
            Place("Library/Application Support/Code/User/settings.json", system="darwin"),
            Place("Code/User/settings.json", variable="XDG_CONFIG_HOME"),
            Place(".config/Code/User/settings.json"),
        ),
        edit=_json((("github.copilot.chat.byok.ollamaEndpoint",), "{root}")),
        then="in the chat's model picker choose Manage Models, then Ollama",
    ),
    Client(
        name="jetbrains",
        title="JetBrains AI Assistant",
        text="""\
Settings > Tools > AI Assistant > Models > Third-party AI providers:

  provider   OpenAI-compatible
  URL        {base}
  API key    none

Then choose {model} for the core features.
""",
    ),
    Client(
        name="zed",
        title="Zed",
        text="""\
In ~/.config/zed/settings.json (the key goes to Zed's own settings page, or the variable TIDEGATE_API_KEY):

  "language_models": {
    "openai_compatible": {
      "tidegate": {
        "api_url": "{base}",
        "available_models": [{ "name": "{model}", "display_name": "tidegate", "max_tokens": 32768 }]
      }
    }
  }
""",
        places=(Place("zed/settings.json", variable="XDG_CONFIG_HOME"), Place(".config/zed/settings.json")),
        edit=_json(
            (("language_models", "openai_compatible", "tidegate", "api_url"), "{base}"),
            (
                ("language_models", "openai_compatible", "tidegate", "available_models"),
                [{"name": "{model}", "display_name": "tidegate", "max_tokens": 32768}],
            ),
        ),
        then="export TIDEGATE_API_KEY=none, and choose the model `tidegate`",
    ),
    Client(
        name="claude-code",
        title="Claude Code",
        text="""\
For one run:

  ANTHROPIC_BASE_URL={root} ANTHROPIC_AUTH_TOKEN=none ANTHROPIC_MODEL={model} \\
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1 claude

For all runs, the same as "env" in ~/.claude/settings.json. What it would send elsewhere beside the model
(telemetry, updates) does not pass the gateway; the last variable turns it off.
""",
        places=(Place("settings.json", variable="CLAUDE_CONFIG_DIR"), Place(".claude/settings.json")),
        edit=_json(
            (("env", "ANTHROPIC_BASE_URL"), "{root}"),
            (("env", "ANTHROPIC_AUTH_TOKEN"), _KEY),
            (("env", "ANTHROPIC_MODEL"), "{model}"),
            (("env", "ANTHROPIC_DEFAULT_HAIKU_MODEL"), "{model}"),
            (("env", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"), "1"),
        ),
        then="start claude anew",
    ),
    Client(
        name="codex",
        title="Codex",
        text="In ~/.codex/tidegate.config.toml, which `codex --profile tidegate` lays over config.toml. It asks for "
        "sealed reasoning and a prompt cache: a cloud is asked only where its contract names the capabilities "
        "`sealed-reasoning` and `long-caches`; local targets are not concerned.\n\n" + _CODEX,
        places=(Place("tidegate.config.toml", variable="CODEX_HOME"), Place(".codex/tidegate.config.toml")),
        edit=Block(_CODEX),
        then="codex --profile tidegate",
    ),
    Client(
        name="opencode",
        title="opencode",
        text="""\
In ~/.config/opencode/opencode.json, then `opencode -m tidegate/{model}`

  "provider": {
    "tidegate": {
      "npm": "@ai-sdk/openai-compatible",
      "name": "tidegate",
      "options": { "baseURL": "{base}", "apiKey": "none" },
      "models": { "{model}": { "name": "{model}" } }
    }
  }
""",
        places=(
            Place("opencode/opencode.json", variable="XDG_CONFIG_HOME"),
            Place(".config/opencode/opencode.json"),
        ),
        edit=_json(
            (("provider", "tidegate", "npm"), "@ai-sdk/openai-compatible"),
            (("provider", "tidegate", "name"), "tidegate"),
            (("provider", "tidegate", "options"), {"baseURL": "{base}", "apiKey": _KEY}),
            (("provider", "tidegate", "models", "{model}"), {"name": "{model}"}),
        ),
        then="opencode -m tidegate/{model}",
    ),
    Client(
        name="aider",
        title="aider",
        text="In ~/.aider.conf.yml\n\n" + _AIDER,
        places=(Place(".aider.conf.yml"),),
        edit=Block(_AIDER),
        then="start aider anew",
    ),
    Client(
        name="cline",
        title="Cline",
        text="""\
Cline's settings (the gear):

  API provider   OpenAI Compatible
  Base URL       {base}
  API key        none
  Model ID       {model}
""",
    ),
    Client(
        name="open-webui",
        title="Open WebUI",
        text="""\
In its environment, or under Admin Panel > Settings > Connections:

  OPENAI_API_BASE_URL={base}
  OPENAI_API_KEY=none

In a container the gateway is at its host's address, not at 127.0.0.1.
""",
    ),
    Client(
        name="llm",
        title="llm",
        text='In extra-openai-models.yaml (`dirname "$(llm logs path)"` says where), then `llm -m tidegate`\n\n' + _LLM,
        places=(
            Place("extra-openai-models.yaml", variable="LLM_USER_PATH"),
            Place("Library/Application Support/io.datasette.llm/extra-openai-models.yaml", system="darwin"),
            Place(".config/io.datasette.llm/extra-openai-models.yaml"),
        ),
        edit=Block(_LLM),
        then="llm -m tidegate 'hello'",
    ),
    Client(
        name="langchain",
        title="LangChain (Python)",
        text="""\
from langchain_openai import ChatOpenAI

model = ChatOpenAI(model="{model}", base_url="{base}", api_key="none")
""",
    ),
    Client(
        name="langgraph",
        title="LangGraph (Python)",
        text="""\
from langchain_openai import ChatOpenAI
from langgraph.prebuilt import create_react_agent

agent = create_react_agent(ChatOpenAI(model="{model}", base_url="{base}", api_key="none"), tools=[])
""",
    ),
    Client(
        name="openai-agents",
        title="OpenAI Agents SDK (Python)",
        text="""\
from agents import Agent, OpenAIResponsesModel, set_tracing_disabled
from openai import AsyncOpenAI

set_tracing_disabled(True)  # traces would go to OpenAI beside the gateway
client = AsyncOpenAI(base_url="{base}", api_key="none")
agent = Agent(name="assistant", model=OpenAIResponsesModel(model="{model}", openai_client=client))
""",
    ),
    Client(
        name="llamaindex",
        title="LlamaIndex (Python)",
        text="""\
from llama_index.llms.openai_like import OpenAILike

llm = OpenAILike(model="{model}", api_base="{base}", api_key="none", is_chat_model=True, is_function_calling_model=True)
""",
    ),
    Client(
        name="pydantic-ai",
        title="Pydantic AI (Python)",
        text="""\
from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

agent = Agent(OpenAIChatModel("{model}", provider=OpenAIProvider(base_url="{base}", api_key="none")))
""",
    ),
    Client(
        name="vercel-ai",
        title="Vercel AI SDK (JavaScript)",
        text="""\
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";

const tidegate = createOpenAICompatible({ name: "tidegate", baseURL: "{base}", apiKey: "none" });
const model = tidegate("{model}");
""",
    ),
    Client(
        name="openai-sdk",
        title="OpenAI SDK (Python, JavaScript)",
        text="""\
export OPENAI_BASE_URL={base} OPENAI_API_KEY=none

from openai import OpenAI

client = OpenAI(base_url="{base}", api_key="none")
client.chat.completions.create(model="{model}", messages=[{"role": "user", "content": "hello"}])

import OpenAI from "openai";

const client = new OpenAI({ baseURL: "{base}", apiKey: "none" });
""",
    ),
    Client(
        name="anthropic-sdk",
        title="Anthropic SDK (Python, JavaScript)",
        text="""\
export ANTHROPIC_BASE_URL={root} ANTHROPIC_API_KEY=none

from anthropic import Anthropic

client = Anthropic(base_url="{root}", api_key="none")
client.messages.create(model="{model}", max_tokens=500, messages=[{"role": "user", "content": "hello"}])

import Anthropic from "@anthropic-ai/sdk";

const client = new Anthropic({ baseURL: "{root}", apiKey: "none" });
""",
    ),
    Client(
        name="ollama-sdk",
        title="Ollama SDK (Python, JavaScript) and whatever reads OLLAMA_HOST",
        text="""\
export OLLAMA_HOST={root}

from ollama import Client

Client(host="{root}").chat(model="{model}", messages=[{"role": "user", "content": "hello"}])
""",
    ),
    Client(
        name="curl",
        title="curl",
        text="""\
curl {base}/chat/completions -H 'content-type: application/json' \\
  -d '{"model": "{model}", "messages": [{"role": "user", "content": "hello"}]}'
""",
    ),
)
BY_NAME: Mapping[str, Client] = {client.name: client for client in CLIENTS}
