"""pydantic-ai: text, stream, tools, structured output."""

import json
import os
import sys

from pydantic import BaseModel
from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider

PROVIDER = OpenAIProvider(base_url=os.environ["BASE"], api_key="none")


def tell(name, value):
    sys.stdout.write(json.dumps([name, value]) + "\n")


class Found(BaseModel):
    word: str


for name, kind in (("chat", OpenAIChatModel), ("responses", OpenAIResponsesModel)):
    tell(
        f"tiny {name}",
        Agent(kind("tiny", provider=PROVIDER), model_settings={"max_tokens": 20}).run_sync("Why?").output,
    )
    agent = Agent(kind("tools", provider=PROVIDER))

    @agent.tool_plain
    def lookup(word: str) -> str:
        """Looks a word up."""
        return f"{word}: 42"

    tell(f"agent {name}", agent.run_sync("go").output)
    structured = Agent(kind("tools", provider=PROVIDER), output_type=Found)
    tell(f"structured {name}", structured.run_sync("go").output.word)
