"""Where somebody else's text stands inside a text of the user's or of the system prompt: what a search found, pages,
documents, as templates of retrieval put them beside a question.

Two kinds of templates: elements (`<document>…</document>`, `<context>`), which end where they are closed, and sentences
or headings ("Context information is below."), which reach to the question behind them. What is never closed goes on to
the end: the side to err on, because what stands there is only suspected and not taken away.
"""

from bisect import bisect_right
from collections.abc import Iterator

from tidegate.core.classify.fold import unescape
from tidegate.core.classify.patterns import compile_pattern

RETRIEVED = "retrieved text"
"""As a row's position: wherever such text stands."""

_ELEMENTS = (
    rb"documents?|doc|context|contexts|search[_-]?results?|retrieved[0-9A-Za-z_-]*|retrieval|web[_-]?page|web[_-]?search"
    rb"|web[_-]?content|page[_-]?content|sources?|passages?|snippets?|excerpts?|chunks?|articles?|results?"
    rb"|tool[_-]?results?|function[_-]?results?|knowledge(?:[_-]base)?|attachments?|file[_-]?contents?|email|transcript"
)
_SENTENCES = (
    rb"(?:(?:following|below) (?:pieces? of |relevant |retrieved |provided )*"
    rb"(?:context|information|documents?|sources|passages|excerpts|snippets|articles?|(?:web )?search results)\b"
    rb"|context information is below"
    rb"|\bhere (?:is|are) (?:the |some )*(?:search results|retrieved|documents?\b|web pages?))"
)
_HEADINGS = (
    rb"(?:web )?search results|(?:retrieved|relevant|supporting|source) (?:context|documents?|passages|information)"
    rb"|context|documents?|passages|sources|excerpts|knowledge base"
)
_QUESTIONS = (
    rb"(?:user(?:'s)? )?(?:question|query|request|task|input)|(?:helpful )?answer|given (?:the|this) context"
    rb"|based on (?:the|this) (?:above|context)|using (?:only )?the (?:above|context)"
)
_MARK = compile_pattern(
    rb"(?i)<(/?(?:" + _ELEMENTS + rb"))(?:[ \t\n/][^<>]*)?>"
    rb"|" + _SENTENCES + rb"|\n[ \t#*\[]*(?:" + _HEADINGS + rb")[ \t]*[0-9]*(?:[ \t*\]]*:|[ \t*\]]*$|[ \t*\]]*\n)"
    rb"|\n[ \t#*\[-]*(" + _QUESTIONS + rb")\b"
)


def spans(text: bytes) -> Iterator[tuple[int, int]]:
    """From where to where it stands, in order; one pass over the text."""
    start, element, depth = -1, b"", 0
    for low, high, name, is_question in _marks(text):
        if start < 0:
            if not is_question and name[:1] != b"/":
                start, element, depth = high, name, 1
        elif element:
            depth += (name == element) - (name == b"/" + element)
            if not depth:
                yield start, low
                start = -1
        elif is_question:
            yield start, low
            start = -1
    if start >= 0:
        yield start, len(text)


def _marks(text: bytes) -> Iterator[tuple[int, int, bytes, bool]]:
    """Where a mark stands; its element's name, closed with a slash, if it is one; is it a question?"""
    lines = b"\n" + unescape(text)
    at, size = 0, len(lines)
    while True:
        (low, high), element, question = _MARK.find(lines, at, size)
        if low < 0:
            return
        name = lines[slice(*element)].lower() if element[0] >= 0 else b""
        yield max(low - 1, 0), high - 1, name, question[0] >= 0
        at = high


class Places:
    """The same for asking place by place."""

    def __init__(self, text: bytes) -> None:
        found = list(spans(text))
        self._starts = [start for start, _ in found]
        self._ends = [end for _, end in found]

    def __contains__(self, at: int) -> bool:
        """`at`: a byte of the text."""
        which = bisect_right(self._starts, at) - 1
        return which >= 0 and at < self._ends[which]
