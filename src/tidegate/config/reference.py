"""The declaration as a page of Markdown: `docs/configuration.md` is this, and a test compares them."""

import json
from collections.abc import Iterator
from typing import Any

from tidegate.config.declaration import Document
from tidegate.config.endpoints import USUAL
from tidegate.config.forms import REQUIRED, Table, Tables, Value, Values, declared

_OPENING = """\
# Configuration

<!-- Generated from src/tidegate/config/declaration.py by `tidegate config schema --markdown`; do not edit. -->

`tidegate up` reads `tidegate.toml` (or `.yaml`, `.yml`) in the folder where it is started, or the file that `--config`
names. Without a file it looks for local runtimes and, where none answers, serves the embedded model.
`tidegate init` writes a file with comments; `tidegate config schema` prints the JSON Schema for editors.

- Every mistake is reported at once, with its line and what to do. A key that nobody knows is a mistake.
- `TIDEGATE__SECTION__KEY` in the environment lies over the file: `TIDEGATE__SERVER__LISTEN=127.0.0.1:9000`,
  `TIDEGATE__TARGETS__ON_PREM__MODEL=llama3.2`. What is no text is written as in TOML: `true`, `8`, `["a", "b"]`.
- A secret never stands in the file. Write where it is: `env:NAME` or `file:PATH`.
- Relative paths start at the folder of the file, `~` is your home, and `XDG_DATA_HOME` moves the defaults under
  `~/.local/share`.
- The file is read at start: after a change, start `tidegate up` again.
"""


def page() -> str:
    return "\n".join([_OPENING, *_tables(), *_places(), *_later(), ""])


def _tables() -> Iterator[str]:
    for name, form in declared(Document):
        yield f"## `[{name}{'.NAME' if isinstance(form, Tables) else ''}]`\n\n{form.doc}\n"
        if isinstance(form, Values):
            yield f"Each line: a name of yours = {form.kind.words}.\n"
        elif isinstance(form, Table | Tables):
            yield from _rows(form.of)
            yield ""


def _rows(of: type[Any]) -> Iterator[str]:
    yield "| key | is | default | meaning |\n|---|---|---|---|"
    for name, form in declared(of):
        yield from _row(name, form)


def _row(name: str, form: Any) -> Iterator[str]:
    if isinstance(form, Value):
        yield f"| `{name}` | {_escaped(form.kind.words)} | {_default(form.default)} | {_escaped(form.doc)} |"
        return
    if isinstance(form, Values):
        yield f"| `{name}` | lines: name = {_escaped(form.kind.words)} | none | {_escaped(form.doc)} |"
        return
    yield f"| `{name}` | a table | none | {_escaped(form.doc)} |"
    for below, value in declared(form.of):
        yield from _row(f"{name}.{below}", value)


def _default(default: Any) -> str:
    if default is REQUIRED:
        return "required"
    return "none" if default is None else f"`{json.dumps(default)}`"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


def _places() -> Iterator[str]:
    yield "## Usual places\n\nWhere a target without `url` is reached:\n"
    yield "| provider | url |\n|---|---|"
    yield from (f"| `{provider}` | `{url}` |" for provider, url in USUAL.items())
    yield ""


def _later() -> Iterator[str]:
    yield "## Not in this version\n\nThese are refused by name, so that nobody believes that they are on:\n"
    for prefix, of in (("", Document), *_named_tables()):
        for name, sentence in getattr(of, "LATER", {}).items():
            yield f"- `{prefix}{name}`: {sentence}"
    yield '- `audit.payloads = "encrypted"`, `server.workers` above 1'


def _named_tables() -> Iterator[tuple[str, type[Any]]]:
    for name, form in declared(Document):
        if isinstance(form, Table | Tables):
            yield f"{name}.{'NAME.' if isinstance(form, Tables) else ''}", form.of
