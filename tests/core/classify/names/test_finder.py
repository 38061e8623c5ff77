"""Names as findings: spans, labels, and whose places and organisations count. With the data that ships."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.core.classify import Engine
from tidegate.core.classify.names import NamesFinder, load
from tidegate.core.classify.rows import EDGE, REPORTED, STRONG
from tidegate.models.names import names_data


@pytest.fixture(scope="module")
def finder() -> NamesFinder:
    return load(*names_data())


def found(finder: NamesFinder, text: str) -> list[tuple[str, str]]:
    data = text.encode()
    return [
        (hit.label.removeprefix("pii."), data[hit.start : hit.end].decode()) for hit in finder.hits(data, data.lower())
    ]


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("My name is Anna Kowalska and I need help.", ["Anna Kowalska"]),
        ("my name is john smith and i need help", ["john smith"]),
        ("Dear Mr. Johnson,\nthank you for the quick answer.", ["Johnson"]),
        ("Please call Dr. Müller about José's results.", ["Müller", "José"]),
        ("The contract was signed by Łukasz Nowak on Friday.", ["Łukasz Nowak"]),
        ("Kind regards,\nTobias Lindqvist", ["Tobias Lindqvist"]),
        ("From: Karen White <k@example.com>", ["Karen White"]),
        ('{"name": "Wei Zhang", "active": true}', ["Wei Zhang"]),
        ("Ms. van der Berg's lawyer has not replied.", ["van der Berg"]),
        ("JOHN SMITH called about the invoice", ["JOHN SMITH"]),
        ("We met Anna-Maria Fernández de la Cruz at the fair.", ["Anna-Maria Fernández de la Cruz"]),
        ("Sehr geehrte Frau Schneider,\nvielen Dank.", ["Schneider"]),
        ("Je m'appelle Pierre Dubois et je voudrais annuler.", ["Pierre Dubois"]),
    ],
)
def test_persons(finder, text, persons):
    assert [name for label, name in found(finder, text) if label == "person"] == persons


@pytest.mark.parametrize(
    "text",
    [
        "What is the capital of France?",
        "Explain Newton's laws of motion with an example.",
        "How do I use Django with PostgreSQL on Heroku?",
        "Will the May release mark the end of support?",
        "Mark all as read. Grant access to the folder. Bill the client.",
        "Dear Hiring Manager, I am writing to apply for the Senior Engineer position.",
        "Plan a trip to New York in April.",
        "Best regards, The Support Team",
        "Compare Kubernetes and Docker Swarm for a small team.",
        "class Parser(Base):\n    def go(self, node: Node) -> None:\n        raise ValueError('No Node')  # TODO(anna)",
        '{"level": "INFO", "msg": "Starting Server", "service": "Billing"}',
        '{"name": "get_weather", "description": "Get the weather in a City"}',
    ],
)
def test_harmless_texts_stay_as_they_are(finder, text):
    assert found(finder, text) == []


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("I live in Berlin and work at Siemens.", [("location", "Berlin"), ("organization", "Siemens")]),
        ("What is the weather in Berlin?", []),
        ('{"name": "Anna Kowalska", "city": "Berlin"}', [("location", "Berlin")]),
        ("Anna Kowalska lives in Berlin.", [("location", "Berlin")]),
        ("Anna Kowalska is ill. The weather in Berlin is bad.", []),
        ("Peter Hollander\n12 High Street\nBristol", [("location", "Bristol")]),
    ],
)
def test_places_and_organisations_count_where_they_are_somebodys(finder, text, others):
    assert [one for one in found(finder, text) if one[0] != "person"] == others


def test_names_are_never_strong_evidence(finder):
    data = b"My name is Anna Kowalska and I live in Berlin."
    hits = list(finder.hits(data, data.lower()))
    assert hits
    assert all(REPORTED <= hit.score < STRONG for hit in hits)


def test_structured_findings_go_first(finder):
    engine = Engine(finders=[finder])
    text = "Write to anna.kowalska@example.com or to Anna Kowalska."
    assert [(one.label, text[one.start : one.end]) for one in engine.find(text)] == [
        ("pii.email", "anna.kowalska@example.com"),
        ("pii.person", "Anna Kowalska"),
    ]


def test_no_evidence_reaches_over_the_edge(finder):
    """What stands further away than `EDGE` bytes can be anything."""
    middle = "x. " * 90 + "Then Anna Kowalska from Berlin called Peter Hollander. " + "y. " * 90
    spans = []
    for around in ("z. ", "My name is Li Wei. ", "Dear Bob,\n", "A" * 300 + " ", "Mr Ms Dr. "):
        data = (around + middle + around).encode()
        low, high = len(around) + 3 * 90 - EDGE, len(data) - len(around) - 3 * 90 + EDGE
        spans.append([data[h.start : h.end] for h in finder.hits(data, data.lower()) if low <= h.start < high])
    assert spans[0]
    assert all(one == spans[0] for one in spans)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("AbĆé .,'’-\n\x1e\"“(:&Mr"), max_size=400))
def test_whatever_the_text_spans_are_whole_characters_in_order(finder, text):
    data = text.encode()
    end = 0
    for hit in finder.hits(data, data.lower()):
        assert end <= hit.start < hit.end <= len(data)
        data[hit.start : hit.end].decode()
        end = hit.end


@pytest.mark.parametrize(
    "text", ["Anna " * 5_000, "Anna Berg, " * 3_000, "A" * 200_000, "Dear " * 20_000, "X'" * 50_000, "\x1e" * 100_000]
)
def test_monotony_does_no_harm(finder, text):
    data = text.encode()
    assert all(hit.end <= len(data) for hit in finder.hits(data, data.lower()))


def test_the_version_says_which_data(finder):
    assert finder.version == load(*names_data()).version
    assert len(finder.version) == 12


@pytest.mark.parametrize("broken", [(b"", b""), (b"x", names_data().gazetteer), (names_data().weights, b"x")])
def test_broken_data_is_refused(broken):
    with pytest.raises(ValueError, match="reinstall"):
        load(*broken)
