"""Every dialect is what it is registered as."""

from tidegate.core.dialects import known
from tidegate.core.dispatch.endpoints import ENDPOINTS, OPERATIONS

SPOKEN = ("NAME", "OPERATION", "STREAM_TYPE", "parse_request", "with_model", "render_error", "render_stream_error",
          "read_request", "write_answer", "open_writer")  # fmt: skip
UNDERSTOOD = ("NAME", "OPERATION", "STREAM_TYPE", "CANNOT", "write_request", "unstored", "read_answer", "open_reader",
              "read_problem")  # fmt: skip
BOTH = (*SPOKEN, *UNDERSTOOD, "pass_answer", "open_stream")


def test_dialects_have_all_that_their_sides_need():
    for dialects, names in ((known.SPOKEN, SPOKEN), (known.UNDERSTOOD, UNDERSTOOD), (known.BOTH, BOTH)):
        lacking = [(name, each) for name, dialect in dialects.items() for each in names if not hasattr(dialect, each)]
        assert lacking == []


def test_names_are_the_dialects_own():
    for dialects in (known.SPOKEN, known.UNDERSTOOD, known.BOTH):
        assert all(name == dialect.NAME for name, dialect in dialects.items())


def test_every_endpoint_is_of_a_dialect_that_is_understood_and_of_its_operation():
    for provider, endpoints in ENDPOINTS.items():
        for name in endpoints:
            assert name in known.UNDERSTOOD, provider
            assert OPERATIONS[name] == known.UNDERSTOOD[name].OPERATION
    assert set(OPERATIONS) >= set(known.SPOKEN) | set(known.UNDERSTOOD)


def test_who_speaks_and_understands_the_same_passes_it_through():
    assert set(known.BOTH) == set(known.SPOKEN) & set(known.UNDERSTOOD)
