"""`tidegate explain`: what would be found, and where it might go. Works without a running gateway; sends nothing."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tidegate.cli import arguments, terminal
from tidegate.core.values.errors import TidegateError

_MOST_BYTES = 64 * 1024 * 1024
_MORE = """\
Findings name the label and the place, never the value: start and end count characters of the text given.
With --jsonl each line of the input is a JSON object with a "text", and each line of the output answers one, in order.

  echo 'My card is 4111 1111 1111 1111' | tidegate explain -"""

Explain = Callable[[str], dict[str, Any]]


def run(words: Sequence[str]) -> int:
    about = "Show what would be found in a text, and where the policy would let it go. Nothing is sent anywhere."
    parser = arguments.command("explain", about, _MORE)
    parser.add_argument("file", metavar="FILE", help="a text file, or - for standard input")
    arguments.config_option(parser)
    arguments.json_option(parser)
    parser.add_argument("--jsonl", action="store_true", help="many texts: a JSON object a line in, one a line out")
    given = parser.parse_args(words)
    if given.jsonl:
        return _lines(given.file, _explainer(given.config))
    text = arguments.read_input(given.file, _MOST_BYTES)
    answer = _explainer(given.config)(text)
    if given.json:
        terminal.say_json(answer)
    else:
        _tell(answer)
    return 0


def _explainer(config: str | None) -> Explain:
    import asyncio

    from tidegate import app, office
    from tidegate.cli.chosen import choose
    from tidegate.core.dispatch.plan import moment

    settings = choose(config, must_serve=False).settings
    explainer = app.explainer(settings, office.in_force(settings).policy)
    now = moment(time.time_ns())
    if not explainer.detectors:
        return lambda text: explainer.explain(text, now)
    runner = asyncio.Runner()
    return lambda text: explainer.explain(text, now, runner.run(explainer.beside(text)))


def _lines(name: str, explain: Explain) -> int:
    write = sys.stdout.write
    for text in _texts(name):
        write(json.dumps(explain(text), ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return 0


def _texts(name: str) -> Iterator[str]:
    """One at a time: the input may be larger than memory. Raises TidegateError with the number of a bad line."""
    source = sys.stdin.buffer if name == "-" else open(name, "rb")  # noqa: PTH123, SIM115 - closed below
    with source as lines:
        for number, line in enumerate(iter(lambda: lines.readline(_MOST_BYTES + 1), b""), 1):
            if line.strip():
                yield _text(line, number)


def _text(line: bytes, number: int) -> str:
    if len(line) > _MOST_BYTES:
        raise TidegateError(f"line {number} is larger than {_MOST_BYTES // 1024 // 1024} MiB; split it")
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        raise TidegateError(f'line {number} is no JSON; write {{"text": "..."}} on each line') from None
    text = document.get("text") if isinstance(document, dict) else None
    if not isinstance(text, str):
        raise TidegateError(f'line {number} has no "text" that is a string; write {{"text": "..."}} on each line')
    return text


def _tell(answer: Mapping[str, Any]) -> None:
    labels = ", ".join(answer["labels"]) or "none"
    terminal.say(f"labels: {labels}   level: {answer['level']}")
    if answer["findings"]:
        found = [
            (one["label"], f"{one['start']}-{one['end']}", f"{one['score']:.2f}", one["detector"])
            for one in answer["findings"]
        ]
        terminal.say(terminal.table(("label", "characters", "score", "detector"), found))
    targets = [
        (one["target"], one["boundary"], _effect(one["effect"]), ", ".join(one["rules"]))
        for one in answer["decision"]["targets"]
    ]
    if targets:
        terminal.say(terminal.table(("target", "boundary", "effect", "rules"), targets))
    else:
        terminal.say("no target: no runtime answers and no configuration names one; `tidegate init` writes one")
    if any(one["effect"] == "reviewed" for one in answer["decision"]["targets"]):
        terminal.say("reviewed: where nothing else is permitted it is held until a person approves it: tidegate review")
    order = answer["decision"]["order"]
    if order["rules"]:
        terminal.say(
            f"tried in this order: {', '.join(order['targets']) or 'nothing is left'}, by {', '.join(order['rules'])}"
        )
    terminal.say(f"policy: {answer['decision']['policy'][:12]}")


def _effect(effect: str) -> str:
    return terminal.paint(effect, "bad") if effect == "none" else effect
