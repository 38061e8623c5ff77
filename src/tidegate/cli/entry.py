"""`tidegate …`: finds the command, runs it, and turns whatever goes wrong into a sentence and an exit status.

0: done, and the answer is yes. 1: it failed, or the answer is no. 2: the command line or the configuration is at fault.
"""

import importlib
import os
import sys
from collections.abc import Sequence

from tidegate.cli import terminal
from tidegate.core.values.errors import ConfigError, TidegateError

COMMANDS = (
    "up",
    "init",
    "doctor",
    "ask",
    "explain",
    "connect",
    "mcp",
    "detect",
    "consent",
    "review",
    "policy",
    "audit",
    "config",
)

_HELP = """\
usage: tidegate COMMAND [OPTION ...]

tidegate is a gateway in front of AI models, local or cloud. Each request is classified, decided on by a policy that
was proven first, kept local or pseudonymised, and leaves a record whose alteration an outsider can see.

run it
  up        start the gateway; without a configuration it serves the runtimes that it finds on this machine
  init      write tidegate.toml and policy/, with comments, to start from
  doctor    check all that the gateway needs, and say what to do about what is missing

use it
  ask       put a question through the running gateway
  explain   show what would be found in a text and where it might go; nothing is sent
  connect   show what makes a client ask the gateway, or put it into the client's settings
  mcp       serve `ask`, `explain` and receipts to clients that speak the Model Context Protocol

teach it
  detect    register-code | register-data | list | forget | test     what is your own
  consent   give | withdraw | reside | show | forget     what people said of the data about them

decide what the rules leave to people
  review    list | show | approve | refuse | forget | key     requests that wait for a person

check it
  policy    check | prove | test | explain | diff | replay     the rules
            shadow | sign | activate | rollback     which of them rule
  audit     verify | tail | search     the log
  config    schema     what a configuration may say

`tidegate COMMAND --help` says more. Exit status: 0 done, 1 failed or "no", 2 wrong command line or configuration.
"""


def run(argv: Sequence[str] | None = None) -> int:
    """The exit status. No exception leaves but the SystemExit of argparse."""
    terminal.prepare()
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        return _guarded(words)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever reads us has enough; the interpreter must not complain when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0


def _guarded(words: list[str]) -> int:
    as_json = "--json" in words
    try:
        status = _called(words)
        sys.stdout.flush()
    except ConfigError as error:
        return _failed(list(error.mistakes), 2, as_json=as_json)
    except TidegateError as error:
        return _failed([str(error)], 1, as_json=as_json)
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except OSError as error:
        what = f"the system says: {error.strerror or type(error).__name__}"
        return _failed([f"{error.filename}: {what}" if error.filename else what], 1, as_json=as_json)
    except Exception as error:  # noqa: BLE001 - a defect, too, ends in a sentence
        return _failed([_defect(error)], 1, as_json=as_json)
    return status


def _called(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        (sys.stdout if words else sys.stderr).write(_HELP)
        return 0 if words else 2
    if words[0] == "--version":
        from tidegate import __version__

        terminal.say(f"tidegate {__version__}")
        return 0
    if words[0] not in COMMANDS:
        return _no_such(words[0])
    status: int = importlib.import_module(f"tidegate.cli.{words[0]}").run(words[1:])
    return status


def _no_such(word: str) -> int:
    from difflib import get_close_matches

    close = get_close_matches(word, COMMANDS, n=1)
    hint = f'did you mean "{close[0]}"? ' if close else ""
    terminal.complain(f"tidegate: there is no such command; {hint}`tidegate --help` lists them")
    return 2


def _failed(sentences: list[str], status: int, *, as_json: bool) -> int:
    for sentence in sentences:
        terminal.complain(f"tidegate: {sentence}")
    if as_json:
        terminal.say_json({"ok": False, "errors": sentences})
    return status


def _defect(error: Exception) -> str:
    """Where it happened and of what type; an exception's own text may quote what nobody should see."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f" in {trace.tb_frame.f_globals.get('__name__')}, line {trace.tb_lineno}" if trace else ""
    return f"tidegate made a mistake ({type(error).__name__}{place}); please report this line"
