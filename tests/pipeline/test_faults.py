"""Each fault of an upstream, in each dialect that clients speak, whole and streamed, passed through and crossed: the
client gets its own dialect's error object or a stream that ends as a broken one does, and the log one outcome.
"""

import asyncio
import json
from functools import cache

import orjson
import pytest

from tests.fakes.eventstream import exception
from tests.fuzz.mutations import FRAMES, recorded
from tests.fuzz.properties import TARGETS
from tests.fuzz.shapes import is_error, is_error_event
from tests.pipeline.script import HERE, Scripted, ScriptedDownstream, Story
from tidegate.core.dialects import known
from tidegate.core.dialects.neutral.events import Ended, Failed
from tidegate.core.dispatch.endpoints import understood_by
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import UpstreamError
from tidegate.core.values.target import Target

ASKED = {
    "openai.chat": {"messages": [{"role": "user", "content": "hi"}]},
    "openai.responses": {"input": "hi"},
    "openai.completions": {"prompt": "hi"},
    "openai.embeddings": {"input": "hi"},
    "anthropic.messages": {"messages": [{"role": "user", "content": "hi"}], "max_tokens": 9},
    "anthropic.count_tokens": {"messages": [{"role": "user", "content": "hi"}]},
    "ollama.chat": {"messages": [{"role": "user", "content": "hi"}]},
    "ollama.generate": {"prompt": "hi"},
    "ollama.embed": {"input": "hi"},
    "ollama.embeddings": {"prompt": "hi"},
}
PATHS = {each.NAME: path for path, each in known.PATHS.items()}
SAME = {"openai": "openai", "anthropic": "anthropic", "ollama": "ollama"}
CROSSED = {"chat": ("groq", "bedrock", "gemini"), "embeddings": ("mistral", "gemini"), "count_tokens": ()}


def target(provider):
    return Target(name="local", provider=provider, url="http://local", model="small", boundary=HERE)


def pairs(*, streamed):
    """(client's dialect, provider)"""
    for name, dialect in known.SPOKEN.items():
        if streamed and dialect.OPERATION != "chat":
            continue
        yield name, SAME[name.partition(".")[0]]
        for provider in CROSSED[dialect.OPERATION]:
            if understood_by(target(provider), name, dialect.OPERATION) != name:
                yield name, provider


WHOLE, STREAMED = list(pairs(streamed=False)), list(pairs(streamed=True))


def understood(name, provider):
    return understood_by(target(provider), name, known.SPOKEN[name].OPERATION)


def ask(name, provider, *steps, streamed=False):
    """(the client's side, the story)"""
    told = target(provider)
    story = Story(local=steps, models={"auto": (told,)})
    body = {"model": "auto", **ASKED[name]}
    if known.SPOKEN[name].OPERATION == "chat":
        body["stream"] = streamed
    downstream = ScriptedDownstream(orjson.dumps(body), {}, story)
    downstream.path = PATHS[name]
    asyncio.run(story._serve(downstream))
    assert downstream.finished
    assert len(story.records("intent")) == 1
    return downstream, story


def failed(story, *statuses):
    assert story.outcome["status"] in (statuses or ("failed",))
    assert story.events[-1].startswith("outcome")


# -- before the first byte ---------------------------------------------------------------------------------------------

BEFORE = ["connect", "timeout", "protocol", "cut", "crowded"]


@pytest.mark.parametrize("kind", BEFORE)
@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(("name", "provider"), WHOLE)
def test_who_gives_no_answer_is_unavailable(name, provider, streamed, kind):
    downstream, story = ask(name, provider, UpstreamError(kind, "scripted"), streamed=streamed)
    assert downstream.status == (429 if kind == "crowded" else 503)
    is_error(name, downstream.out)
    failed(story, "failed", "refused")
    assert [each["error"] for each in story.outcome["attempts"]] == [kind]


REFUSED = json.dumps({"error": {"message": "no", "type": "x", "code": "y"}, "type": "error", "message": "no"}).encode()
STATUSES = [(429, 429), (500, 503), (503, 503), (529, 503), (400, 400), (401, 502), (404, 502)]


@pytest.mark.parametrize(("status", "told"), STATUSES)
@pytest.mark.parametrize("headers", [{}, {"retry-after": "7"}], ids=["", "retry-after"])
@pytest.mark.parametrize("body", [REFUSED, b"<html>", b""], ids=["said", "html", "nothing"])
@pytest.mark.parametrize(("name", "provider"), WHOLE)
def test_a_status_is_told_in_the_clients_words(name, provider, status, told, headers, body):
    same = understood(name, provider) == name
    downstream, story = ask(name, provider, Scripted(status, body, headers=headers))
    assert downstream.status == told
    if status != 400 or not same:  # an answer to this request: the client gets the bytes that its own provider sent
        is_error(name, downstream.out)
    failed(story, "failed", "refused")
    assert story.outcome["attempts"][0]["status"] == status


# -- whole answers -----------------------------------------------------------------------------------------------------

NONE = {
    "garbage": (b"\x00\xff\x01", None), "html": (b"<html>", None), "nothing": (b"", None), "null": (b"null", None),
    "a list": (b"[]", None), "another object": (b'{"hello": 1}', None), "deep": (b"[" * 5000, None),
    "too large": (b'{"a":"' + b"x" * 200_000 + b'"}', None), "cut": (b"{", "cut"), "slow": (b"{", "timeout"),
}  # fmt: skip


@pytest.mark.parametrize("fault", NONE)
@pytest.mark.parametrize(("name", "provider"), WHOLE)
def test_an_answer_that_is_none_is_a_502(name, provider, fault):
    body, cut = NONE[fault]
    downstream, story = ask(name, provider, Scripted(200, body, cut=cut))
    assert downstream.status == 502
    is_error(name, downstream.out)
    failed(story)
    assert story.outcome["http_status"] == 502


# -- streams -----------------------------------------------------------------------------------------------------------


@cache
def events_of(dialect):
    """The shortest recorded stream of a dialect that is whole, and not in its first two events, event by event."""
    kind = next(kind for kind in ("sse", "ndjson", "eventstream") if dialect in TARGETS[kind][1])
    number = TARGETS[kind][1].index(dialect)
    recordings = [FRAMES[kind][0](each[2:]) for each in recorded(kind) if each[0] == number]
    fit = [
        each for each in recordings if is_whole(dialect, b"".join(each)) and not is_whole(dialect, b"".join(each[:2]))
    ]
    return min(fit, key=lambda events: sum(map(len, events)))


def is_whole(dialect, body):
    reader = known.UNDERSTOOD[dialect].open_reader()
    try:
        events = [*reader.feed(body), *reader.close()]
    except UpstreamError:
        return False
    return any(isinstance(event, Ended) for event in events) and not any(isinstance(each, Failed) for each in events)


def own_failure(dialect):
    """An error in the middle of a stream, as the provider itself says it."""
    if dialect == "bedrock.converse":
        return exception("throttlingException", "Too many tokens.")
    if dialect.startswith("ollama."):
        return b'{"error":"out of memory"}\n'
    error = {"message": "Overloaded", "type": "overloaded_error", "code": 503}
    if dialect == "anthropic.messages":
        return b"event: error\ndata: " + orjson.dumps({"type": "error", "error": error}) + b"\n\n"
    if dialect == "openai.responses":
        told = {"type": "error", "message": "Overloaded", "code": "server_error", "param": None, "sequence_number": 9}
        return b"event: error\ndata: " + orjson.dumps(told) + b"\n\n"
    return b"data: " + orjson.dumps({"error": error}) + b"\n\n"


def before_its_end(dialect):
    """The events before the first that says that the answer has ended."""
    events = events_of(dialect)
    cut = next(n for n in range(1, len(events) + 1) if is_whole(dialect, b"".join(events[:n])))
    return events[: cut - 1]


BROKEN = {
    "before its first event": lambda d: ([], "cut"),
    "within its first event": lambda d: ([events_of(d)[0][:9]], "cut"),
    "after its first event": lambda d: (events_of(d)[:1], "cut"),
    "within an event": lambda d: ([*before_its_end(d)[:-1], before_its_end(d)[-1][:-9]], "cut"),
    "before its end": lambda d: (before_its_end(d), "cut"),
    "by being reset": lambda d: (before_its_end(d), "connect"),
    "by saying nothing more": lambda d: (before_its_end(d), "timeout"),
    "by breaking its framing": lambda d: (before_its_end(d), "protocol"),
    "by ending early": lambda d: (before_its_end(d), None),
    "by being empty": lambda d: ([], None),
    "with garbage": lambda d: ([*before_its_end(d), b"data: {\x00\xff\n\n{\n" + b"\x00" * 64], None),
    "with no object": lambda d: ([*before_its_end(d), b"data: [1]\n\n[1]\n" + b"\x00" * 64], None),
    "without end": lambda d: ([*before_its_end(d), *[b"data: " + b"x" * 2**20] * 5], None),
    "with an error of its own": lambda d: ([*before_its_end(d), own_failure(d)], None),
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize(("name", "provider"), STREAMED)
def test_a_stream_that_breaks_ends_with_an_error_and_never_as_if_it_were_whole(name, provider, fault):
    dialect = understood(name, provider)
    pieces, cut = BROKEN[fault](dialect)
    step = Scripted(200, pieces, content_type=known.UNDERSTOOD[dialect].STREAM_TYPE, cut=cut)
    downstream, story = ask(name, provider, step, streamed=True)
    assert downstream.status == 200
    is_error_event(name, downstream.out)
    notes = AnswerNotes()
    stream = known.BOTH[name].open_stream(notes, None)
    stream.feed(downstream.out)
    stream.close()
    assert notes.error or not notes.complete
    failed(story)
    assert (story.outcome["http_status"], len(story.outcome["attempts"])) == (200, 1)
    assert step.closed == 1


@pytest.mark.parametrize(("name", "provider"), STREAMED)
def test_the_same_stream_without_a_fault_is_whole(name, provider):
    dialect = understood(name, provider)
    step = Scripted(200, events_of(dialect), content_type=known.UNDERSTOOD[dialect].STREAM_TYPE)
    downstream, story = ask(name, provider, step, streamed=True)
    assert (downstream.status, story.outcome["status"]) == (200, "completed")


@pytest.mark.parametrize("kind", ["text/html", "application/json", ""])
@pytest.mark.parametrize(("name", "provider"), STREAMED)
def test_what_is_no_stream_where_one_was_asked_for_is_a_502(name, provider, kind):
    downstream, story = ask(name, provider, Scripted(200, [b"{}"], content_type=kind), streamed=True)
    assert downstream.status == 502
    is_error(name, downstream.out)
    failed(story)
