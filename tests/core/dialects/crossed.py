"""What tests of dialects that only targets understand share: streams read, events in their order, told to clients."""

import json

from tidegate.core.dialects.crossing import CrossedStream, cross_answer
from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.neutral import events as e
from tidegate.core.values.answer import AnswerNotes

DOCUMENT = {"stream": True, "stream_options": {"include_usage": True}}
ASKED = Asked("01890000-0000-7000-8000-000000000000", "theirs", 1_800_000_000, DOCUMENT)


def pieces(body, sizes=(1 << 30,)):
    at, turn = 0, 0
    while at < len(body):
        size = sizes[turn % len(sizes)]
        yield body[at : at + size]
        at, turn = at + size, turn + 1


def read_stream(dialect, body, sizes=(1 << 30,)):
    reader = dialect.open_reader()
    return [*(event for piece in pieces(body, sizes) for event in reader.feed(piece)), *reader.close()]


def check_order(events):
    """Began (Opened Delta* Sealed* Closed)* Ended... Used?, as `neutral.events` says it."""
    assert isinstance(events[0], e.Began)
    opened, ever, ended = {}, {}, set()
    for at, event in enumerate(events[1:], 1):
        if isinstance(event, e.Opened):
            assert event.choice not in ended
            assert event.block > ever.get(event.choice, -1)
            if event.kind != "tool":
                assert not any(kind != "tool" for (choice, _), kind in opened.items() if choice == event.choice)
            ever[event.choice] = event.block
            opened[event.choice, event.block] = event.kind
        elif isinstance(event, e.Delta | e.Sealed):
            assert (event.choice, event.block) in opened
            assert isinstance(event, e.Sealed) or event.text
        elif isinstance(event, e.Closed):
            del opened[event.choice, event.block]
        elif isinstance(event, e.Ended):
            assert not [block for choice, block in opened if choice == event.choice]
            ended.add(event.choice)
        elif isinstance(event, e.Used):
            assert ended
            assert all(isinstance(later, e.Used | e.Lost) for later in events[at:])
    assert opened == {}


def texts(events, kind):
    of_kind = {(event.choice, event.block) for event in events if isinstance(event, e.Opened) and event.kind == kind}
    told = [event for event in events if isinstance(event, e.Delta) and (event.choice, event.block) in of_kind]
    return "".join(event.text for event in told)


def prose(events):
    """A refusal is text where the dialect has no other word for it."""
    return texts(events, "text") + texts(events, "refusal")


def calls_told(spoken, events):
    """A completion has no place for calls."""
    return [] if spoken.NAME == "openai.completions" else calls(events)


def calls(events):
    found = []
    for opened in events:
        if isinstance(opened, e.Opened) and opened.kind == "tool":
            where = opened.choice, opened.block
            said = [d.text for d in events if isinstance(d, e.Delta) and (d.choice, d.block) == where]
            found.append((opened.name, json.loads("".join(said) or "{}")))
    return found


def signatures(events):
    """In the order in which they came."""
    return [
        event.signature
        for event in events
        if (isinstance(event, e.Sealed) or (isinstance(event, e.Opened) and event.signature)) and event.signature
    ]


# -- as clients get it -------------------------------------------------------------------------------------------------


def check_whole(understood, spoken, body):
    notes = AnswerNotes()
    out = cross_answer(body, understood, spoken, ASKED, notes, None)
    assert notes.complete
    again = list(spoken.read_answer(out)) if hasattr(spoken, "read_answer") else None
    if again is not None:
        events = understood.read_answer(body)
        assert prose(again) == prose(events)
        assert calls(again) == calls_told(spoken, events)


def check_stream(understood, spoken, body):
    notes = AnswerNotes()
    stream = CrossedStream(understood, spoken, ASKED, notes, None)
    out = b"".join([stream.feed(piece) for piece in pieces(body, (97,))]) + stream.close()
    assert notes.complete
    assert not notes.error
    if hasattr(spoken, "open_reader"):
        again = read_stream(spoken, out)
        events = read_stream(understood, body)
        assert prose(again) == prose(events)
        assert calls(again) == calls_told(spoken, events)
