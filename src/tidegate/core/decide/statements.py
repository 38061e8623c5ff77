"""Cuts Cedar text into statements and counts what could exhaust Cedar's own parser, before that parser sees it.

Cedar's parser is recursive and native: some hundred nested brackets end the process instead of raising an error, fewer
on a thread's small stack. And its errors carry no position. So each statement is measured and located here, and then
handed over alone.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

MAX_STATEMENT_CHARACTERS = 16_384
MAX_NESTING = 16
MAX_OPERATORS = 128

# Cedar ends a comment at a carriage return too; sources are normalised to \n before they come here.
_TOKEN = re.compile(
    r"""(?P<gap>\s+|//[^\n]*)|(?P<string>"(?:[^"\\]|\\.)*")|(?P<word>[A-Za-z_]\w*)|(?P<mark>::|&&|\|\||[=!<>]=|.)""",
    re.DOTALL,
)
_CHAINING = frozenset({"&&", "||", ".", "::", "!", "-", "+", "*", "if", "(", "[", "{"})


class Token(NamedTuple):
    text: str
    line: int


class Statement(NamedTuple):
    """One rule's text, from its first annotation to its semicolon. `line` counts from 1."""

    file: str
    line: int
    text: str
    tokens: tuple[Token, ...]

    def line_of(self, *words: str) -> int:
        """Where one of `words` stands first, else where the statement begins."""
        return next((token.line for token in self.tokens if token.text in words), self.line)


class Cut(NamedTuple):
    """`mistakes` are complete sentences with file and line."""

    statements: tuple[Statement, ...]
    mistakes: tuple[str, ...]


def cut(file: str, text: str) -> Cut:
    """All statements of one file; oversized ones become mistakes instead."""
    statements: list[Statement] = []
    mistakes: list[str] = []
    begin, held = 0, list[Token]()
    for token, start, end in _tokens(text):
        begin = begin if held else start
        held.append(token)
        if token.text == ";":
            statement = Statement(file, held[0].line, text[begin:end], tuple(held))
            mistake = _unreadable(statement)
            mistakes.append(mistake) if mistake else statements.append(statement)
            held = []
    if held:
        mistakes.append(_unfinished(file, held))
    return Cut(tuple(statements), tuple(mistakes))


def _tokens(text: str) -> Iterator[tuple[Token, int, int]]:
    line = 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "gap":
            yield Token(match.group(), line), match.start(), match.end()
        line += match.group().count("\n")


def _unfinished(file: str, tokens: Sequence[Token]) -> str:
    quote = next((token for token in tokens if token.text == '"'), None)
    if quote:
        return f'{file}:{quote.line}: this string is never closed; end it with "'
    return f"{file}:{tokens[0].line}: this statement does not end; close it with ;"


def _unreadable(statement: Statement) -> str:
    where = f"{statement.file}:{statement.line}:"
    if any(token.text == '"' for token in statement.tokens):
        return _unfinished(statement.file, statement.tokens)
    if len(statement.text) > MAX_STATEMENT_CHARACTERS:
        return f"{where} this rule has more than {MAX_STATEMENT_CHARACTERS} characters; split it"
    if _nesting(statement.tokens) > MAX_NESTING:
        return f"{where} brackets are nested deeper than {MAX_NESTING}; write the condition flatter or split the rule"
    if sum(token.text in _CHAINING for token in statement.tokens) > MAX_OPERATORS:
        return (
            f"{where} this rule has more than {MAX_OPERATORS} operators; split it, or name the values in a list: "
            '["a", "b"].contains(…)'
        )
    return ""


def _nesting(tokens: tuple[Token, ...]) -> int:
    depth = deepest = 0
    for token in tokens:
        depth += (token.text in "([{") - (token.text in ")]}")
        deepest = max(deepest, depth)
    return deepest
