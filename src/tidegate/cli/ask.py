"""`tidegate ask`: one question through the running gateway, the way any client would put it."""

import http.client
import json
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tidegate.cli import arguments, terminal
from tidegate.core.values.errors import TidegateError

if TYPE_CHECKING:
    from tidegate.config import Address

_TIMEOUT_S = 300.0
_MOST_BYTES = 8 * 1024 * 1024
_SHOWN = ("target", "boundary", "labels", "redactions", "request-id")


def run(words: Sequence[str]) -> int:
    about = (
        "Put a question through the running gateway. The answer goes to standard output, where it came from to error."
    )
    more = "  tidegate ask 'Why are there two tides a day?'\n  git diff | tidegate ask --model local -"
    parser = arguments.command("ask", about, more)
    parser.add_argument("text", nargs="+", metavar="TEXT", help="the question, or - to read it from standard input")
    parser.add_argument("--model", default="auto", help="a name under [models] (default: auto)")
    arguments.config_option(parser)
    arguments.json_option(parser, "the whole answer as one JSON object")
    given = parser.parse_args(words)
    text = arguments.read_input("-", _MOST_BYTES) if given.text == ["-"] else " ".join(given.text)
    if not text.strip():
        parser.error("the question is empty")
    return _ask(given, text)


def _ask(given: Namespace, text: str) -> int:
    from tidegate.cli.chosen import written

    address = written(given.config).server.listen
    connection = http.client.HTTPConnection(address.host, address.port, timeout=_TIMEOUT_S)
    try:
        answer = _answer(connection, address, {"model": given.model, "messages": [{"role": "user", "content": text}]})
        if given.json:
            terminal.say_json({**_about(answer.headers), "answer": "".join(_pieces(answer))})
            return 0
        for piece in _pieces(answer):
            sys.stdout.write(terminal.visible(piece))
            sys.stdout.flush()
        sys.stdout.write("\n")
    except (OSError, http.client.HTTPException) as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise TidegateError(f"the gateway on {address} broke off; `tidegate doctor` says how it is") from None
    finally:
        connection.close()
    shown = "  ".join(f"{name}: {value}" for name, value in _about(answer.headers).items() if value)
    terminal.complain(terminal.paint(shown, "dim", sys.stderr))
    return 0


def _answer(
    connection: http.client.HTTPConnection, address: "Address", request: dict[str, Any]
) -> http.client.HTTPResponse:
    try:
        connection.connect()
    except OSError:
        raise TidegateError(f"no gateway answers on {address}; start it with `tidegate up`") from None
    body = json.dumps({**request, "stream": True})
    connection.request("POST", "/v1/chat/completions", body, {"content-type": "application/json"})
    answer = connection.getresponse()
    if answer.status != 200:
        raise TidegateError(f"{_refusal(answer)} (status {answer.status})")
    return answer


def _refusal(answer: http.client.HTTPResponse) -> str:
    try:
        error = json.loads(answer.read(_MOST_BYTES))["error"]
        code = f" [{error['code']}]" if error.get("code") else ""
        return f"the gateway says: {error['message']}{code}"
    except (ValueError, KeyError, TypeError, AttributeError):
        return "whoever answers there is no tidegate gateway, or it is broken; `tidegate doctor` says more"


def _pieces(answer: http.client.HTTPResponse) -> Iterator[str]:
    """The deltas' text. Raises TidegateError for an error in the middle of the stream, or a stream that just stops."""
    while line := answer.readline(_MOST_BYTES):
        if not line.startswith(b"data:"):
            continue
        data = line[5:].strip()
        if data == b"[DONE]":
            return
        yield _piece(data)
    raise TidegateError("the answer broke off before its end; the receipt says why: tidegate audit tail")


def _piece(data: bytes) -> str:
    try:
        event = json.loads(data)
        if "error" in event:
            raise TidegateError(f"the gateway says: {event['error']['message']}")
        return "".join(choice["delta"].get("content") or "" for choice in event.get("choices", ()))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise TidegateError("the answer is no stream of chat completions; is this a tidegate gateway?") from None


def _about(headers: http.client.HTTPMessage) -> dict[str, str]:
    return {name: headers.get(f"x-tidegate-{name}", "") for name in _SHOWN}
