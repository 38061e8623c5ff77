"""`tidegate up`: what is served, said as a table; then the supervisor."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from tidegate.cli import arguments, terminal

if TYPE_CHECKING:
    from tidegate.cli.chosen import Chosen
    from tidegate.core.values.target import Target

_MORE = """\
Without a file it looks for Ollama, LM Studio, llama.cpp and vLLM on their usual ports; where none answers, a tiny
embedded model serves. It listens on loopback only. Ctrl-C or SIGTERM ends it after running exchanges have ended.

  tidegate up                      what this machine has
  tidegate up --demo               a local model, and one that plays a cloud: see what would leave
  tidegate up --config prod.toml   a configuration of your own (`tidegate init` writes one)"""

_NOT_TO_BE_TRUSTED = (
    "The embedded model is tiny: it shows that everything works, and nobody should trust what it says. "
    "Start Ollama, or name a target of your own, for real answers."
)


def run(words: Sequence[str]) -> int:
    parser = arguments.command("up", "Start the gateway.", _MORE)
    arguments.config_option(parser)
    parser.add_argument("--demo", action="store_true", help="serve the embedded model, and again as if it were a cloud")
    arguments.json_option(parser, "say what happens as JSON, an object a line")
    given = parser.parse_args(words)
    if given.demo and given.config:
        parser.error("--demo brings its own configuration; leave --config out")
    return _up(given.config, demo=given.demo, voice=JsonVoice() if given.json else Voice())


def _up(config: str | None, *, demo: bool, voice: "Voice | JsonVoice") -> int:
    from tidegate.cli.chosen import choose
    from tidegate.cli.serving import Endpoint, demonstration, specs
    from tidegate.config import Address
    from tidegate.supervisor import Supervisor, listen

    with ExitStack() as held:
        cloud = held.enter_context(Endpoint.drawn()) if demo else None
        chosen = demonstration(cloud) if cloud else choose(config)
        listening = held.enter_context(listen(*chosen.settings.server.listen))
        bound = Address(*listening.getsockname()[:2])  # port 0 has become a real one
        voice.banner(chosen, f"http://{bound}/v1")
        engine = held.enter_context(Endpoint.drawn())
        return Supervisor(specs(chosen.settings, listening.fileno(), engine, cloud), voice).run()


def rows(chosen: "Chosen") -> list[tuple[str, str, str, str, str, str]]:
    """Target, provider, model, boundary, kind, state: what serves first, then what was found and does not."""
    serving = [
        (
            target.name,
            target.provider,
            target.model,
            target.boundary.name,
            target.boundary.kind,
            chosen.states.get(target.name) or _standing(target, datetime.now(UTC).date()),
        )
        for target in chosen.settings.targets.values()
    ]
    return serving + [(found.name, found.provider, "-", "-", "-", found.state) for found in chosen.idle]


def _standing(target: "Target", today: date) -> str:
    """A cloud without a contract that holds stands in the table and gets nothing: the table must say so."""
    if target.boundary.kind != "cloud":
        return "configured"
    expires = target.contract.expires if target.contract else None
    if expires is None:
        return "gets nothing: no contract with a last day is stated"
    return "configured" if expires >= today else f"gets nothing: its contract expired on {expires}"


_HEAD = ("target", "provider", "model", "boundary", "kind", "state")


class Voice:
    """Tells a person."""

    def banner(self, chosen: "Chosen", url: str) -> None:
        self._url = url
        self._models = ", ".join(chosen.settings.models)
        terminal.say(f"tidegate, configured by {chosen.source or 'what is on this machine'}")
        terminal.say(terminal.table(_HEAD, rows(chosen)))
        if chosen.settings.has_embedded:
            terminal.say(_NOT_TO_BE_TRUSTED)

    def ready(self, child: str, facts: Mapping[str, Any]) -> None:
        if child != "worker":
            took = facts.get("load_seconds")
            terminal.say(f"{child}: ready" + (f" after {took} s" if took is not None else ""))
            return
        for sentence in facts.get("idle", ()):
            terminal.say(f"{terminal.paint('idle', 'dim')}: {sentence}")
        terminal.say(f"{terminal.paint('ready', 'good')} on {self._url} for the models {self._models}")
        terminal.say(f"  OPENAI_BASE_URL={self._url} and any key will do; or: tidegate ask 'What is a tide?'")

    def trouble(self, child: str, sentence: str) -> None:
        terminal.complain(f"tidegate: {child}: {sentence}")


class JsonVoice:
    """Tells a program."""

    def banner(self, chosen: "Chosen", url: str) -> None:
        found = [dict(zip(_HEAD, row, strict=True)) for row in rows(chosen)]
        terminal.say_json({"event": "listening", "url": url, "targets": found, "models": list(chosen.settings.models)})

    def ready(self, child: str, facts: Mapping[str, Any]) -> None:
        told = {"load_seconds": facts.get("load_seconds")}
        if idle := facts.get("idle"):
            told["idle"] = idle
        terminal.say_json({"event": "ready", "child": child, **told})

    def trouble(self, child: str, sentence: str) -> None:
        terminal.say_json({"event": "trouble", "child": child, "what": sentence})
