"""What has to hold of every dialect whatever bytes come: the targets of the fuzzers, and of what CI replays.

Each `check_*` raises AssertionError, or lets out what should not have got out. What may leave the dialects: BadRequest
for what clients send, UpstreamError for what upstreams send.
"""

import json
from random import Random

from tests.core.dialects.crossed import ASKED
from tidegate.core.dialects import document, eventstream, known, ndjson, sse
from tidegate.core.dialects.crossing import CrossedStream, cross_answer, cross_request, refusal_of
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import BadRequest, Refusal, UpstreamError

CANARY = "qzcanary@" + "value"
"""Stands in values, and in names that no programmer gives: no refusal may repeat it."""
MOST_GROWN = 64
"""Bytes that one byte of an answer may become in another dialect, beside what every event costs."""
SOME_BYTES = 1 << 20


class Same:
    """A channel that changes nothing."""

    def feed(self, text):
        assert isinstance(text, str)
        return text

    def close(self):
        return ""


class Late(Same):
    """A channel that says all it was fed at the end."""

    def __init__(self):
        self.held = []

    def feed(self, text):
        self.held.append(text)
        return ""

    def close(self):
        return "".join(self.held)


def opening(kind):
    def open_channel(tool, *, free=False, own=False):
        assert isinstance(tool, str)
        return kind()

    return open_channel


def cut(data, random):
    """`data` in pieces, most of them small."""
    pieces, at = [], 0
    most = random.choice((1, 2, 7, 100, 5000))
    least = max(1, len(data) // 300)
    while at < len(data):
        size = random.randint(least, max(least, most))
        pieces.append(data[at : at + size])
        at += size
    return pieces


def fed(stream, pieces, joined):
    """(what came out, kind of the error that ended it)"""
    out = []
    try:
        out += [joined(stream.feed(piece)) for piece in pieces]
        if hasattr(stream, "close"):
            out.append(joined(stream.close()))
    except UpstreamError as error:
        assert error.kind in ("too_large", "protocol"), error.kind
        return None, error.kind
    return out, ""


def as_bytes(found):
    assert isinstance(found, bytes)
    return found


# -- framings ----------------------------------------------------------------------------------------------------------


def check_framing(reader, data, random):
    """However bytes are split, the same events; none is lost."""
    whole, kind = fed(reader(), [data], list)
    split, kind_split = fed(reader(), cut(data, random), list)
    assert kind == kind_split
    if not kind:
        whole, split = [each for few in whole for each in few], [each for few in split for each in few]
        assert whole == split
        raw = b"".join([getattr(each, "raw", b"") for each in whole])
        if whole and hasattr(whole[0], "raw"):
            assert data.startswith(raw)
            assert not data[len(raw) :].strip()


FRAMINGS = {
    "text/event-stream": sse.EventReader,
    "application/x-ndjson": ndjson.LineReader,
    "application/vnd.amazon.eventstream": eventstream.MessageReader,
}


# -- answers -----------------------------------------------------------------------------------------------------------


def spoken_beside(understood):
    return [each for each in known.SPOKEN.values() if each.OPERATION == understood.OPERATION and each is not understood]


def check_stream(name, data, random):
    """A stream of dialect `name`: passed, read, and told in every other dialect."""
    understood = known.UNDERSTOOD[name]
    pieces = cut(data, random)
    if framing := FRAMINGS.get(understood.STREAM_TYPE):
        check_framing(framing, data, random)
    if name in known.BOTH:
        check_passing(known.BOTH[name], data, pieces)
    whole, kind = fed(understood.open_reader(), [data], list)
    split, kind_split = fed(understood.open_reader(), pieces, list)
    assert kind == kind_split
    if not kind:
        assert [e for few in whole for e in few] == [e for few in split for e in few]
    check_crossed_stream(understood, random.choice(spoken_beside(understood)), data, pieces)


def check_passing(both, data, pieces):
    for kind in (Same, Late):
        found = []
        for each in ([data], pieces):
            notes = AnswerNotes()
            out, error = fed(both.open_stream(notes, opening(kind)), each, as_bytes)
            found.append((error, None if error else (b"".join(out), notes)))
        assert found[0] == found[1]
        if kind is Same and not found[0][0]:
            assert found[0][1][0] == data or data.strip() == found[0][1][0].strip()
        check_grown(data, found[0][1][0] if found[0][1] else b"")


def check_crossed_stream(understood, spoken, data, pieces):
    found = []
    for each in ([data], pieces):
        notes = AnswerNotes()
        out, error = fed(CrossedStream(understood, spoken, ASKED, notes, opening(Late)), each, as_bytes)
        found.append((error, None if error else (b"".join(out), notes)))
    assert found[0] == found[1]
    if found[0][1]:
        out, notes = found[0][1]
        check_grown(data, out)
        if notes.complete and not notes.error and spoken.NAME in known.BOTH:
            check_own_stream(known.BOTH[spoken.NAME], out)


def check_own_stream(spoken, out):
    """What we write is a whole answer for whoever reads that dialect."""
    notes = AnswerNotes()
    _, error = fed(spoken.open_stream(notes, opening(Same)), [out], as_bytes)
    assert not error, f"{spoken.NAME} cannot read what it wrote"
    assert notes.complete, f"{spoken.NAME} takes what it wrote for cut"


def check_answer(name, data, _random):
    """A whole answer of dialect `name`: passed, read, told in every other dialect, and read as an error."""
    understood = known.UNDERSTOOD[name]
    if name in known.BOTH:
        notes = AnswerNotes()
        out = quietly(known.BOTH[name].pass_answer, data, notes, opening(Same))
        assert out is None or out == data, "identity channels changed an answer"
        changed = quietly(known.BOTH[name].pass_answer, data, AnswerNotes(), opening(Late), keep_logprobs=False)
        check_grown(data, changed or b"")
    quietly(understood.read_answer, data)
    for spoken in spoken_beside(understood):
        out = quietly(cross_answer, data, understood, spoken, ASKED, AnswerNotes(), opening(Late))
        if out is not None:
            assert isinstance(json.loads(out), dict)
            check_grown(data, out)
    check_problem(understood, data)


def check_problem(understood, data):
    for status in (400, 429, 503):
        problem = understood.read_problem(status, data)
        refusal = refusal_of(problem)
        assert 400 <= problem.status <= 599
        for spoken in (understood, *spoken_beside(understood)):
            if spoken.NAME in known.SPOKEN:
                assert isinstance(json.loads(spoken.render_error(refusal)), dict)
                assert spoken.render_stream_error(refusal)


def quietly(work, *arguments, **named):
    """None where it was refused as it may be."""
    try:
        return work(*arguments, **named)
    except UpstreamError as error:
        assert error.kind in ("protocol", "too_large")
    except BadRequest:
        raise AssertionError("an upstream's fault was told as the client's") from None
    except Refusal:
        pass
    return None


def check_grown(data, out):
    assert len(out) <= MOST_GROWN * len(data) + SOME_BYTES, f"{len(data)} bytes became {len(out)}"


# -- requests ----------------------------------------------------------------------------------------------------------


def check_request(name, data, _random):
    """A request of dialect `name`: parsed, spliced, meant, and crossed to every other dialect."""
    spoken = known.SPOKEN[name]
    envelope = refused(spoken.parse_request, data, {})
    if envelope is None:
        return
    assert envelope.body == data
    named = document.parse(spoken.with_model(data, "another"))
    assert named == {**envelope.document, "model": "another"}
    refused(spoken.read_request, envelope.document)
    if name in known.ESTIMATED:
        json.loads(known.ESTIMATED[name](envelope))
    for understood in known.UNDERSTOOD.values():
        if understood.OPERATION == spoken.OPERATION and understood is not spoken:
            crossed = refused(cross_request, data, spoken, understood, "theirs")
            if crossed is not None:
                assert isinstance(json.loads(crossed.body), dict)
                json.loads(understood.unstored(crossed.body))
                check_grown(data, crossed.body)
        elif understood is spoken:
            json.loads(understood.unstored(data))


def refused(work, *arguments):
    """None where it was refused as it may be, in words that hold nothing of what was sent."""
    try:
        return work(*arguments)
    except BadRequest as error:
        assert error.message, "a refusal says nothing"
        assert CANARY not in error.message + error.param + error.code, "a refusal repeats a value"
        assert 400 <= error.status < 500
    return None


# -- all of them -------------------------------------------------------------------------------------------------------


def streams_of(*media_types):
    return [name for name, each in known.UNDERSTOOD.items() if each.STREAM_TYPE in media_types]


TARGETS = {
    "sse": (check_stream, streams_of("text/event-stream")),
    "ndjson": (check_stream, streams_of("application/x-ndjson")),
    "eventstream": (check_stream, streams_of("application/vnd.amazon.eventstream")),
    "answers": (check_answer, list(known.UNDERSTOOD)),
    "requests": (check_request, list(known.SPOKEN)),
}
"""Name -> (what has to hold, dialects). An input is a byte that chooses the dialect, a byte that the pieces are cut by,
and what comes over the wire.
"""


def check(target, data):
    if len(data) < 2:
        return
    work, names = TARGETS[target]
    work(names[data[0] % len(names)], data[2:], Random(data[1]))
