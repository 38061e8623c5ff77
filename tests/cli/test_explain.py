"""`tidegate explain`: the shapes that scripts rely on, without a running gateway."""

import io
import json
import sys

import pytest

SSN = "457-55-" + "5462"
TEXT = f"Größe: my SSN is {SSN}, call ada@example.com"


@pytest.fixture
def stdin(monkeypatch):
    def give(content: bytes):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    return give


CLOUD = """\
[boundaries.here]
kind = "local"
[boundaries.sky]
kind = "cloud"
[targets.inside]
provider = "openai-compatible"
url = "http://127.0.0.1:9/v1"
model = "m"
boundary = "here"
[targets.outside]
provider = "openai-compatible"
url = "http://127.0.0.1:9/v1"
model = "m"
boundary = "sky"
contract = { retention = "zero", training = "never", tier = "enterprise", expires = 2099-01-01 }
"""


def test_one_text_is_one_object(machine, tidegate, stdin):
    (machine.folder / "tidegate.toml").write_text(CLOUD)
    stdin(TEXT.encode())
    answer = tidegate("explain", "-", "--json")
    found = json.loads(answer.out)
    assert answer.status == 0
    assert set(found) == {"labels", "level", "findings", "decision"}
    assert found["labels"] == ["gov.us_ssn", "pii.email"]
    assert found["level"] == "restricted"
    assert [TEXT[one["start"] : one["end"]] for one in found["findings"]] == [SSN, "ada@example.com"]
    assert all(set(one) == {"label", "start", "end", "score", "detector"} for one in found["findings"])
    targets = found["decision"]["targets"]
    assert [(one["target"], one["boundary"], one["effect"]) for one in targets] == [
        ("inside", "here", "raw"),
        ("outside", "sky", "none"),
    ]
    assert all(set(one) == {"target", "boundary", "effect", "rules"} and one["rules"] for one in targets)
    assert len(found["decision"]["policy"]) == 64


def test_no_value_is_repeated(machine, tidegate):
    (machine.folder / "text").write_text(TEXT)
    for words in (("explain", "text"), ("explain", "text", "--json")):
        answer = tidegate(*words)
        assert SSN not in answer.out + answer.err
        assert "ada@" not in answer.out + answer.err


def test_many_texts_are_answered_in_their_order(tidegate, stdin):
    texts = ["nothing here", TEXT, "", "ada@example.com"]
    stdin("\n".join(json.dumps({"text": text, "more": 1}) for text in texts).encode() + b"\n\n")
    answer = tidegate("explain", "--jsonl", "-")
    assert [json.loads(line)["labels"] for line in answer.out.splitlines()] == [
        [],
        ["gov.us_ssn", "pii.email"],
        [],
        ["pii.email"],
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"no json", "line 2 is no JSON"),
        (b"[1]", 'line 2 has no "text"'),
        (b'{"text": 3}', 'line 2 has no "text" that is a string'),
        (b"[" * 100_000, "line 2 is no JSON"),
    ],
)
def test_a_bad_line_is_named_by_its_number_and_not_repeated(tidegate, stdin, line, sentence):
    stdin(b'{"text": "a"}\n' + line + b"\n")
    answer = tidegate("explain", "--jsonl", "-")
    assert answer.status == 1
    assert sentence in answer.err
    assert "[[" not in answer.err
    assert len(answer.out.splitlines()) == 1


def test_a_text_that_cannot_be_read_says_why(machine, tidegate):
    (machine.folder / "latin").write_bytes(b"a \xe9")
    assert "latin is not UTF-8 at byte 2" in tidegate("explain", "latin").err
    assert "none cannot be read (No such file" in tidegate("explain", "none").err
    assert tidegate("explain", "none").status == 1


def test_lone_surrogates_in_json_are_answered(tidegate, stdin):
    stdin(b'{"text": "\\ud800 ada@example.com"}\n')
    answer = tidegate("explain", "--jsonl", "-")
    assert (answer.status, answer.err) == (0, "")


def test_people_get_tables(tidegate, stdin):
    stdin(TEXT.encode())
    out = tidegate("explain", "-").out
    assert out.startswith("labels: gov.us_ssn, pii.email   level: restricted\n")
    assert "embedded\there\traw\t" in out


def test_what_waits_for_a_person_is_said(tidegate, machine):
    from pathlib import Path

    example = Path(__file__).parents[2] / "docs" / "examples" / "review"
    machine.folder.joinpath("tidegate.toml").write_text(
        f'[policy]\npath = "{example}"\n[boundaries.sky]\nkind = "cloud"\n[targets.cloud]\n'
        'provider = "openai-compatible"\nurl = "https://c.example.com/v1"\nmodel = "m"\nboundary = "sky"\n'
        '[targets.cloud.contract]\nretention = "zero"\ntraining = "never"\nexpires = 2099-01-01\n'
    )
    machine.folder.joinpath("t.txt").write_text("My SSN is 457-55" + "-5462")
    answer = tidegate("explain", "t.txt")
    assert "reviewed\tsensitive-data-after-a-review" in answer.out
    assert "held until a person approves it" in answer.out
