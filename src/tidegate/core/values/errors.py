"""Everything that can go wrong with a request, as a tree:

TidegateError
├── Refusal              the gateway says no to a request: a status, a code, a sentence
│   ├── BadRequest       400 (or 404, 405, 413, 415, 431): the request itself is at fault
│   ├── PolicyRefusal    403: policy permits no target
│   ├── Held             409: policy permits it once a person has approved it
│   └── Unavailable      503: nothing permitted can answer now; it never widens
├── UpstreamError        a target failed; `before_first_byte` tells whether another may be tried
├── LedgerError          the log cannot be written: nothing is dispatched
├── StoreError           queryable state cannot be read or written: what needs it fails closed
├── SealBroken           bytes about to leave differ from what was decided: a defect or an attack, never retried
└── ConfigError          configuration or policy is at fault: every mistake at once
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType


class TidegateError(Exception):
    """Root of the tree."""


class Refusal(TidegateError):  # noqa: N818 - it is an answer, not an accident
    """`code` is for programs, `message` for people; neither holds text of the request beyond names of fields.

    `headers`: what the client is told beside it.
    """

    status = 400
    headers: Mapping[str, str] = MappingProxyType({})
    request_id = ""
    """Of the request that it answers, as soon as somebody knows it."""

    def __init__(self, code: str, message: str, *, status: int | None = None, rule: str = "", param: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.rule, self.param = code, message, rule, param
        self.status = status or type(self).status


class BadRequest(Refusal):
    status = 400


class PolicyRefusal(Refusal):
    status = 403


class Held(Refusal):
    """`review`: the id under which it waits. Clients that repeat what was refused with 409 are told not to."""

    status = 409

    def __init__(self, review: str, message: str) -> None:
        super().__init__("review_required", message)
        self.review = review
        self.headers = {"x-tidegate-review": review, "x-should-retry": "false"}


class Unavailable(Refusal):
    status = 503


class UpstreamError(TidegateError):
    """`kind`: connect, crowded (our connections to it are all in use), timeout, protocol, cut, status, too_large."""

    def __init__(self, kind: str, message: str, *, status: int = 0, before_first_byte: bool = True) -> None:
        super().__init__(message)
        self.kind, self.message, self.status, self.before_first_byte = (
            kind,
            message,
            status,
            before_first_byte,
        )


class LedgerError(TidegateError):
    """The audit log cannot be read or written."""


class StoreError(TidegateError):
    """The store cannot be read or written."""


class SealBroken(TidegateError):  # noqa: N818 - named after what happened to the seal
    """What was about to be written is not what was decided."""


class ConfigError(TidegateError):
    """One sentence a mistake, each with its place and what to do."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)
