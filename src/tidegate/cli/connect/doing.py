"""Prints, writes and takes back: the part that touches files."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from tidegate.cli import terminal
from tidegate.cli.connect.clients import Client
from tidegate.cli.connect.editing import Edit, EditError, Keys, fill
from tidegate.core.values.errors import ConfigError, TidegateError

KEPT = ".before-tidegate"
"""What the copy of a file is called in addition to the file's own name."""


def connect(client: Client, given: Namespace) -> int:
    said = _said(given)
    text = fill(client.text, said)
    if not (given.write or given.undo):
        return _show(client, text, said, as_json=given.json)
    if client.edit is None:
        raise ConfigError(
            [f"{client.title} keeps its settings in no file that is documented; put it in by hand:\n{text}"]
        )
    path = client.file(os.environ, sys.platform)
    assert path is not None  # whoever has an edit has a place
    path = path.resolve()
    try:
        done = _undo(path, client.edit, said) if given.undo else _write(path, client.edit.said(said))
    except EditError as error:
        raise TidegateError(f"{path}: {error}:\n{text}") from None
    then = "" if given.undo else fill(client.then, said)
    if given.json:
        terminal.say_json({"ok": True, "client": client.name, "file": str(path), "done": done, "then": then})
        return 0
    terminal.say(f"{path}: {done}")
    if then:
        terminal.say(f"next: {then}")
    return 0


def _said(given: Namespace) -> dict[str, str]:
    from tidegate.cli.chosen import written

    settings = written(given.config)
    model = given.model or next(iter(settings.models), "auto")
    if given.model and settings.models and given.model not in settings.models:
        raise ConfigError([f"there is no model {given.model}; there are: {', '.join(settings.models)}"])
    root = (given.url or f"http://{settings.server.listen}").rstrip("/").removesuffix("/v1")
    if not root.startswith(("http://", "https://")):
        raise ConfigError(["--url: write an address such as http://127.0.0.1:8790"])
    return {"root": root, "base": f"{root}/v1", "model": model, "models": "\n".join({model: 0, **settings.models})}


def _show(client: Client, text: str, said: dict[str, str], *, as_json: bool) -> int:
    path = client.file(os.environ, sys.platform)
    if as_json:
        file = str(path) if path else None
        told = {"client": client.name, "title": client.title, "text": text, "file": file}
        terminal.say_json({**told, "url": said["root"], "model": said["model"]})
        return 0
    terminal.say(text.rstrip())
    if client.edit is not None:
        terminal.complain(
            terminal.paint(f"`tidegate connect {client.name} --write` puts it into {path}", "dim", sys.stderr)
        )
    return 0


def _write(path: Path, edit: Edit) -> str:
    text = _read(path)
    new = edit.written(text)
    if new == text:
        return "nothing to do, it is there"
    _check(path, new)
    kept = path.with_name(path.name + KEPT)
    if not kept.exists():
        _replace(kept, text or "", like=path)
    _replace(path, new, like=path)
    return "created" if text is None else f"written; the file as it was is {kept.name}"


def _undo(path: Path, edit: Edit, said: dict[str, str]) -> str:
    """Whichever model was named when it was written."""
    text, kept = _read(path), path.with_name(path.name + KEPT)
    if text is None:
        return "nothing to do, there is no such file"
    before = _read(kept)
    new = text
    for model in said["models"].split("\n"):
        one = edit.said({**said, "model": model})
        new = one.restored(new, before) if isinstance(one, Keys) else one.removed(new)
    if new != text and (new.strip() in ("", "{}") or new == before):
        new = before or ""
    if new == text:
        return "nothing to do, it is not there"
    if new.strip():
        _check(path, new)
        _replace(path, new, like=path)
    else:
        path.unlink()
    kept.unlink(missing_ok=True)
    return "taken out"


def _read(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise EditError("it is not UTF-8") from None


def _check(path: Path, text: str) -> None:
    """What is written can be read by those whose file it is."""
    import json
    import tomllib

    import yaml

    readers: dict[str, Callable[[str], object]] = {
        ".json": json.loads,
        ".toml": tomllib.loads,
        ".yaml": yaml.safe_load,
        ".yml": yaml.safe_load,
    }
    try:
        readers[path.suffix](text)
    except (ValueError, yaml.YAMLError):
        raise EditError(
            "with it the file could not be read any more (a key that stands there twice, perhaps)"
        ) from None


def _replace(path: Path, text: str, *, like: Path) -> None:
    """Whole or not at all, with the mode of the file that it stands for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = like.stat().st_mode & 0o777 if like.exists() else 0o600
    beside = path.with_name(path.name + ".tidegate-new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.chmod(mode)
    beside.replace(path)
