"""What a customer registers: words, records and code, and the families that plant them."""

import csv
from random import Random

from tests.conformance.families import Family, Planted, digits, word

DICTIONARY = "terms.toml"
SETTINGS = f'dictionaries = ["{DICTIONARY}"]\nderived_hours = 0\n'
"""Lines of `[detection]`. Cells repeat each other's sentences, so what one of them left inside would keep others there;
that local answers are remembered is told by tests of its own.
"""


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
    """A function whose statements nobody else has in this order."""
    names = [word(draw) for _ in range(6)]
    body = [_statement(draw, names, depth=1) for _ in range(draw.randrange(7, 12))]
    arguments = ", ".join([names[0], *(f"{name}={draw.randrange(99)}" for name in names[1 : draw.randrange(2, 4)])])
    return "\n".join([f"def {word(draw)}_{word(draw)}({arguments}):", *body, f"    return {_value(draw, names)}"])


def _statement(draw, names, depth):
    pad = "    " * depth
    one, two = draw.choices(names, k=2)
    inner = (
        [_statement(draw, names, depth + 1) for _ in range(draw.randrange(1, 3))] if depth < 3 else [pad + "    pass"]
    )
    return draw.choice((
        lambda: f"{pad}{one} = {_value(draw, names)}",
        lambda: f"{pad}{one}.{word(draw)}({_value(draw, names)}, {word(draw)}={draw.randrange(9)})",
        lambda: f"{pad}{one}[{draw.randrange(9)}] {draw.choice('+-*')}= {_value(draw, names)}",
        lambda: "\n".join([f"{pad}if {one}.{word(draw)} {draw.choice(('<', '>', '==', 'not in'))} {two}:", *inner]),
        lambda: "\n".join([f"{pad}for {one}, {word(draw)} in {two}.{word(draw)}({draw.randrange(50)}):", *inner]),
        lambda: "\n".join([f"{pad}with {word(draw)}({one}, '{word(draw)}') as {two}:", *inner]),
    ))()  # fmt: skip


def _value(draw, names):
    one, two = draw.choices(names, k=2)
    return draw.choice((
        f"{word(draw)}({one}, {two})[{draw.randrange(9)}]",
        f"[{one}.{word(draw)} for {one} in {two} if {one}.{word(draw)} > {draw.randrange(99)}]",
        f"{{'{word(draw)}': {one}, **{two}.{word(draw)}}}",
        f"{one} * {draw.randrange(2, 99)} + {two}.{word(draw)}({draw.randrange(9)})",
        f"lambda {one}: {word(draw)}({one}.{word(draw)}, -{two})",
        f"'{word(draw)} {word(draw)} %s' % ({one}, {two})[{draw.randrange(2)}]",
    ))  # fmt: skip
