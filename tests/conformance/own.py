"""What a customer registers: words, records and code, and the families that plant them."""

import csv
from random import Random

from tests.conformance.families import Family, Planted, digits, word

DICTIONARY = "terms.toml"
SETTINGS = f'dictionaries = ["{DICTIONARY}"]\n'
"""Lines of `[detection]`."""


class Own:
    """Made anew from a seed: the terms, records and functions of a company that does not exist."""

    def __init__(self, seed=7):
        draw = Random(seed)
        self.terms = sorted({f"Project {word(draw, 4).title()}" for _ in range(200)})
        self.records = [(f"AC-{digits(draw, 4)}-{digits(draw, 4)}-{word(draw, 2)}", word(draw)) for _ in range(500)]
        self.functions = [_function(draw) for _ in range(60)]

    def write(self, home):
        words = ", ".join(f'"{term}"' for term in self.terms)
        (home / DICTIONARY).write_text(f'[[terms]]\nname = "projects"\nlabel = "customer.term"\nwords = [{words}]\n')
        with (home / "records.csv").open("w", newline="") as file:
            csv.writer(file).writerows([("account", "nickname"), *self.records])
        code = home / "code"
        code.mkdir()
        for n in range(0, len(self.functions), 6):
            (code / f"module{n}.py").write_text("\n\n".join(self.functions[n : n + 6]))

    def register(self, gateway):
        """By the commands that a user would type, before the gateway starts."""
        for words in (
            ("detect", "register-data", "records.csv", "--columns", "account"),
            ("detect", "register-code", "code"),
        ):
            done = gateway.cli(*words, "--config", str(gateway.config))
            assert done.returncode == 0, done.stderr

    @property
    def families(self):
        return (
            Family("customer.term", self._term),
            Family("customer.record", self._record),
            Family("code.proprietary", self._code),
        )

    def _term(self, draw):
        value = draw.choice(self.terms)
        return Planted(f"When does {value} ship?", (value,))

    def _record(self, draw):
        value = draw.choice(self.records)[0]
        return Planted(f"Look up {value} for me.", (value,))

    def _code(self, draw):
        first = draw.randrange(len(self.functions) - 2)
        value = "\n\n".join(self.functions[first : first + 2])
        return Planted(f"Why is this slow?\n{value}\n", tuple(line for line in value.splitlines() if len(line) > 30))


def _function(draw):
    name, rate, total, row = (word(draw) for _ in range(4))
    return f'''def {name}_{rate}(rows, {rate}={draw.randrange(2, 99)}):
    """Weighs {word(draw)} by {rate}."""
    {total} = {{}}
    for {row} in rows:
        if {row}.{word(draw)} > {rate} * {draw.randrange(2, 50)}:
            continue
        key = ({row}.{word(draw)}, {row}.{word(draw)}[:{draw.randrange(2, 9)}])
        {total}[key] = {total}.get(key, 0) + {row}.{word(draw)} ** {draw.randrange(2, 7)}
    ranked = sorted({total}.items(), key=lambda item: (-item[1], item[0]))
    return [{word(draw)}_of(key) for key, _ in ranked[:{draw.randrange(3, 30)}] if key[0] != "{word(draw)}"]'''
