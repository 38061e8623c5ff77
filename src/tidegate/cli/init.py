"""`tidegate init`: a configuration and a policy to start from, with comments. Overwrites nothing."""

import argparse
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tidegate.cli import arguments, terminal
from tidegate.core.values.errors import TidegateError
from tidegate.policies import library_names

_MORE = """\
The file names the runtimes that answer on this machine now, and shows a cloud in comments. The policy is the baseline
that holds without one, and what --policy adds to it: change it, then `tidegate policy prove`."""

_HEAD = """\
#:schema ./tidegate.schema.json
# The configuration of a tidegate gateway: docs/configuration.md has every setting, `tidegate doctor` checks this one.
# A secret never stands here: write where it is, "env:NAME" or "file:PATH".

[server]
listen = "127.0.0.1:8790"        # loopback only, until there are access keys

# Trust boundaries, by names of your own. The policy speaks of their kinds:
# local (this machine or network), private (run by others for you alone), cloud (anybody's service).
[boundaries.here]
kind = "local"

# Targets are models at places, each behind one boundary.
"""

_CLOUD = """\
# A cloud gets nothing until its contract is stated here and has not expired. A fact left out is the worst value.
# [boundaries.cloud-eu]
# kind = "cloud"
# region = "eu"
#
# [targets.gpt]
# provider = "openai"
# model = "gpt-5-mini"
# boundary = "cloud-eu"
# api_key = "env:OPENAI_API_KEY"
# contract = { retention = "zero", training = "never", tier = "enterprise", region = "eu", expires = 2027-12-31 }

# What clients ask for, and who may answer it, best first. The policy removes candidates, it never adds any.
[models]
"""

_TAIL = """
# Whose work it is and what for: callers name it with the header x-tidegate-workload.
# [workloads.support]
# owner = "care-team"
# purpose = "answers to customers"
# labels = ["pii"]

[policy]
path = "policy/"                 # *.cedar and invariants.toml; without this section the baseline in the package rules

# Where state lies. These are the defaults.
# [store]
# url = "sqlite:///~/.local/share/tidegate/state.db"
# [keys]
# path = "~/.local/share/tidegate/keys"      # made at first start; back them up, and keep them apart from the log
# [audit]
# path = "~/.local/share/tidegate/audit"
# strict = false                 # true: the last byte of an answer waits for its outcome record
"""


def run(words: Sequence[str]) -> int:
    parser = arguments.command("init", "Write tidegate.toml, its schema and policy/ into this folder.", _MORE)
    parser.add_argument(
        "--policy",
        metavar="NAMES",
        type=_names,
        action="extend",
        default=[],
        help=f"what to add to the baseline, with commas between: {', '.join(library_names())} (docs/policies/)",
    )
    arguments.json_option(parser)
    given = parser.parse_args(words)
    written = _write(Path.cwd(), given.policy)
    if given.json:
        terminal.say_json({"ok": True, "written": written})
    else:
        terminal.say("\n".join(f"wrote {name}" for name in written))
        named = [name for name in dict.fromkeys(given.policy) if name != "baseline"]
        asks = "".join(f"docs/policies/{name}.md says what it asks of tidegate.toml; " for name in named)
        terminal.say(f"next: {asks}tidegate doctor, then tidegate up")
    return 0


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    if not all(names):
        raise argparse.ArgumentTypeError("a name is missing; write for example eu or hipaa,eu")
    return names


def _write(folder: Path, policies: Sequence[str]) -> list[str]:
    """All or nothing: what stands in the way is named before the first byte is written."""
    from tidegate import app
    from tidegate.config.schema import schema

    texts = {"tidegate.toml": _configuration(), "tidegate.schema.json": json.dumps(schema(), indent=2) + "\n"}
    texts |= {f"policy/{name}": text for name, text in app.policy_files(policies).items()}
    in_the_way = [name for name in (*texts, "tidegate.yaml", "tidegate.yml") if os.path.lexists(folder / name)]
    if in_the_way:
        raise TidegateError(
            f"{', '.join(in_the_way)} would be overwritten; move away what you keep, or use another folder"
        )
    for name, text in texts.items():
        _create(folder / name, text)
    return list(texts)


def _create(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)


def _configuration() -> str:
    targets = _targets()
    tables = "\n".join(_table(name, target) for name, target in targets.items())
    names = json.dumps(list(targets))
    return f"{_HEAD}{tables}\n{_CLOUD}auto = {names}\nlocal = {names}\n{_TAIL}"


def _targets() -> Mapping[str, Mapping[str, Any]]:
    from tidegate import app

    found = {one.provider: one for one in app.discover_runtimes() if one.model}
    if not found:
        return {"embedded": {"provider": "embedded"}}
    return {name: {"provider": name, "url": one.url, "model": one.model} for name, one in found.items()}


def _table(name: str, target: Mapping[str, Any]) -> str:
    # JSON's spelling of a text is TOML's as well: both escape with backslashes.
    lines = [
        f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in {**target, "boundary": "here"}.items()
    ]
    note = ["# the tiny model in the package: it shows that everything works; do not trust what it says"]
    return "\n".join([f"[targets.{name}]", *(note if name == "embedded" else []), *lines, ""])
