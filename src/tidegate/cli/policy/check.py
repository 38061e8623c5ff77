"""`tidegate policy check`."""

from argparse import ArgumentParser, Namespace

from tidegate.cli import terminal
from tidegate.cli.policy.chosen import chosen, folder_argument
from tidegate.core.values.errors import ConfigError

ABOUT = """\
Read the policy and say every mistake in it, with file and line: syntax, attributes that do not exist, conditions that
cannot be compiled, ids that stand twice; and every way of the configuration that must not be there under it. Nothing is
activated."""


def declare(parser: ArgumentParser) -> None:
    folder_argument(parser)


def call(given: Namespace) -> int:
    from tidegate import activation
    from tidegate.cli.chosen import written
    from tidegate.cli.policy.labels import misspelt, warn
    from tidegate.core.decide.lifecycle.misspelt import in_rules
    from tidegate.core.decide.preferences.policy import preferences_of
    from tidegate.core.decide.ways.survey import mistakes_of

    policy, where, _ = chosen(given.folder, given.config)
    if wrong := mistakes_of(activation.ways_here(written(given.config), policy)):
        raise ConfigError(wrong)
    warnings = misspelt(in_rules(policy), given.config)
    preferences = len(preferences_of(policy).rules)
    if given.json:
        counts = {"rules": len(policy.rules), "invariants": len(policy.invariants), "preferences": preferences}
        terminal.say_json({"ok": True, "policy": policy.digest, **counts, "warnings": warnings})
    else:
        warn(warnings)
        ordering = f", {preferences} preferences" if preferences else ""
        terminal.say(
            f"{terminal.paint('ok', 'good')}: {where} holds {len(policy.rules)} rules and "
            f"{len(policy.invariants)} invariants{ordering} (policy {policy.digest[:12]}); next: tidegate policy prove"
        )
    return 0
