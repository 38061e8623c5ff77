"""`tidegate policy check`."""

from argparse import ArgumentParser, Namespace

from tidegate.cli import terminal
from tidegate.cli.policy.chosen import chosen, folder_argument

ABOUT = """\
Read the policy and say every mistake in it, with file and line: syntax, attributes that do not exist, conditions that
cannot be compiled, ids that stand twice. Nothing is activated."""


def declare(parser: ArgumentParser) -> None:
    folder_argument(parser)


def call(given: Namespace) -> int:
    from tidegate.core.decide.preferences.policy import preferences_of

    policy, where, _ = chosen(given.folder, given.config)
    preferences = len(preferences_of(policy).rules)
    if given.json:
        counts = {"rules": len(policy.rules), "invariants": len(policy.invariants), "preferences": preferences}
        terminal.say_json({"ok": True, "policy": policy.digest, **counts})
    else:
        ordering = f", {preferences} preferences" if preferences else ""
        terminal.say(
            f"{terminal.paint('ok', 'good')}: {where} holds {len(policy.rules)} rules and "
            f"{len(policy.invariants)} invariants{ordering} (policy {policy.digest[:12]}); next: tidegate policy prove"
        )
    return 0
