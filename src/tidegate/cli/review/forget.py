"""`tidegate review forget`."""

from argparse import ArgumentParser, Namespace

from tidegate.cli import terminal
from tidegate.cli.policy import desk as acting
from tidegate.cli.review import desk
from tidegate.core.values.errors import TidegateError

ABOUT = """\
Erase what is kept of a held request, from the files as well. Whoever runs the gateway may do so, whether it runs or
not; that it was done is recorded by the gateway, now or when it starts."""


def declare(parser: ArgumentParser) -> None:
    desk.review_argument(parser)


def call(given: Namespace) -> int:
    from tidegate import app
    from tidegate.cli.chosen import written

    state = app.forget_review(written(given.config), given.review, acting.actor())
    if not state:
        raise TidegateError(f"there is no review {given.review}; `tidegate review list` lists what waits")
    forgotten = state == "forgotten"
    if given.json:
        terminal.say_json({"ok": forgotten, "review": given.review, "state": state})
    elif forgotten:
        terminal.say(f"{terminal.paint('forgotten', 'good')}: what was kept of it is erased")
    else:
        terminal.say(f"it is {state} already: nothing of its text is kept any more")
    return 0 if forgotten else 1
