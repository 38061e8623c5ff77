# ruff: noqa: E501 - tables of cases

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.classify.families import engine
from tidegate.core.classify import code
from tidegate.core.classify.code import passages
from tidegate.core.classify.rows import Hit
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


SHORT = {
    "python": "def area(a, b):\n    return a * b\n",
    "python, statements": "rows = load(path)\nprint(len(rows))\nrows.sort(key=first)\n",
    "javascript": "const total = items.reduce((a, b) => a + b, 0);\nconsole.log(total);\n",
    "typescript": "export interface User {\n  id: number;\n}\n",
    "java": "private final int count = 0;\npublic int count() {\n  return count;\n",
    "csharp": "public string Name { get; set; }\nvar x = new Foo();\nreturn x;\n",
    "go": "x, err := load()\nif err != nil {\n\treturn err\n}\n",
    "rust": "let mut v = Vec::new();\nv.push(1);\n",
    "ruby": "require 'json'\nputs JSON.parse(x)\n",
    "kotlin": "fun main() {\n  println(1)\n}\n",
    "swift": "guard let x = y else { return }\nlet z: Int = 3\nself.x = z\n",
    "c": "#include <stdio.h>\nint n = 0;\n",
    "cpp": "std::vector<int> v;\nfor (auto x : v) {\n",
    "php": "$x = $this->load($id);\nreturn $x;\n",
    "perl": "my $x = shift;\nreturn unless defined $x;\n$x->{a} = 1;\n",
    "shell": 'for f in *.txt; do\n  mv "$f" /tmp\ndone\n',
    "sql": "SELECT id, name FROM users\nWHERE id > 10\nORDER BY name;\n",
    "r": "x <- read.csv('a.csv')\ny <- mean(x$a)\n",
    "lisp": "(defun f (x)\n  (let ((y 1))\n    (+ x y)))\n(defun g (x) (f x))\n",
    "terraform": 'resource "aws_instance" "web" {\n  ami = var.ami\n  count = 2\n}\n',
    "a diff": "@@ -1,3 +1,3 @@\n def f(x):\n-    return x\n+    return x + 1\n",
    "a listing": "  1\u2192def f(x):\n  2\u2192    return g(x)\n",
    "quoted": "> def f(x):\n>     return g(x)\n",
}
NO_CODE = {
    "a traceback": 'Traceback (most recent call last):\n  File "/a/b.py", line 3, in f\n    return g(x)\n  File "/a/c.py", line 9, in g\n    raise KeyError(x)\nKeyError: 1\n',
    "a traceback of Java": 'Exception in thread "main" java.lang.IllegalStateException: no\n\tat com.acme.A.f(A.java:12)\n\tat com.acme.B.g(B.java:3)\n\tat java.base/java.lang.Thread.run(Thread.java:1)\n',
    "a session": "$ git status\nOn branch main\nnothing to commit, working tree clean\n$ ls\na.txt  b.txt\n",
    "a log": "2026-01-31 10:20:30 INFO server started on port 8080 (pid 12)\n2026-01-31 10:20:31 WARN slow request: 120 ms\n2026-01-31 10:20:32 INFO done\n",
    "YAML": "name: build\non:\n  push:\n    branches: [main]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n",
    "TOML": '[project]\nname = "x"\nversion = "1.0"\n',
    "CSV": "id,name,total\n1,Ada,3.50\n2,Bob,4.25\n3,Cy,1.00\n",
    "Markdown": "# Title\n\nUse `x = 1` and then `f(x)`:\n\n- `a` is *one*\n- `b` is **two**; see [here](https://a.example)\n",
    "clauses": "The licensee may:\n(a) copy the work;\n(b) change the work (in part);\n(c) give it away; and\n(d) sell it.\n",
    "a recipe": "Dough:\n- 500 g flour (type 550)\n- 10 g salt; water\n\nIf the dough is dry, add water:\nfor each spoon, wait a minute.\nReturn to the bowl\n",
    "a letter": "Hi Jo,\n\nfor the meeting on Friday I need:\nthe list of guests (with names)\nthe plan; the keys\nwhile we wait: coffee\n\nreturn by Monday\n",
}


def test_behind_more_fences_than_anybody_writes_code_is_still_code():
    text = "```\n" * 2_001 + PYTHON
    assert [hit.label for hit in passages(text.encode())] == ["code.source"]


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


@pytest.mark.parametrize("source", SHORT.values(), ids=SHORT.keys())
def test_two_or_three_lines_will_do(source):
    assert "code.source" in labels_of(source)
    assert "code.source" in labels_of(f"Why does this not work, please?\n\n{source}\nThanks!")


@pytest.mark.parametrize("text", NO_CODE.values(), ids=NO_CODE.keys())
def test_what_only_looks_technical_is_no_code(text):
    assert "code.source" not in labels_of(text)


def test_code_behind_a_traceback_is_code():
    text = NO_CODE["a traceback"] + "\nThe function is\n\n" + PYTHON
    assert "code.source" in labels_of(text)


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


def found_without_asking(text: bytes) -> list[Hit]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(code, "_may_begin", lambda _: True)
        return list(passages(text))


LINES = [line for text in (*SOURCES.values(), *SHORT.values(), *PROSE) for line in text.splitlines()]
SETTINGS = [
    "kind: Secret", "  data:", "- stringData:", "type: Opaque", "API_KEY=abc123def", "DB_HOST=db1.corp.example", "export PORT=80",
    "LOG_LEVEL=info", "10.0.0.1 db1", "192.168.1.4\tweb", "10.0.0.3 mail", "web1 ansible_host=10.0.0.1", "web2 ansible_user=ops",
    "hostname core1", "interface Vlan3", "ip address 10.1.1.1 255.0.0.0", "+def f(x):", "```", "```python", "[Interface]", "[Peer]",
    "PrivateKey = abc", "AllowedIPs = 10.0.0.0/8", '{"version": 4, "terraform_version": "1.5", "lineage": "x"}', "@@ -1,3 +1,3 @@",
]  # fmt: skip


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from([*LINES, *SETTINGS, "Prose, that is.", ""]), max_size=12),
    st.sampled_from(["\n", "\r\n", "\n\n"]),
)
def test_where_no_line_begins_anything_nothing_is_found(lines, end):
    text = end.join(lines).encode()
    assert list(passages(text)) == found_without_asking(text)
