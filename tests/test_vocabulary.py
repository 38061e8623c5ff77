"""One name for one thing: what the code writes and reads is what the documents promise."""

import ast
import re
from functools import cache
from pathlib import Path

from tidegate.core.classify.detectors import ROWS
from tidegate.core.classify.detectors.beyond import FINDERS
from tidegate.core.values.labels import LEVEL_OF_PREFIX, covers

HOUSE = Path(__file__).parents[1]
SOURCE, DOCS = HOUSE / "src" / "tidegate", HOUSE / "docs"

# Told to the client with every answer.
TOLD = {
    f"x-tidegate-{name}"
    for name in (
        "request-id",
        "target",
        "boundary",
        "policy",
        "labels",
        "redactions",
        "dropped",
        "estimate",
        "cache",
        "review",
    )
}
# What a client may say.
HEARD = {
    f"x-tidegate-{name}"
    for name in (
        "workload",
        "session",
        "residency",
        "consent",
        "latency-budget-ms",
        "agent",
        "subject",
        "review",
        "review-wait",
    )
}

# Told to webhooks.
SIGNED = {"x-tidegate-signature"}


@cache
def texts():
    """Every string literal of the source that is no docstring, with where it stands."""
    found = []
    for file in SOURCE.rglob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        words = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        found += [
            (file.relative_to(SOURCE).as_posix(), node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in words
        ]
    return found


def test_the_headers_in_the_code_are_those_that_are_promised():
    named = {name for _, text in texts() for name in re.findall(r"x-tidegate-[a-z-]*[a-z]", text)}
    assert named == TOLD | HEARD | SIGNED


def test_headers_in_documents_and_readme_exist():
    pages = [HOUSE / "README.md", *DOCS.rglob("*.md")]
    named = {name for page in pages for name in re.findall(r"x-tidegate-[a-z-]*[a-z]", page.read_text("utf-8"))}
    assert named <= TOLD | HEARD | SIGNED
    assert named


def test_a_label_is_dotted_lower_case_words():
    labels = {row.label for row in ROWS} | {prefix for prefix, _ in LEVEL_OF_PREFIX}
    assert [label for label in labels if not re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*", label)] == []


def test_policy_speaks_of_labels_that_something_bears():
    """A rule about a label that nothing ever bears looks like protection and is none."""
    rules = "".join(file.read_text("utf-8") for file in (SOURCE / "policies").rglob("*.cedar"))
    asked = re.findall(r"labels\.contains\w*\(([^)]*)\)", rules)
    named = {label for part in asked for label in re.findall(r'"(.*?)"', part)}
    assert {"pii", "secret"} <= named
    assert silent(named | {prefix for prefix, _ in LEVEL_OF_PREFIX}) == set()


def silent(labels):
    borne = {row.label for row in (*ROWS, *FINDERS)}
    return {label for label in labels if not any(covers(label, one) for one in borne)}
