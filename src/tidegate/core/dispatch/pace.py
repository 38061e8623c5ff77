"""How quick a target has been of late: moving averages, in seconds."""

from dataclasses import dataclass

_WEIGHT = 0.2
_STREAMED_TOKENS, _WHOLE_TOKENS = 64, 256  # what an answer is taken to have, where nothing else is known


@dataclass(slots=True)
class Pace:
    """-1: not known. `first_s`: until the first piece of a stream; `token_s`: for each token after that; `whole_s`:
    until an answer that is not streamed.
    """

    first_s: float = -1.0
    token_s: float = -1.0
    whole_s: float = -1.0

    def streamed(self, first_s: float, rest_s: float, tokens: int) -> None:
        """`tokens`: as the provider counts them, less than 1 where it does not."""
        self.first_s = _moved(self.first_s, first_s)
        if tokens > 1:
            self.token_s = _moved(self.token_s, rest_s / (tokens - 1))

    def answered(self, whole_s: float) -> None:
        self.whole_s = _moved(self.whole_s, whole_s)

    def expected_s(self, *, stream: bool) -> float:
        """How long an answer takes, -1 where nothing is known. Of a stream: until it can be read along."""
        if not stream and self.whole_s >= 0:
            return self.whole_s
        if self.first_s < 0:
            return self.whole_s
        tokens = _STREAMED_TOKENS if stream else _WHOLE_TOKENS
        return self.first_s + tokens * max(self.token_s, 0.0)

    def waits_s(self) -> float:
        """How long until something can be read, -1 where nothing is known."""
        return self.first_s if self.first_s >= 0 else self.whole_s


def _moved(known: float, seen: float) -> float:
    return seen if known < 0 else known + _WEIGHT * (seen - known)
