"""The outcome of a policy's cases as JUnit XML, which continuous integration reads: one suite a file."""

import re
from collections.abc import Iterator, Sequence

from tidegate.core.decide.lifecycle.orders import OrderOutcome
from tidegate.core.decide.lifecycle.tested import CaseOutcome, CasesReport

_Outcome = CaseOutcome | OrderOutcome

# XML 1.0 has no way to write these, not even escaped.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}


def junit(report: CasesReport, seconds: float) -> str:
    """`seconds`: how long it took in all; a case alone takes too little to be worth a figure."""
    suites: dict[str, list[_Outcome]] = {}
    for one in report.outcomes:
        suites.setdefault(one.case.file, []).append(one)
    counted = _attributes(name="tidegate policy test", **_counts(report.outcomes), time=f"{seconds:.3f}")
    lines = [line for file, outcomes in suites.items() for line in _suite(file, outcomes)]
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites{counted}>", *lines, "</testsuites>", ""])


def _suite(file: str, outcomes: Sequence[_Outcome]) -> Iterator[str]:
    yield f"  <testsuite{_attributes(name=file, **_counts(outcomes))}>"
    for one in outcomes:
        about = _attributes(classname=file, name=one.case.name, file=file, line=str(one.case.line), time="0")
        if one.ok:
            yield f"    <testcase{about}/>"
        else:
            yield f"    <testcase{about}>"
            yield f"      <failure{_attributes(message=one.why, type='policy')}>{_escaped(_more(one))}</failure>"
            yield "    </testcase>"
    yield "  </testsuite>"


def _more(one: _Outcome) -> str:
    return f"{one.case.file}:{one.case.line}: {one.case.name}: {one.why}"


def _counts(outcomes: Sequence[_Outcome]) -> dict[str, str]:
    failed = sum(not one.ok for one in outcomes)
    return {"tests": str(len(outcomes)), "failures": str(failed), "errors": "0", "skipped": "0"}


def _attributes(**given: str) -> str:
    return "".join(f' {name}="{_escaped(value)}"' for name, value in given.items())


def _escaped(text: str) -> str:
    return "".join(_ESCAPED.get(c, c) for c in _UNWRITABLE.sub("\ufffd", text))
