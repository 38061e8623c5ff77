"""openai (Python): chat, stream, tools, responses, embeddings, models."""

import json
import os
import sys

import openai

client = openai.OpenAI(base_url=os.environ["BASE"], api_key="none", max_retries=0, timeout=60)
TOOL = {
    "name": "lookup",
    "parameters": {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"]},
}
ASK = [{"role": "user", "content": "Why are there tides?"}]


def tell(name, value):
    sys.stdout.write(json.dumps([name, value]) + "\n")


tell("chat", client.chat.completions.create(model="tiny", messages=ASK, max_tokens=20).choices[0].message.content)
stream = client.chat.completions.create(model="tiny", messages=ASK, max_tokens=20, stream=True)
tell("stream", "".join(c.choices[0].delta.content or "" for c in stream if c.choices))
offered = [{"type": "function", "function": TOOL}]
call = client.chat.completions.create(model="tools", messages=ASK, tools=offered).choices[0].message.tool_calls[0]
tell("tool", json.loads(call.function.arguments)["word"])
with client.chat.completions.stream(model="tools", messages=ASK, tools=offered) as running:
    tell("tool stream", running.get_final_completion().choices[0].message.tool_calls[0].function.arguments)
tell("responses", client.responses.create(model="tiny", input="Why are there tides?", max_output_tokens=20).output_text)
with client.responses.stream(model="tiny", input="Why are there tides?", max_output_tokens=400) as running:
    tell("responses stream", running.get_final_response().output_text)
found = client.responses.create(model="tools", input="go", tools=[{"type": "function", **TOOL, "strict": False}])
tell("responses tool", next(item for item in found.output if item.type == "function_call").name)
tell("embeddings", client.embeddings.create(model="tools", input=["a", "b"]).data[1].embedding)
tell("models", sorted(model.id for model in client.models.list()))
try:
    client.chat.completions.create(model="nothing", messages=ASK)
except openai.NotFoundError as error:
    tell("error", error.code)
