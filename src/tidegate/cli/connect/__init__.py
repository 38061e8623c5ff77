"""`tidegate connect CLIENT`: what makes a client ask the gateway, printed, or put into its settings and taken out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tidegate.cli import arguments, terminal

if TYPE_CHECKING:
    from tidegate.cli.connect.clients import Client


def run(words: Sequence[str]) -> int:
    about = (
        "Show what makes a client ask the gateway, or put it into the client's settings. Without a name: the clients."
    )
    more = "  tidegate connect continue\n  tidegate connect claude-code --write\n  tidegate connect claude-code --undo"
    parser = arguments.command("connect", about, more)
    parser.add_argument("client", nargs="?", metavar="CLIENT", help="a name of the list")
    parser.add_argument("--model", default="", help="a name under [models] (default: auto, or the first that there is)")
    parser.add_argument("--url", default="", help="the gateway's address as clients reach it (default: server.listen)")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--write", action="store_true", help="put it into the client's file; a copy of that file is kept")
    way.add_argument("--undo", action="store_true", help="take it out again")
    arguments.config_option(parser)
    arguments.json_option(parser, "the same as one JSON object")
    given = parser.parse_args(words)
    if not given.client:
        return _list(as_json=given.json)
    from tidegate.cli.connect.doing import connect

    return connect(_client(given.client), given)


def _client(name: str) -> "Client":
    from difflib import get_close_matches

    from tidegate.cli.connect.clients import BY_NAME
    from tidegate.core.values.errors import ConfigError

    if name in BY_NAME:
        return BY_NAME[name]
    close = get_close_matches(name, BY_NAME, n=1)
    hint = f'did you mean "{close[0]}"? ' if close else ""
    raise ConfigError([f"there is no client {name}; {hint}`tidegate connect` lists them"])


def _list(*, as_json: bool) -> int:
    from tidegate.cli.connect.clients import CLIENTS

    if as_json:
        terminal.say_json([{"name": c.name, "title": c.title, "writes": c.edit is not None} for c in CLIENTS])
        return 0
    width = max(len(client.name) for client in CLIENTS)
    for client in CLIENTS:
        terminal.say(f"{client.name:{width}}  {client.title}{'  (--write)' if client.edit else ''}")
    return 0
