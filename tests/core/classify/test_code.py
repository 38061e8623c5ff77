# ruff: noqa: E501 - tables of cases

import json

import pytest

from tests.core.classify.families import engine
from tidegate.core.classify.code import passages
from tidegate.core.values.envelope import Part, Position

PYTHON = """def area(shape):
    total = 0
    for side in shape.sides:
        total += side.length * side.width
    return total
"""
SOURCES = {
    "python": PYTHON,
    "javascript": "const x = require('x');\nfunction go(a, b) {\n  let c = a + b;\n  return c;\n}\n",
    "go": 'package main\n\nimport "fmt"\n\nfunc main() {\n\tx := 1\n\tfmt.Println(x)\n}\n',
    "java": "public class A {\n  private int n = 0;\n  public int get() {\n    return n;\n  }\n}\n",
    "rust": "use std::io;\n\nfn main() {\n    let mut s = String::new();\n    io::stdin().read_line(&mut s);\n}\n",
    "c": '#include <stdio.h>\nint main(void) {\n  int i = 0;\n  printf("%d", i);\n  return 0;\n}\n',
    "sql": "SELECT id, name\nFROM users u\nJOIN orders o ON o.user_id = u.id\nWHERE o.total > 10\nGROUP BY u.id;\nUPDATE x SET a = 1;\n",
    "html": '<div class="a">\n<p>text</p>\n<ul>\n<li>one</li>\n</ul>\n</div>\n',
}  # fmt: skip
PROSE = [
    "Please explain what a for loop is, and when I should return early. Is `x = 1` an assignment?",
    "Shopping list:\n- bread\n- butter; salted\n- tea (green)\n\nThanks!\nJo\n",
    "Dear all,\n\nfrom the first of May we use the new form. Return the old one\nto your manager; he will know.\nIf in doubt: ask.\n",
    '{"name": "Ada", "items": [1, 2, 3], "nested": {"a": true}}',
    "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n| 5 | 6 |\n",
    json.dumps({"a": [1, 2], "b": {"type": "string", "x": {"y": []}}, "c": "d"}, indent=2),
    "What does TypeError: 'int' object is not callable mean?",
]


def labels_of(text, **kw):
    return engine().classify((Part(Position.USER, (), text, **kw),)).labels


@pytest.mark.parametrize("language", sorted(SOURCES))
def test_source_is_code_bare_fenced_and_behind_a_question(language):
    source = SOURCES[language]
    assert "code.source" in labels_of(source)
    assert "code.source" in labels_of(f"What is wrong here?\n\n```{language}\n{source}```\nThanks")
    assert "code.source" in labels_of(f"Why does this fail?\n\n{source}")


@pytest.mark.parametrize("text", PROSE)
def test_prose_data_and_questions_about_code_are_no_code(text):
    assert "code.source" not in labels_of(text)


def test_a_fenced_block_is_the_span():
    text = f"Look:\n```python\n{PYTHON}```\nbye"
    (found,) = engine().find(text)
    assert text[found.start : found.end] == PYTHON


def test_a_block_declared_as_data_is_no_code():
    assert labels_of('```json\n{"a": 1, "b": [1, 2]}\n```') == frozenset()


def test_code_inside_a_json_document_stays_inside_one_of_its_strings():
    text = json.dumps({"path": "a.py", "content": PYTHON, "mode": "w"})
    findings = engine().classify((Part(Position.TOOL_CALL, (), text, is_json=True),)).findings
    (found,) = [f for f in findings if f.label == "code.source"]
    assert '"' not in text[found.start : found.end].replace('\\"', "")
    assert "total" in text[found.start : found.end]


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: Config\nclusters:\n- cluster:\n    server: https://k.example\nusers:\n- name: a\ncurrent-context: a\n",
        '{"version": 4, "terraform_version": "1.5.0", "serial": 3, "lineage": "x", "resources": []}',
        "# env\nDB_HOST=db.internal\nDB_USER=app\nDB_PORT=5432\nCACHE_URL=redis.internal\nMODE=prod\n",
    ],
)
def test_configuration_of_the_customer_is_named(text):
    assert "customer.config" in labels_of(text)


def test_ordinary_settings_are_no_customer_configuration():
    for text in ("A=1\nB=2\n", "clusters: of stars\n", "MODE=fast\nLEVEL=3\nCOLOR=red\nSIZE=9\n"):
        assert "customer.config" not in labels_of(text)


def test_state_files_in_json_arguments_are_marked_on_one_string():
    text = '{"terraform_version": "1.5.0", "lineage": "x"}'
    (found,) = passages(text.encode(), is_json=True)
    assert text[found.start : found.end] == "terraform_version"
