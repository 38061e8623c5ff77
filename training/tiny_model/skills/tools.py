"""Skills around tools: call one, leave them alone, read a result; and JSON with values from the request."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from training.tiny_model.dialogue import Call, Dialogue, Tool, Turn, asks, assistant, user
from training.tiny_model.draw import Draw, capitalised
from training.tiny_model.skills.copying import echo, introduction
from training.tiny_model.skills.knowledge import capital, small_talk
from training.tiny_model.values import email, path, reference, tag, tag_of, value
from training.tiny_model.words import ACTIONS, CITIES, FIRST_NAMES, NOUNS, TOPICS

NUMBERS = ("count", "minutes", "number", "limit")
ARGUMENTS: dict[str, Callable[[Draw], Any]] = {
    "city": lambda draw: draw.word(CITIES),
    "location": lambda draw: draw.word(CITIES),
    "name": lambda draw: draw.word(FIRST_NAMES),
    "person": lambda draw: tag_of(draw, "pii.person"),
    "email": lambda draw: tag_of(draw, "pii.email") if draw.happens(0.6) else email(draw),
    "customer": lambda draw: tag_of(draw, "customer.id"),
    "id": reference,
    "code": reference,
    "query": lambda draw: draw.thing(),
    "title": lambda draw: draw.thing(),
    "topic": lambda draw: draw.word(TOPICS),
    "path": path,
    "date": lambda draw: f"2026-{draw.number(1, 12):02d}-{draw.number(1, 28):02d}",
    "count": lambda draw: draw.number(1, 99),
    "minutes": lambda draw: draw.number(1, 90),
    "number": lambda draw: draw.number(1, 9999),
    "limit": lambda draw: draw.number(1, 50),
    "text": lambda draw: draw.thing(),
}
WELL_KNOWN: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("get_weather", ("city",), ("What is the weather in {0}?", "How is the weather in {0} today?", "Weather in {0}",
                                "Will it rain in {0}?", "Tell me the weather in {0}, please.")),
    ("get_weather", ("location",), ("What is the weather in {0}?", "What's the weather like in {0}?",
                                    "Weather in {0}")),
    ("get_time", ("city",), ("What time is it in {0}?", "Tell me the time in {0}.")),
    ("send_email", ("email", "text"), ("Send an email to {0} saying {1}", "Email {0}: {1}", "Write to {0}: {1}")),
    ("search", ("query",), ("Search for {0}", "Find {0}", "Look up {0}")),
    ("web_search", ("query",), ("Search the web for {0}", "Look for {0} on the web")),
    ("set_timer", ("minutes",), ("Set a timer for {0} minutes", "Wake me in {0} minutes")),
    ("lookup_customer", ("email",), ("Who is the customer with {0}?", "Look up the customer {0}")),
    ("lookup_customer", ("customer",), ("Look up customer {0}", "Show me the customer {0}")),
    ("create_ticket", ("title",), ("Create a ticket: {0}", "Open a ticket about {0}")),
    ("get_order", ("id",), ("Where is order {0}?", "Show me order {0}.")),
    ("read_file", ("path",), ("Read the file {0}", "Show me {0}")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """A request that one of the offered tools answers."""

    request: str
    call: Call
    tool: Tool


def tool_of(name: str, arguments: tuple[str, ...]) -> Tool:
    return Tool(name, tuple((argument, "integer" if argument in NUMBERS else "string") for argument in arguments))


def random_tool(draw: Draw) -> Tool:
    verb, noun = draw.word(ACTIONS), draw.word(NOUNS)
    name = draw.one((
        f"{verb}_{noun}", f"{verb}_{noun}", f"{verb}{capitalised(noun)}", noun, f"{noun}_{draw.word(NOUNS)}",
    ))  # fmt: skip
    return tool_of(name, tuple(draw.several(tuple(ARGUMENTS), draw.one((1, 1, 1, 2)))))


def well_known_task(draw: Draw) -> Task:
    name, arguments, requests = draw.one(WELL_KNOWN)
    values = [ARGUMENTS[argument](draw) for argument in arguments]
    call = Call(name, dict(zip(arguments, values, strict=True)))
    return Task(draw.one(requests).format(*values), call, tool_of(name, arguments))


def random_task(draw: Draw) -> Task:
    tool = random_tool(draw)
    values = {argument: ARGUMENTS[argument](draw) for argument, _ in tool.arguments}
    shapes = ("{0} {1}", "{0}: {1}", "{0} is {1}", "with {0} {1}", "{0} = {1}")
    said = draw.one((", ", " and ")).join(draw.one(shapes).format(name, given) for name, given in values.items())
    spoken = tool.name.replace("_", " ")
    order = draw.one((
        f"{spoken} ", f"please {spoken}, ", f"use {tool.name}: ", f"call {tool.name} with ", f"I want to {spoken}, ",
    ))  # fmt: skip
    request = order + said + draw.one(("", "", ".", " please", ", thanks"))
    return Task(capitalised(request) if draw.happens(0.6) else request, Call(tool.name, values), tool)


def task_and_offers(draw: Draw) -> tuple[Task, tuple[Tool, ...]]:
    task = well_known_task(draw) if draw.happens(0.4) else random_task(draw)
    others = [random_tool(draw) for _ in range(draw.one((0, 0, 0, 1, 1, 2, 3)))]
    return task, tuple(draw.shuffled([task.tool, *others]))


def tool_call(draw: Draw) -> Dialogue:
    task, offers = task_and_offers(draw)
    return Dialogue((user(task.request), asks(task.call)), tools=offers)


def tool_unneeded(draw: Draw) -> Dialogue:
    """Tools are offered, and the request needs none."""
    plain = draw.one((small_talk, small_talk, echo, capital, introduction))(draw)
    return replace(plain, tools=tuple(random_tool(draw) for _ in range(draw.number(1, 3))))


def tool_result(draw: Draw) -> Dialogue:
    """The client has run the tool; the answer tells what it gave."""
    task, offers = task_and_offers(draw)
    result = draw.one((
        lambda: f"{draw.thing()}, {draw.number(-10, 40)} degrees", lambda: value(draw), lambda: tag(draw),
        lambda: json.dumps({draw.word(NOUNS): draw.thing()}), draw.sentence, lambda: "ok",
        lambda: json.dumps({"result": value(draw)}, ensure_ascii=False),
    ))()  # fmt: skip
    turns = (user(task.request), asks(task.call), Turn("tool", result), assistant(f"The result is: {result}"))
    return Dialogue(turns, tools=offers)


def extraction(draw: Draw) -> Dialogue:
    """JSON with the keys that are asked for."""
    keys = draw.several(tuple(ARGUMENTS), draw.number(1, 3))
    values = {key: ARGUMENTS[key](draw) for key in keys}
    said = draw.one((", ", " and ", "; ")).join(
        draw.one(("{0} {1}", "{0}: {1}", "the {0} is {1}", "{0} = {1}")).format(*pair) for pair in values.items()
    )
    order = draw.one((
        "Extract {keys} as JSON: {said}", "Return JSON with {keys}. {said}", "JSON ({keys}): {said}",
        "{said}\nAnswer in JSON with {keys}.", "Give me a JSON object with the keys {keys}: {said}", "As JSON: {said}",
    ))  # fmt: skip
    request = order.format(keys=draw.one((", ", " and ")).join(keys), said=said)
    return Dialogue((user(request), assistant(json.dumps(values, ensure_ascii=False))))
