"""Code to register, and what people do to it before they paste it: this project's own."""

import re
from pathlib import Path
from random import Random

SOURCE = Path(__file__).parents[4] / "src" / "tidegate"
MINE = sorted(path for path in (SOURCE / "core" / "ledger").glob("*.py") if path.name != "__init__.py")
OTHERS = sorted((SOURCE / "core" / "settle").rglob("*.py")) + sorted((SOURCE / "server").glob("*.py"))

_KEPT = set(
    """
    if else elif for while return try except raise with as def class import from in is not and or pass None
    True False self lambda yield async await int str bytes len range
    """.split()  # noqa: SIM905 - a table of words
)


def excerpt(path, lines, skip=0):
    """Lines of code from somewhere behind the imports."""
    rows = path.read_text("utf-8").split("\n")
    first = next(number for number, row in enumerate(rows) if row.startswith(("def ", "class ")))
    return "\n".join(rows[first + skip : first + skip + lines])


def reindented(text):
    return re.sub(r"(?m)^ +", lambda match: "\t" * (len(match[0]) // 4), text)


def renamed(text, share):
    draw = Random(3)
    names = sorted(set(re.findall(r"[A-Za-z_]\w*", text)) - _KEPT)
    others = {name: f"v{draw.randrange(10**6)}" for name in names if draw.random() < share}
    return re.sub(r"[A-Za-z_]\w*", lambda match: others.get(match[0], match[0]), text)


def without_comments(text):
    return re.sub(r"(?m)^[ \t]*#.*\n?|  #.*$", "", text)


def as_diff(text):
    return "@@ -1,9 +1,9 @@\n" + "\n".join(
        ("+" if number % 9 > 6 else " ") + row for number, row in enumerate(text.split("\n"))
    )


def listed(text):
    return "\n".join(f"{number:>6}\u2192{row}" for number, row in enumerate(text.split("\n"), 117))


def as_json(text):
    import json

    return json.dumps({"path": "a.py", "content": text, "mode": "w"})
