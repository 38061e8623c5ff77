"""llama-index (openai-like): complete, chat, stream, tools."""

import json
import os
import sys

from llama_index.core.llms import ChatMessage
from llama_index.core.tools import FunctionTool
from llama_index.llms.openai_like import OpenAILike


def tell(name, value):
    sys.stdout.write(json.dumps([name, value]) + "\n")


def lookup(word: str) -> str:
    """Looks a word up."""
    return f"{word}: 42"


def model(name):
    more = {"is_chat_model": True, "is_function_calling_model": True, "max_tokens": 20, "max_retries": 0}
    return OpenAILike(model=name, api_base=os.environ["BASE"], api_key="none", timeout=60, **more)


ASK = [ChatMessage(role="user", content="Why are there tides?")]
tell("complete", model("tiny").complete("Why are there tides?").text)
tell("chat", model("tiny").chat(ASK).message.content)
tell("stream", "".join(piece.delta or "" for piece in model("tiny").stream_chat(ASK)))
calls = model("tools").get_tool_calls_from_response(
    model("tools").chat_with_tools([FunctionTool.from_defaults(lookup)], user_msg="go")
)
tell("tool", calls[0].tool_kwargs["word"])
