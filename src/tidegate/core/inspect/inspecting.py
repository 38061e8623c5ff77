"""All that is seen in one answer: a channel for each content block and each tool call, and what they add up to."""

from collections.abc import Container, Sequence
from operator import attrgetter

from tidegate.core.inspect.channels import Gathered, Guarded, Noted, Through
from tidegate.core.inspect.guard import Guard
from tidegate.core.inspect.look import Classify, Seen, look
from tidegate.core.inspect.masks import Json, Prose, Walk, masked
from tidegate.core.inspect.rules import OutputRules, blocked
from tidegate.core.inspect.watch import WINDOW, Watch, Window
from tidegate.core.values.channel import Channel, OpenChannel
from tidegate.core.values.envelope import Part
from tidegate.core.values.finding import Finding
from tidegate.core.values.labels import UNSCANNABLE

RECORD = OutputRules()
_GATHERED = attrgetter("gathered")


class Inspecting:
    """`classify` says what texts hold. `whole`: the answer is no stream, so all of it is known before any leaves.
    `structured`: its prose is JSON. `own`: what stands for values of this request. `keep`: `texts` gives all that came.
    `behind`: opens the channels that are handed each text after it was looked at.

    Channels raise Refusal (`output_blocked`) where a rule ends the answer. Where no rule masks or blocks, nothing is
    held back, and looks are taken only at full windows of a stream and by `finish`.
    `labels`, `found`, `masked`: what was seen so far; how many findings; how many values were masked.
    """

    __slots__ = (
        "_behind", "_classify", "_keep", "_own", "_structured", "_watches", "_whole",
        "found", "labels", "masked", "rules",
    )  # fmt: skip

    def __init__(
        self,
        classify: Classify,
        rules: OutputRules = RECORD,
        *,
        whole: bool = False,
        structured: bool = False,
        own: Container[str] = (),
        keep: bool = False,
        behind: OpenChannel | None = None,
    ) -> None:
        self.rules, self._behind = rules, behind
        self._classify, self._own = classify, own
        self._whole, self._structured, self._keep = whole, structured, keep
        self._watches: list[Watch] = []
        self.labels: set[str] = set()
        self.found = self.masked = 0

    def open_channel(self, tool: str, *, free: bool = False, own: bool = False) -> Channel:
        """An `OpenChannel`: a text is looked at as it came, and then handed to whoever is behind."""
        behind = self._behind(tool, free=free, own=own) if self._behind is not None else None
        if own:
            return behind if behind is not None else Through()
        is_json = not free and (bool(tool) or self._structured)
        full = self._look_or_stop if self.rules.rewrites else self._look
        window = 0 if self._whole else WINDOW
        watch = Watch(full, tool=bool(tool), is_json=is_json, window=window, keep=self._keep)
        self._watches.append(watch)
        if not self.rules.rewrites:
            return Noted(watch, behind) if behind is not None else watch
        return self._rewriting(watch, Json() if is_json else Prose(), behind if behind is not None else Through())

    def texts(self) -> list[str]:
        """With `keep`: what each channel was fed, as the upstream said it."""
        return ["".join(watch.said) for watch in self._watches if watch.said]

    @property
    def waiting(self) -> int:
        """Characters that `finish` will look at."""
        return sum(map(_GATHERED, self._watches))

    def finish(self) -> None:
        """Looks at what has passed since the last look. Never raises; twice is fine."""
        if windows := [*filter(None, map(Watch.rest, self._watches))]:
            self._note(windows)

    def unscannable(self) -> None:
        """The answer holds an image, sound or a file: nobody has looked. Raises Refusal."""
        self.labels.add(UNSCANNABLE)
        if self.rules.stops_at(UNSCANNABLE):
            raise blocked(UNSCANNABLE)

    def _rewriting(self, watch: Watch, walk: Walk, behind: Channel) -> Channel:
        if self._whole:
            return Gathered(watch, lambda window: self._without(window, walk), behind)
        guard = Guard(lambda text: self._closely(watch.part(text)), self.rules, self._count_masked, walk)
        return Guarded(watch, guard, self._look_at_rest, behind)

    # -- looks --------------------------------------------------------------------------------------------

    def _look(self, window: Window) -> None:
        self._note([window])

    def _look_or_stop(self, window: Window) -> None:
        seen = self._stop_at_loose(self._note([window]))
        for finding in seen.findings:
            if self.rules.stops_stream(finding.label):
                raise blocked(finding.label)

    def _look_at_rest(self, watch: Watch) -> None:
        if (rest := watch.rest()) is not None:
            self._look_or_stop(rest)

    def _closely(self, part: Part) -> Sequence[Finding]:
        """For the little that is held back; what it holds is counted when its window is looked at."""
        return self._stop_at_loose(look(self._classify, self._own, [part])).findings

    def _without(self, window: Window, walk: Walk) -> str:
        seen = self._stop_at_loose(self._note([window]))
        for finding in seen.findings:
            if self.rules.action(finding.label) == "block":
                raise blocked(finding.label)
        spans = [(f.start, f.end, f.label) for f in seen.findings if self.rules.action(f.label) == "mask"]
        self.masked += len(spans)
        return masked(window.part.text, spans, walk)

    def _note(self, windows: Sequence[Window]) -> Seen:
        seen = look(self._classify, self._own, [window.part for window in windows])
        self.labels |= seen.loose
        for finding in seen.findings:
            window = windows[finding.part]
            self.found += window.start <= finding.start < window.end
            if finding.end > window.start:
                self.labels.add(finding.label)
        return seen

    def _stop_at_loose(self, seen: Seen) -> Seen:
        for label in sorted(seen.loose):
            if self.rules.stops_at(label):
                self.labels.add(label)
                raise blocked(label)
        return seen

    def _count_masked(self, label: str) -> None:
        self.labels.add(label)
        self.masked += 1
