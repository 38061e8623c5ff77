"""anthropic (Python): messages, stream, tools, count_tokens."""

import json
import os
import sys

import anthropic

client = anthropic.Anthropic(base_url=os.environ["ROOT"], api_key="none", max_retries=0, timeout=60)
ASK = [{"role": "user", "content": "Why are there tides?"}]
SCHEMA = {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"]}
TOOLS = [{"name": "lookup", "input_schema": SCHEMA}]


def tell(name, value):
    sys.stdout.write(json.dumps([name, value]) + "\n")


tell("messages", client.messages.create(model="tiny", max_tokens=20, messages=ASK).content[0].text)
with client.messages.stream(model="tiny", max_tokens=20, messages=ASK) as running:
    tell("stream", "".join(running.text_stream))
call = client.messages.create(model="tools", max_tokens=50, messages=ASK, tools=TOOLS).content[0]
tell("tool", call.input["word"])
with client.messages.stream(model="tools", max_tokens=50, messages=ASK, tools=TOOLS) as running:
    tell("tool stream", running.get_final_message().content[0].input["word"])
result = {"type": "tool_result", "tool_use_id": call.id, "content": "42"}
turns = [*ASK, {"role": "assistant", "content": [call.model_dump()]}, {"role": "user", "content": [result]}]
tell("result", client.messages.create(model="tools", max_tokens=50, messages=turns, tools=TOOLS).content[0].text)
tell("count", client.messages.count_tokens(model="tiny", messages=ASK).input_tokens)
try:
    client.messages.create(model="nothing", max_tokens=5, messages=ASK)
except anthropic.NotFoundError as error:
    tell("error", error.body["error"]["type"])
