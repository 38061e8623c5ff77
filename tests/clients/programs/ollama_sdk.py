"""ollama (Python): chat, generate, tools, embed, list, show, ps."""

import json
import os
import sys

import ollama

client = ollama.Client(host=os.environ["ROOT"], timeout=60)
ASK = [{"role": "user", "content": "Why are there tides?"}]
SCHEMA = {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"]}
TOOLS = [{"type": "function", "function": {"name": "lookup", "description": "", "parameters": SCHEMA}}]
SHORT = {"num_predict": 20}


def tell(name, value):
    sys.stdout.write(json.dumps([name, value]) + "\n")


tell("chat", client.chat(model="tiny", messages=ASK, options=SHORT).message.content)
tell(
    "stream",
    "".join(c.message.content or "" for c in client.chat(model="tiny", messages=ASK, options=SHORT, stream=True)),
)
tell("generate", client.generate(model="tiny", prompt="Why are there tides?", options=SHORT).response)
tell(
    "generate stream",
    "".join(c.response for c in client.generate(model="tiny", prompt="Why?", options=SHORT, stream=True)),
)
tell("tool", client.chat(model="tools", messages=ASK, tools=TOOLS).message.tool_calls[0].function.arguments["word"])
streamed = [c for c in client.chat(model="tools", messages=ASK, tools=TOOLS, stream=True) if c.message.tool_calls]
tell("tool stream", streamed[0].message.tool_calls[0].function.arguments["word"])
tell("embed", list(client.embed(model="tools", input=["a", "b"]).embeddings[1]))
tell("list", sorted(model.model for model in client.list().models))
tell("show", bool(client.show("tiny").capabilities))
tell("ps", len(client.ps().models) >= 0)
