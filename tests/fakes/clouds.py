"""What fakes of clouds share: answers that repeat what was said, to show what arrived and what came back."""

import json

from tests.fakes.upstream import EVENTS_HEAD, chunk, response


class Turned(Exception):  # noqa: N818 - a request is turned away
    """`body`: the error as that cloud words it."""

    def __init__(self, status, body, headers=()):
        super().__init__(status)
        self.status, self.body, self.headers = status, body, headers


def answering(serve):
    """A behaviour of `serve(request) -> bytes of a whole response, or Turned`."""

    async def act(talk):
        try:
            wire = serve(talk.request)
        except Turned as turned:
            wire = response(turned.status, json.dumps(turned.body).encode(), turned.headers)
        await talk.send(wire)
        await talk.end("keep")

    return act


def whole(tree):
    return response(200, json.dumps(tree).encode())


def stream(pieces, media_type="text/event-stream"):
    head = EVENTS_HEAD.replace(b"text/event-stream", media_type.encode())
    return head + b"".join(chunk(piece) for piece in pieces) + b"0\r\n\r\n"


def in_pieces(text):
    """As models stream: cut anywhere."""
    return [text[i : i + 5] for i in range(0, len(text), 5)]
