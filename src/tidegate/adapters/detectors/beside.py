"""A library's blocking detector as a `Detector`: one thread, one deadline, and `failed` for whatever goes wrong.

A thread cannot be stopped. A call that has run into its deadline runs on while the request that waited for it is
judged `unknown`; those behind it wait, their deadlines run, and beyond a few of them nobody is let into the queue: a
library that hangs costs cloud targets and never the gateway.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from tidegate.core.values.envelope import Part
from tidegate.core.values.finding import Detected, Finding

_log = logging.getLogger("tidegate.detectors")

MOST_WAITING = 32


class Span(NamedTuple):
    """What a library found in one text: its own name of the entity, characters from and to, and a score up to 1."""

    entity: str
    start: int
    end: int
    score: float


Look = Callable[[Sequence[str]], Sequence[Sequence[Span]]]
"""Texts to spans, a list a text, in order. Blocking; called from one thread at a time."""


class Beside:
    """`labels`: the library's names of entities to ours; other entities are left out. `timeout_s`: for one request."""

    def __init__(
        self, name: str, look: Look, labels: Mapping[str, str], *, timeout_s: float, threshold: float = 0.5
    ) -> None:
        self.name = name
        self.labels = frozenset(labels.values())
        self._look = look
        self._label_of = dict(labels)
        self._timeout_s = timeout_s
        self._threshold = threshold
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"tidegate-{name}")
        self._waiting = 0
        self._trouble = ""

    async def find(self, parts: Sequence[Part]) -> Detected:
        """See `ports.Detector`."""
        if self._waiting >= MOST_WAITING:
            return self._failed("its queue is full")
        self._waiting += 1
        try:
            running = self._thread.submit(self._findings, parts)
            running.add_done_callback(lambda _: self._done())
            async with asyncio.timeout(self._timeout_s):
                found = await asyncio.wrap_future(running)
        except TimeoutError:
            return self._failed(f"it took longer than {self._timeout_s:g} s")
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody has looked; a message may quote the text
            return self._failed(type(error).__name__)
        self._trouble = ""
        return Detected(self.name, found)

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _done(self) -> None:
        self._waiting -= 1

    def _failed(self, why: str) -> Detected:
        if why != self._trouble:  # once, not for every request
            _log.warning("detector %s has not looked, so requests are `unknown`: %s", self.name, why)
        self._trouble = why
        return Detected(self.name, failed=True)

    def _findings(self, parts: Sequence[Part]) -> tuple[Finding, ...]:
        told = self._look([part.text for part in parts])
        if len(told) != len(parts):
            raise ValueError("a list of spans is missing")
        return tuple(
            Finding(self._label_of[span.entity], span.start, span.end, min(span.score, 1.0), self.name, index)
            for index, (part, spans) in enumerate(zip(parts, told, strict=True))
            for span in spans
            if span.entity in self._label_of
            and span.score >= self._threshold
            and 0 <= span.start < span.end <= len(part.text)
        )
