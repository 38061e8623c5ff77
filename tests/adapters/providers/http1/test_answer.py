import asyncio

import pytest

from tests.adapters.providers.outgoing import run
from tidegate.adapters.providers.http1 import Http1Answer
from tidegate.core.values.errors import UpstreamError


class Source:
    """A connection as the answer knows it."""

    def __init__(self) -> None:
        self.resumed = self.dropped = 0

    def resume(self):
        self.resumed += 1

    def drop(self):
        self.dropped += 1


def begun(status: int = 200, **headers: str) -> tuple[Http1Answer, Source]:
    source = Source()
    answer = Http1Answer(source, asyncio.get_running_loop())
    answer.status, answer.headers = status, {name.replace("_", "-"): value for name, value in headers.items()}
    return answer, source


async def later(task: asyncio.Task) -> None:
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not task.done()


def test_a_whole_body_wakes_its_reader_once_at_the_end():
    async def story():
        answer, _ = begun()
        reading = asyncio.ensure_future(answer.read(100))
        await asyncio.sleep(0)
        answer.feed(b"one ")
        await later(reading)
        answer.feed(b"two")
        answer.end()
        assert await reading == b"one two"

    run(story())


# (limit, declared length or none, pieces, whether it fits)
@pytest.mark.parametrize(
    ("limit", "declared", "pieces", "fits"),
    [
        (3, "3", [b"abc"], True),
        (3, None, [b"abc"], True),
        (2, None, [b"ab", b"c"], False),
        (2, "3", [], False),
        (0, None, [], True),
        (0, None, [b"a"], False),
    ],
)
def test_a_body_beyond_the_limit_is_refused_as_soon_as_that_is_known(limit, declared, pieces, fits):
    async def story():
        answer, source = begun(**({"content_length": declared} if declared else {}))
        reading = asyncio.ensure_future(answer.read(limit))
        await asyncio.sleep(0)
        for piece in pieces:
            answer.feed(piece)
            if answer.unread > limit:
                answer.wake()  # as the connection does
                break
        else:
            if fits:
                answer.end()
        if fits:
            assert await reading == b"".join(pieces)
        else:
            with pytest.raises(UpstreamError) as caught:
                await reading
            assert caught.value.kind == "too_large"
            assert source.dropped == 1

    run(story())


def test_a_limit_holds_for_what_came_before_it_was_given():
    async def story():
        answer, _ = begun()
        answer.feed(b"abc")
        answer.end()
        with pytest.raises(UpstreamError) as caught:
            await answer.read(2)
        assert caught.value.kind == "too_large"

    run(story())


def test_chunks_hand_over_all_that_has_arrived_and_ask_for_more():
    async def story():
        answer, source = begun()
        answer.feed(b"one ")
        answer.feed(b"two ")
        chunks = answer.chunks()
        assert await anext(chunks) == b"one two "
        assert source.resumed == 0, "there was enough to give"
        further = asyncio.ensure_future(anext(chunks))
        await later(further)
        assert source.resumed == 1
        answer.feed(b"three")
        answer.wake()
        assert await further == b"three"
        answer.end()
        assert await anext(chunks, None) is None

    run(story())


def test_a_wake_without_bytes_is_no_end():
    async def story():
        answer, _ = begun()
        further = asyncio.ensure_future(anext(answer.chunks()))
        await asyncio.sleep(0)
        answer.wake()
        await later(further)
        answer.feed(b"x")
        answer.wake()
        assert await further == b"x"

    run(story())


def test_what_came_before_a_cut_is_given_first():
    async def story():
        answer, _ = begun()
        answer.feed(b"half")
        answer.end(UpstreamError("cut", "it closed the connection."))
        chunks = answer.chunks()
        assert await anext(chunks) == b"half"
        with pytest.raises(UpstreamError) as caught:
            await anext(chunks)
        assert caught.value.before_first_byte is False

    run(story())


# (how it is read, whether another target may be tried after the failure)
@pytest.mark.parametrize(
    ("how", "before_first_byte"), [("whole", True), ("chunks", True), ("chunks, one taken", False)]
)
def test_another_target_may_be_tried_until_something_was_taken(how, before_first_byte):
    async def story():
        answer, _ = begun()
        if how == "chunks, one taken":
            answer.feed(b"half")
        answer.end(UpstreamError("cut", "it closed the connection.", before_first_byte=False))
        with pytest.raises(UpstreamError) as caught:
            if how == "whole":
                await answer.read(100)
            else:
                async for _ in answer.chunks():
                    pass
        assert caught.value.before_first_byte is before_first_byte

    run(story())


def test_closing_early_drops_the_connection_once():
    async def story():
        answer, source = begun()
        answer.feed(b"half")
        await answer.aclose()
        await answer.aclose()
        assert source.dropped == 1
        assert answer.unread == 0
        with pytest.raises(UpstreamError):
            await answer.read(100)

    run(story())


def test_closing_after_the_end_drops_nothing():
    async def story():
        answer, source = begun()
        answer.end()
        await answer.aclose()
        assert source.dropped == 0

    run(story())


def test_a_body_that_was_thrown_away_does_not_read_as_empty():
    async def story():
        answer, _ = begun()
        answer.feed(b"whole")
        answer.end()
        await answer.aclose()
        with pytest.raises(UpstreamError):
            await answer.read(100)

    run(story())


@pytest.mark.parametrize("how", ["head", "whole", "chunk"])
def test_a_cancelled_reader_drops_the_connection(how):
    async def story():
        answer, source = begun(0 if how == "head" else 200)
        waits = {"head": answer.arrived, "whole": lambda: answer.read(100), "chunk": answer.chunks().__anext__}[how]
        reading = asyncio.ensure_future(waits())
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert source.dropped == 1
        answer.wake()  # late news finds nobody
        with pytest.raises(UpstreamError):
            await answer.read(100)

    run(story())
