"""openai-agents: an agent with a tool, by chat completions and by responses, streamed too."""

import asyncio
import json
import os
import sys

from agents import Agent, OpenAIChatCompletionsModel, OpenAIResponsesModel, Runner, function_tool, set_tracing_disabled
from openai import AsyncOpenAI

set_tracing_disabled(True)


def tell(name, value):
    sys.stdout.write(json.dumps([name, value]) + "\n")


@function_tool
def lookup(word: str) -> str:
    """Looks a word up."""
    return f"{word}: 42"


async def main():
    client = AsyncOpenAI(base_url=os.environ["BASE"], api_key="none", max_retries=0, timeout=60)
    for name, kind in (("chat", OpenAIChatCompletionsModel), ("responses", OpenAIResponsesModel)):
        agent = Agent(name="a", instructions="Answer.", model=kind(model="tools", openai_client=client), tools=[lookup])
        tell(f"agent {name}", (await Runner.run(agent, "go")).final_output)
        running = Runner.run_streamed(agent, "go")
        events = [event.type async for event in running.stream_events()]
        tell(f"agent {name} stream", [running.final_output, len(events) > 3])
        small = Agent(name="a", model=kind(model="tiny", openai_client=client))
        tell(f"tiny {name}", (await Runner.run(small, "Why are there tides?")).final_output)


asyncio.run(main())
