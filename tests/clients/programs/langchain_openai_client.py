"""langchain-openai and langgraph: invoke, stream, tools, an agent's loop."""

import json
import os
import sys

from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from langgraph.graph import END, START, MessagesState, StateGraph


def tell(name, value):
    sys.stdout.write(json.dumps([name, value]) + "\n")


@tool
def lookup(word: str) -> str:
    """Looks a word up."""
    return f"{word}: 42"


def model(name, **more):
    return ChatOpenAI(model=name, base_url=os.environ["BASE"], api_key="none", max_retries=0, timeout=60, **more)


tell("invoke", model("tiny", max_tokens=20).invoke("Why are there tides?").content)
tell("stream", "".join(piece.content for piece in model("tiny", max_tokens=20).stream("Why are there tides?")))
tell("tool", model("tools").bind_tools([lookup]).invoke("go").tool_calls[0]["args"]["word"])
tell("responses", model("tiny", use_responses_api=True, max_tokens=20).invoke("Why are there tides?").text)
vectors = OpenAIEmbeddings(model="tools", base_url=os.environ["BASE"], api_key="none", check_embedding_ctx_length=False)
tell("embeddings", vectors.embed_documents(["a", "b"])[1])


def think(state):
    return {"messages": [model("tools").bind_tools([lookup]).invoke(state["messages"])]}


def act(state):
    calls = state["messages"][-1].tool_calls
    return {"messages": [ToolMessage(lookup.invoke(call["args"]), tool_call_id=call["id"]) for call in calls]}


graph = StateGraph(MessagesState)
graph.add_node("think", think)
graph.add_node("act", act)
graph.add_edge(START, "think")
graph.add_conditional_edges("think", lambda state: "act" if state["messages"][-1].tool_calls else END)
graph.add_edge("act", "think")
tell("langgraph", graph.compile().invoke({"messages": [HumanMessage("go")]})["messages"][-1].content)
