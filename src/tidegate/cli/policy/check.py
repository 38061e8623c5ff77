"""`tidegate policy check`."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from tidegate.cli import terminal
from tidegate.cli.policy.chosen import chosen, folder_argument
from tidegate.core.values.errors import ConfigError

ABOUT = """\
Read the policy and say every mistake in it, with file and line: syntax, attributes that do not exist, conditions that
cannot be compiled, ids that stand twice; and every way of the configuration that must not be there under it. Nothing is
activated."""


def declare(parser: ArgumentParser) -> None:
    folder_argument(parser)


def _strangers(names: frozenset[str], config: str | None) -> Iterator[str]:
    """Targets that preferences name and the configuration does not have: their rules are about nothing."""
    from difflib import get_close_matches

    from tidegate.cli.chosen import written

    known = list(written(config).targets)
    for name in sorted(names.difference(known)) if known else ():
        close = get_close_matches(name, known, n=1)
        asked = f"; did you mean {close[0]}?" if close else ""
        yield f"preferences.toml: there is no target {name} in the configuration{asked}"


def call(given: Namespace) -> int:
    from tidegate import activation
    from tidegate.cli.chosen import written
    from tidegate.cli.policy.labels import misspelt, warn
    from tidegate.core.decide.lifecycle.misspelt import in_rules
    from tidegate.core.decide.preferences.policy import preferences_of
    from tidegate.core.decide.ways.survey import mistakes_of

    policy, where, _ = chosen(given.folder, given.config)
    settings = written(given.config)
    if wrong := mistakes_of(activation.ways_here(settings, policy, closed=activation.closed_here(settings))):
        raise ConfigError(wrong)
    preferences = preferences_of(policy)
    warnings = [*misspelt(in_rules(policy), given.config), *_strangers(preferences.names, given.config)]
    if given.json:
        counts = {
            "rules": len(policy.rules),
            "invariants": len(policy.invariants),
            "preferences": len(preferences.rules),
        }
        terminal.say_json({"ok": True, "policy": policy.digest, **counts, "warnings": warnings})
    else:
        warn(warnings)
        ordering = f", {len(preferences.rules)} preferences" if preferences.rules else ""
        terminal.say(
            f"{terminal.paint('ok', 'good')}: {where} holds {len(policy.rules)} rules and "
            f"{len(policy.invariants)} invariants{ordering} (policy {policy.digest[:12]}); next: tidegate policy prove"
        )
    return 0
