"""Every module with code of its own has tests where one looks for them: tests mirror src/tidegate.

A module `a/b/name.py` has its tests in one of these places:

- `tests/a/b/test_name.py`, or the folder `tests/a/b/name/`,
- any test file under `tests/a/b/` that imports the module itself,
- `tests/a/test_b.py`, where one file tests a whole package and imports it.

Declarations (fields, protocols, tables) are no code: who uses them tests them.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SOURCE = TESTS.parent / "src" / "tidegate"

# Modules whose tests stand elsewhere, each with the reason.
EXCEPTIONS = {
    "adapters.stores.sql.migrations.versions.v0001_ground": "alembic runs it by its place; adapters/stores/test_sql.py",
    "adapters.stores.sql.migrations.versions.v0002_traces": "as above; adapters/stores/sql/test_traces.py",
    "adapters.stores.sql.migrations.versions.v0003_sessions": "as above; adapters/stores/sql/test_traces.py",
    "adapters.stores.sql.migrations.versions.v0004_wishes": "as above; adapters/stores/sql/test_traces.py",
    "adapters.stores.sql.migrations.versions.v0005_reviews": "as above; adapters/stores/sql/test_traces.py",
    "adapters.stores.sql.migrations.versions.v0006_replicas": "as above; adapters/stores/test_sql.py",
    "__main__": "two lines that call cli.entry; whoever starts a gateway in a test runs them",
}


def test_every_module_with_code_has_tests_where_one_looks_for_them():
    missing = [name for name, file in modules() if has_code(file) and not is_tested(name) and name not in EXCEPTIONS]
    assert missing == [], "write tests/<the same path>/test_<name>.py, or say in EXCEPTIONS why not"


def test_no_exception_has_outlived_its_reason():
    known = dict(modules())
    stale = [name for name in EXCEPTIONS if name not in known or is_tested(name) or not has_code(known[name])]
    assert stale == [], "remove them from EXCEPTIONS"


def test_every_test_file_mirrors_something():
    """Files of stories (end to end, faults, golden) mirror the gateway as a whole."""
    of_all = {"clients", "conformance", "e2e", "faults", "fuzz", "tools", "training"}
    named = {name.rsplit(".", 1)[-1] for name, _ in modules()} | {folder.name for folder in SOURCE.rglob("*")}
    lost = [
        str(file.relative_to(TESTS))
        for file in TESTS.rglob("test_*.py")
        if file.relative_to(TESTS).parts[0] not in of_all
        and file.parent != TESTS
        and not (SOURCE / file.parent.relative_to(TESTS)).is_dir()
        and not (SOURCE / file.parent.relative_to(TESTS)).with_suffix(".py").is_file()
    ]
    assert lost == []
    assert "pipeline" in named


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ('"""Only words."""\n', False),
        ("LIMIT = 3\n", False),
        ("class Shape:\n    sides: int\n", False),
        ("class Port(Protocol):\n    def close(self) -> None: ...\n", False),
        ('class Port(Protocol):\n    def close(self) -> None:\n        """Twice is fine."""\n', False),
        ("def double(n):\n    return 2 * n\n", True),
        ("class Shape:\n    def area(self):\n        return 1\n", True),
    ],
)
def test_what_counts_as_code(source, code, tmp_path):
    file = tmp_path / "module.py"
    file.write_text(source)
    assert has_code(file) is code


# -- how one looks ---------------------------------------------------------------------------------------------------


@cache
def modules():
    """(dotted name below tidegate, file); a package's own file goes by the package's name."""
    found = []
    for file in sorted(SOURCE.rglob("*.py")):
        parts = file.relative_to(SOURCE).with_suffix("").parts
        found.append((".".join(parts[:-1] if parts[-1] == "__init__" else parts), file))
    return [(name, file) for name, file in found if name]


def has_code(file):
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not all(map(_says_nothing, node.body))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
    )


def _says_nothing(statement):
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def is_tested(name):
    *above, last = name.split(".")
    folder = TESTS.joinpath(*above)
    if (folder / f"test_{last}.py").is_file() or any((folder / last).glob("test_*.py")):
        return True
    dotted = "tidegate." + name
    if above and any(dotted in imported(file) for file in folder.rglob("*.py")):
        return True
    whole = folder.parent / f"test_{folder.name}.py"
    return bool(above) and whole.is_file() and any(one.startswith(_package(above)) for one in imported(whole))


def _package(above):
    return ".".join(("tidegate", *above))


@cache
def imported(file):
    """Dotted names that a file imports, anywhere in it; of `from a import b` both `a` and `a.b`."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(names)
