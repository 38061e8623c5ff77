"""Memory changes what a look costs and never what it gives."""

import string
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.classify.families import engine
from tidegate.core.classify import Engine
from tidegate.core.classify.detectors import ROWS
from tidegate.core.classify.kept import Kept, Look
from tidegate.core.classify.rows import Hit
from tidegate.core.values.envelope import Part, Position
from tidegate.core.values.finding import Finding

SSN = "457-55-5462"
COLD = Engine(kept_bytes=0)

PIECES = st.sampled_from(
    [
        SSN,
        "ssn",
        "457-55",
        "-5462",
        "5105 1051",
        " 0510 5100",
        "jo@shop",
        ".example",
        "password",
        "= hunter2x!",
        "bXkgc3NuIGlzIDQ1Ny01NS01NDYy",
        "\\u0034\\u0035",
        "a%40b.example",
        "\u200b",
        "caf\u00e9 \u0430lice",
        "\ud83d\ude00",
        "\ud800",
        "def f(x):\n    return x[0]\n" * 4,
        "The river rises by two metres in spring. " * 9,
        "x" * 1700,
        "no\n" * 300,
        "",
    ]
)
PART = st.builds(
    lambda pieces, position, flags, field: Part(position, field, "".join(pieces), *flags),
    st.lists(PIECES, max_size=4),
    st.sampled_from([Position.USER, Position.ASSISTANT, Position.TOOL_RESULT, Position.TOOL_CALL]),
    st.sampled_from([(False, False), (True, False), (False, True)]),
    st.sampled_from([("messages", 0), ("messages", 1), ("tools", 0)]),
)
EDIT = st.tuples(st.sampled_from(["insert", "remove", "append", "replace"]), st.floats(0, 1), PART)


def edited(parts: list[Part], edit: tuple[str, float, Part]) -> list[Part]:
    kind, where, part = edit
    at = int(where * len(parts))
    if kind == "append" or not parts:
        return [*parts, part]
    at = min(at, len(parts) - 1)
    return parts[:at] + {"insert": [part, parts[at]], "remove": [], "replace": [part]}[kind] + parts[at + 1 :]


@settings(max_examples=60)
@given(st.lists(PART, max_size=25), st.lists(EDIT, max_size=4))
def test_warm_cold_and_without_memory_give_the_same(parts, edits):
    warm = Engine(rows=ROWS, kept_bytes=1 << 20)
    for edit in (None, *edits):
        parts = edited(parts, edit) if edit else parts
        cold = COLD.classify(parts)
        assert warm.classify(parts) == cold
        assert warm.classify(parts) == cold


def words(n: int) -> Part:
    return Part(Position.USER, ("messages", n), f"Message {n}: mail user{n}@shop.example. " + "word " * (150 + n % 90))


class Counting:
    """A finder that counts the bytes that it is shown."""

    name = "counting"
    labels = frozenset({"customer.term"})

    def __init__(self, version: str = "1") -> None:
        self.version = version
        self.seen = 0

    def hits(self, data: bytes, lower: bytes) -> list[Hit]:
        self.seen += len(data)
        at = data.find(b"Project Heron")
        return [Hit(at, at + 13, "customer.term", 0.9, self.name)] if at >= 0 else []


@pytest.fixture
def counting():
    return Counting()


def shown(counting: Counting, looking: Engine, parts: list[Part], scope: str = "") -> int:
    before = counting.seen
    looking.classify(parts, scope=scope)
    return counting.seen - before


def test_the_next_turn_looks_at_little_more_than_what_is_new(counting):
    looking = Engine(rows=(), finders=(counting,))
    history = [words(n) for n in range(100)]
    assert shown(counting, looking, history) > 70_000
    assert shown(counting, looking, history) == 0
    assert shown(counting, looking, [*history, words(100)]) < 6_000
    assert shown(counting, looking, history[10:]) < 40_000


def test_an_edit_is_looked_at_and_so_is_what_stands_near_it(counting):
    looking = Engine(rows=(), finders=(counting,))
    history = [words(n) for n in range(100)]
    looking.classify(history)
    changed = [*history[:50], history[50]._replace(text="Project Heron " * 40), *history[51:]]
    assert shown(counting, looking, changed) < 40_000
    assert [f.part for f in looking.classify(changed).findings if f.label == "customer.term"] == [50]


def test_what_one_scope_has_sent_is_not_known_in_another(counting):
    looking = Engine(rows=(), finders=(counting,))
    assert shown(counting, looking, [words(1)], scope="one") > 0
    assert shown(counting, looking, [words(1)], scope="two") > 0
    assert shown(counting, looking, [words(1)], scope="one") == 0


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Mail user1@shop.example"},
        {"position": Position.TOOL_RESULT},
        {"is_key": True},
        {"is_json": True},
    ],
    ids=str,
)
def test_a_part_that_differs_in_anything_is_another_one(counting, change):
    looking = Engine(rows=(), finders=(counting,))
    part = Part(Position.USER, ("messages", 0), "Mail user1@shop.exampl")
    looking.classify((part, part))
    assert shown(counting, looking, [part, part]) == 0
    assert shown(counting, looking, [part, part._replace(**change)]) > 0
    assert shown(counting, looking, [part._replace(**change), part]) > 0


def test_rules_that_differ_have_other_names_for_the_same_text():
    kept = Kept(b"k")
    assert kept.named("t", "1").digest() == kept.named("t", "1").digest()
    names = [kept.named("t", "1"), kept.named("t", "2"), kept.named("t1", ""), kept.named("", "t1"), kept.named("t")]
    names.append(Kept(b"l").named("t", "1"))
    assert len({name.digest() for name in names}) == len(names)
    assert Engine(rows=(), finders=(Counting("1"),)).ruleset != Engine(rows=(), finders=(Counting("2"),)).ruleset


def test_a_look_that_failed_is_not_kept():
    class Breaking(Counting):
        broken = True

        def hits(self, data: bytes, lower: bytes) -> list[Hit]:
            if self.broken and b"Heron" in data:
                raise ZeroDivisionError
            return super().hits(data, lower)

    breaking = Breaking()
    looking = Engine(rows=(), finders=(breaking,))
    part = Part(Position.USER, (), "Project Heron")
    assert looking.classify((part,)).failed == ("counting",)
    breaking.broken = False
    assert looking.classify((part,)).labels == {"customer.term"}


def test_limits_hold_whatever_is_known_already():
    looking = Engine(max_findings=60, max_bytes=100_000)
    history = [words(n) for n in range(59)]
    assert looking.classify(history).failed == ()
    for _ in range(2):
        assert looking.classify([*history, words(1), words(2)]).failed == ("limit:findings",)
    looking = Engine(max_bytes=60_000)
    assert looking.classify(history).failed == ()
    for _ in range(2):
        assert looking.classify([*history, *history]).failed == ("limit:bytes",)


def look(n: int, findings: int) -> Look:
    found = tuple(Finding("x", at, at + 1, 0.9, "x", n) for at in range(findings))
    return Look(n, found, frozenset({"x"}), findings, reaches_out=False)


def test_memory_is_bounded_and_what_is_asked_for_stays():
    kept = Kept(b"", 40_000)
    kept.put(b"huge", look(0, 1000))
    assert kept.get(b"huge") is None
    for n in range(200):
        kept.put(b"%d" % n, look(n, n % 7))
        kept.put(b"%d" % n, look(n, n % 7))
        assert kept.bytes_held <= 40_000
        assert kept.get(b"0") == look(0, 0)
    assert kept.get(b"1") is None
    assert kept.get(b"199") == look(199, 199 % 7)


def test_a_look_elsewhere_is_the_same_look():
    moved = look(3, 2).at(5)
    assert [finding.part for finding in moved.findings] == [5, 5]
    assert moved.at(3) == look(3, 2)


def test_nothing_that_was_asked_can_be_read_from_memory():
    looking = Engine()
    looking.classify([words(n) for n in range(30)])
    assert "user1@" not in repr(vars(looking._kept))


def test_threads_may_share_one_memory():
    looking = Engine(kept_bytes=60_000)
    requests = [[words(n) for n in range(first, first + 12)] for first in range(40)] * 3
    expected = [engine().classify(parts) for parts in requests]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(looking.classify, requests)) == expected
    assert looking._kept.bytes_held <= 60_000


def test_findings_of_a_long_request_are_in_order_and_each_is_there_once():
    parts = [words(n) for n in range(120)]
    found = engine().classify(parts).findings
    assert [parts[f.part].text[f.start : f.end] for f in found] == [f"user{n}@shop.example" for n in range(120)]
    assert all(a < b for a, b in pairwise((f.part, f.start) for f in found))
    assert set(Counter(f.part for f in found).values()) == {1}
    assert not set(string.whitespace) & set("".join(f.label for f in found))


def test_what_is_kept_of_a_part_of_a_request_depends_on_no_other_part_of_it():
    """A number in three messages: the first stands so far before the others that nothing near them changes with it."""
    answer = Part(Position.ASSISTANT, ("messages", 1), "The river rises by two metres. " * 400)
    short = Part(Position.ASSISTANT, ("messages", 3), "The river rises by two metres in spring." * 50)
    number, other = "5105 1051", "see you on Monday"

    def request(first: str) -> list[Part]:
        said = [Part(Position.USER, ("messages", n), text) for n, text in enumerate((first, "0510", "5100"))]
        return [said[0], answer, said[1], short, said[2], answer, answer]

    for before, after in ((number, other), (other, number)):
        warm = Engine(rows=ROWS)
        assert warm.classify(request(before)) == COLD.classify(request(before))
        assert warm.classify(request(after)) == COLD.classify(request(after))
    assert "pci.pan" in COLD.classify(request(number)).labels
    assert "pci.pan" not in COLD.classify(request(other)).labels
