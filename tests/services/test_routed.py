"""An answer on its way through times its target and gives its turn back once."""

import asyncio

import pytest

from tests.services.journeys import Answered, Clock
from tidegate.core.dispatch.standing import Standing
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import UpstreamError
from tidegate.core.values.route import Lane
from tidegate.core.values.usage import NOT_SAID, Usage
from tidegate.services.routed import ReadAnswer, RoutedAnswer
from tidegate.services.turns import Turns


class Given:
    def __init__(self, answer, usage=NOT_SAID):
        self.standing, self.clock = Standing("t", "cloud"), Clock()
        turns, notes = Turns(Lane(), self.standing), AnswerNotes()
        assert turns.enter()
        notes.usage = usage
        answer.clock = self.clock
        self.routed = RoutedAnswer(answer, turns, lambda: self.clock.seconds, self.clock.seconds, notes)

    def stream(self):
        async def all_of_it():
            return [piece async for piece in self.routed.chunks()]

        return asyncio.run(all_of_it())


def test_a_stream_tells_when_it_began_and_how_fast_it_was():
    given = Given(Answered(body=[b"a", b"b", b"c"], takes=0.5), Usage(output_tokens=11))
    assert given.stream() == [b"a", b"b", b"c"]
    assert given.standing.pace.first_s == pytest.approx(0.5)
    assert given.standing.pace.token_s == pytest.approx(0.1)
    assert given.standing.in_flight == 0


def test_a_whole_answer_tells_how_long_it_took():
    given = Given(Answered(body=b"{}"))
    given.clock.seconds += 3
    assert asyncio.run(given.routed.read(100)) == b"{}"
    assert given.standing.pace.whole_s == pytest.approx(3)


def test_errors_are_no_measure_of_speed():
    given = Given(Answered(400))
    asyncio.run(given.routed.read(100))
    assert given.standing.pace.whole_s == -1


def test_the_turn_is_given_back_once_however_it_ends():
    given = Given(Answered(body=b"{}"))

    async def twice():
        await given.routed.read(100)
        await given.routed.aclose()
        await given.routed.aclose()

    asyncio.run(twice())
    assert given.standing.in_flight == 0


@pytest.mark.parametrize("kind", ["cut", "timeout"])
def test_a_break_in_the_middle_counts_against_the_target(kind):
    given = Given(Answered(body=[b"a"], cut=kind))
    with pytest.raises(UpstreamError):
        given.stream()
    assert given.standing.in_flight == 0
    assert given.standing.breaker._consecutive == 1


def test_an_answer_that_we_find_too_large_does_not():
    given = Given(Answered(body=b"x" * 100))
    with pytest.raises(UpstreamError):
        asyncio.run(given.routed.read(10))
    assert given.standing.breaker._consecutive == 0


def test_an_answer_that_was_read_already_reads_the_same():
    answer = ReadAnswer(503, {"a": "b"}, b"body")

    async def pieces():
        return [piece async for piece in answer.chunks()]

    assert (asyncio.run(answer.read(10)), asyncio.run(pieces())) == (b"body", [b"body"])
    with pytest.raises(UpstreamError):
        asyncio.run(answer.read(3))
