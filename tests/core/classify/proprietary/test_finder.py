import pytest

from tests.core.classify.proprietary import samples
from tidegate.core.classify import Engine
from tidegate.core.classify.fold import SEAM
from tidegate.core.classify.proprietary import Builder, CodeFinder, derive_key, pack, plain, read, unpack
from tidegate.core.classify.proprietary.finder import regions, signs
from tidegate.core.values.envelope import Part, Position

KEY = derive_key(b"k" * 32)
PROSE = "We met on Tuesday (as always) and agreed that the bridge should be repaired; nobody knew how long it takes.\n"


def finder_of(paths):
    builder = Builder(KEY)
    for path in paths:
        source = path.read_bytes()
        builder.add(read(plain(source)), len(source))
    return CodeFinder([unpack(pack(builder, KEY, name="mine", registered_at=""), KEY)], KEY)


@pytest.fixture(scope="module")
def finder():
    return finder_of(samples.MINE)


def found_in(finder, text):
    data = plain(text.encode())
    return [data[hit.start : hit.end].decode() for hit in finder.hits(data, data.lower())]


LONG = [path for path in samples.MINE if path.read_text("utf-8").count("\n") > 60]
CHANGES = {
    "as it is": lambda text: text,
    "tabs for blanks": samples.reindented,
    "comments dropped": samples.without_comments,
    "names changed here and there": lambda text: samples.renamed(text, 0.2),
    "names changed and tabs": lambda text: samples.reindented(samples.renamed(text, 0.3)),
    "in a fence": lambda text: f"What is wrong with this?\n\n```python\n{text}\n```\nThanks!",
    "quoted in a mail": lambda text: "\n".join("> " + row for row in text.split("\n")),
    "as a diff": samples.as_diff,
    "with numbers of lines": samples.listed,
    "in a JSON document": samples.as_json,
    "with line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "behind pages of prose": lambda text: PROSE * 100 + text + "\n" + PROSE * 100,
    "with zero-width characters": lambda text: text.replace("e", "e\u200b"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_forty_lines_of_registered_code_are_known_again(finder, change):
    missed = [path.name for path in LONG if not found_in(finder, CHANGES[change](samples.excerpt(path, 40)))]
    assert missed == []


@pytest.mark.parametrize("path", LONG, ids=lambda path: path.name)
def test_the_finding_is_the_passage(finder, path):
    text = samples.excerpt(path, 40)
    found = found_in(finder, PROSE * 3 + text + "\n" + PROSE * 3)
    assert sum(map(len, found)) > len(text) * 0.6
    assert all(PROSE not in one for one in found)


def test_code_of_others_is_not_ours(finder):
    assert [path.name for path in samples.OTHERS if found_in(finder, path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        PROSE * 50,
        "def f(x):\n    return x\n" * 50,
        '{"a": 1, "b": [1, 2, 3], "c": {"d": null}}\n' * 50,
        "if (x) {\n  return y;\n}\n" * 100,
        "import os\nimport re\nimport sys\nfrom typing import Any\n",
    ],
)
def test_what_everybody_writes_is_not_ours(finder, text):
    assert found_in(finder, text) == []


def test_no_passage_reaches_over_a_seam(finder):
    text = samples.excerpt(LONG[0], 40)
    middle = text.index("\n", len(text) // 2)
    data = plain((text[:middle] + SEAM + text[middle + 1 :]).encode())
    for hit in finder.hits(data, data):
        assert SEAM.encode() not in data[hit.start : hit.end]
    assert list(finder.hits(data, data))


def test_hits_of_a_part_depend_on_that_part_alone(finder):
    texts = [samples.excerpt(path, 40) for path in LONG[:3]]
    data = plain(SEAM.join(texts).encode())
    joined = [data[hit.start : hit.end].decode() for hit in finder.hits(data, data)]
    assert joined == [one for text in texts for one in found_in(finder, text)]


def test_a_passage_in_a_json_document_stays_inside_its_string(finder):
    text = samples.as_json(samples.excerpt(LONG[0], 40))
    engine = Engine(finders=(finder,))
    findings = engine.classify((Part(Position.TOOL_CALL, (), text, is_json=True),)).findings
    ours = [finding for finding in findings if finding.label == "code.proprietary"]
    assert ours
    end = text.index('", "mode"')
    assert all(text.index("content") < finding.start < finding.end <= end for finding in ours)


def test_the_engine_reports_it_in_base64_too(finder):
    import base64

    text = base64.b64encode(samples.excerpt(LONG[0], 60).encode()).decode()
    classification = Engine(finders=(finder,)).classify((Part(Position.USER, (), text),))
    assert "code.proprietary" in classification.labels
    assert classification.level == "confidential"


def test_the_version_is_that_of_what_is_registered(finder):
    assert finder.version == finder_of(samples.MINE).version
    assert finder.version != finder_of(samples.MINE[:2]).version


def test_only_parts_that_look_like_code_are_read_closely():
    code = samples.excerpt(LONG[0], 40)
    parts = [PROSE * 5, code, '{"a": "b"}' * 40, PROSE * 90 + code]
    data = SEAM.join(parts).encode()
    read_closely = b"".join(data[low:high] for low, high in regions(data))
    assert read_closely.count(code.encode()) == 2
    assert b'{"a"' not in read_closely
    assert len(read_closely) < len(data) * 0.7


@pytest.mark.parametrize(("text", "is_code"), [("f(x) = g(y)", True), (PROSE, False), ('{"a": "b",\n"c": "d"}', False)])
def test_signs_are_what_code_has_and_prose_has_not(text, is_code):
    assert (signs(text.encode()) >= 2) is is_code


def test_a_million_lines_of_one_window_are_no_long_copy(finder):
    line = samples.excerpt(LONG[0], 3) + "\n"
    assert len(found_in(finder, line * 2000)) <= 1
