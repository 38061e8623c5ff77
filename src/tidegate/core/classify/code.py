"""Is it source code, or a customer's configuration? Counted, not parsed: cheap on prose, decided within a few lines of
code.
"""

# ruff: noqa: E501 - patterns and rows read better unbroken

from collections.abc import Iterator
from itertools import islice

from tidegate.core.classify.fold import unescape
from tidegate.core.classify.patterns import compile_pattern
from tidegate.core.classify.rows import BuiltIn, Hit, Row

ROWS: tuple[Row, ...] = (
    BuiltIn(label="code.source", name="source_code", about="lines that read as source code, fenced or not; a question about code is not code"),
    BuiltIn(label="customer.config", name="kubeconfig", about="Kubernetes client configuration"),
    BuiltIn(label="customer.config", name="terraform_state", about="Terraform state"),
    BuiltIn(label="customer.config", name="dotenv", about="four or more lines of NAME=value, one of them a name of a host, user, key or secret"),
)  # fmt: skip

_MARKS = b"{}[];=<>_`"
_FEWEST_MARKS = 12
_FEWEST_BREAKS = 3
_SHORTEST_BYTES = 32
_LINES_NEEDED = 4
_LINES_APART = 4
_LINES_READ = 400
_TERRAFORM = b'"terraform_version"'
_CODE_LINE = compile_pattern(
    rb"(?m)^[ \t>]*(?:"
    rb"(?:(?:public|private|protected|static|final|export|default|async|abstract|pub|override|virtual|inline|const|unsafe) )*"
    rb"(?:def|class|function|fn|func|interface|struct|enum|impl|trait|namespace|module|type) [A-Za-z_$][\w$]*[^.\n]*[:{(;=]"
    rb"|(?:public|private|protected|static|final) [\w<>\[\], ]+[({;=]"
    rb"|(?:if|elif|for|while|switch|catch|foreach|using|with|match|unless)[ (][^\n]*(?:[:{)]|then|do)[ \t]*(?:[#/][^\n]*)?$"
    rb"|(?:else|try|finally|do)[ \t]*[:{]"
    rb"|\}[ \t]*(?:else|catch|finally|while)\b[^\n]*|\}[)\]]*;[ \t]*$"
    rb"|return\b[^\n]*[;\])}\"'][ \t]*$"
    rb"|return(?: (?:self|this|None|True|False|true|false|null|nil|not|new|await)\b[^\n]*| [\w.]+)?[ \t]*$"
    rb"|(?:import|from) [\w.]+(?: import [\w*, ()]+| as \w+)?[ \t]*$"
    rb"|(?:import|export|package|use|using|require|include)[ (]+[^\n]*(?:;|[\"'][)]?)[ \t]*$"
    rb"|#(?:include|define|ifdef|ifndef|pragma|!/)[^\n]*$"
    rb"|(?:let|var|const|val|auto|int|long|float|double|char|bool|boolean|string|String|void|unsigned|size_t)(?:<[^\n]*>)?[ *&]+[\w$, ]+(?:[=;:(\[][^\n]*)?$"
    rb"|(?:self|this|std|console|System|fmt|os|sys)(?:\.|->|::)\w+[^\n]*[()=;]"
    rb"|[A-Za-z_$][\w$.\[\]\"']*[ \t]*(?::[ \t]*[\w\[\], |.]+)?[ \t]*(?:[-+*/|&%^]|\*\*|//|<<|>>|:|\?\?)?=[ \t]*[^=\s][^\n]*"
    rb"|[A-Za-z_$][\w$.:>-]*\([^\n]*\)[ \t]*(?:;|\{|,|:)?[ \t]*$"
    rb"|@[A-Za-z_][\w.]*(?:\([^\n]*\))?[ \t]*$"
    rb"|(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE|ALTER TABLE|WHERE|JOIN|GROUP BY) [^\n]*[\w;),*]$"
    rb"|</?[A-Za-z][\w-]*(?: [^\n>]*)?/?>"
    rb"|[^\n\"'{}\[\]\t >][^\n]*[;{][ \t]*$"
    rb")"
)
"""A line that a compiler would like. `:` and `(` alone are not enough: prose has them."""

_LONG_STRING = compile_pattern(rb'"(?:[^"\\]|\\.){40}(?:[^"\\]|\\.)*"')
_FENCE = b"```"
_DATA_FENCES = (
    b"json",
    b"yaml",
    b"yml",
    b"text",
    b"txt",
    b"md",
    b"markdown",
    b"csv",
    b"console",
    b"output",
    b"log",
    b"diff",
)
_ENV_LINE = compile_pattern(rb"(?m)^(?:export )?[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*=[^\s=][^\n]*$")
_ENV_NAMES = (b"HOST", b"KEY", b"SECRET", b"TOKEN", b"PASS", b"USER", b"URL", b"DSN", b"PORT", b"BUCKET", b"REGION")


def may_hold_passages(source: bytes) -> bool:
    """Lines, escaped lines, or the punctuation of code: without any there is nothing to read closely."""
    return len(source) >= _SHORTEST_BYTES and (
        source.count(b"\n") >= _FEWEST_BREAKS
        or (b"\\" in source and b"\\n" in source)
        or _TERRAFORM in source
        or (_has_a_mark(source) and len(source) - len(source.translate(None, _MARKS)) >= _FEWEST_MARKS)
    )


def _has_a_mark(source: bytes) -> bool:
    """Looking for single bytes costs a tenth of counting them all, and prose has none of these."""
    return (
        b"=" in source
        or b"_" in source
        or b"{" in source
        or b";" in source
        or b"[" in source
        or b"<" in source
        or b"`" in source
        or b">" in source
        or b"}" in source
        or b"]" in source
    )


def passages(text: bytes, *, is_json: bool = False) -> Iterator[Hit]:
    """Code and configuration in one part's text; in a JSON document, in each of its longer strings."""
    if is_json:
        yield from _in_json(text)
    else:
        yield from _configuration(text)
        yield from _fenced(text) if _FENCE[:1] in text and _FENCE in text else _unfenced(text)


def _unfenced(text: bytes) -> Iterator[Hit]:
    start = _first_code(text, 0, len(text), _LINES_NEEDED)
    if start is None:
        return
    if _ENV_LINE.match(text, start, len(text))[0][1] > start:
        lines = list(islice(_ENV_LINE.spans(text, start), _LINES_READ))
        if any(name in text[low : text.find(b"=", low)] for low, _ in lines for name in _ENV_NAMES):
            yield Hit(lines[0][0], lines[-1][1], "customer.config", 0.8, "dotenv")
            return
    yield Hit(start, _end_of_code(text), "code.source", 0.8, "source_code")


def _fenced(text: bytes) -> Iterator[Hit]:
    """Fenced blocks that are not declared as data; an open fence goes on to the end."""
    at = text.find(_FENCE)
    while at >= 0:
        line = text.find(b"\n", at)
        if line < 0:
            return
        close = text.find(_FENCE, line)
        end = close if close >= 0 else len(text)
        declared = text[at + len(_FENCE) : line].strip().lower()
        if not declared.startswith(_DATA_FENCES) and _first_code(text, line, end, 1 if declared else 2) is not None:
            yield Hit(line + 1, end, "code.source", 0.9, "source_code")
        if close < 0:
            return
        at = text.find(_FENCE, end + len(_FENCE))


def _first_code(text: bytes, start: int, end: int, needed: int) -> int | None:
    """Where `needed` code lines begin to stand close together: far apart they are accidents, as prose has them."""
    starts: list[int] = []
    for line, _ in _CODE_LINE.spans(text, start, end):
        starts.append(line)
        if len(starts) >= needed and text.count(b"\n", starts[-needed], starts[-1]) < needed * _LINES_APART:
            return starts[-needed]
        if len(starts) >= _LINES_READ:
            break
    return None


def _end_of_code(text: bytes) -> int:
    last = max(text.rfind(mark) for mark in (b";", b"}", b")", b"=", b"]", b":"))
    line = text.find(b"\n", last)
    return len(text) if line < 0 else line


def _configuration(text: bytes) -> Iterator[Hit]:
    if b"clusters:" in text and b"users:" in text and (b"kind: Config" in text or b"current-context:" in text):
        yield Hit(0, len(text), "customer.config", 0.95, "kubeconfig")
    if _is_terraform_state(text):
        yield Hit(0, len(text), "customer.config", 0.95, "terraform_state")


def _in_json(text: bytes) -> Iterator[Hit]:
    """Inside one string at a time: what replaces a finding must leave a JSON document."""
    if _is_terraform_state(text):
        at = text.find(_TERRAFORM)
        yield Hit(at + 1, at + len(_TERRAFORM) - 1, "customer.config", 0.95, "terraform_state")
    for opening, end in _LONG_STRING.spans(text):
        low = opening + 1
        for hit in passages(unescape(text[low : end - 1])):
            yield hit._replace(start=low + hit.start, end=low + hit.end)


def _is_terraform_state(text: bytes) -> bool:
    return _TERRAFORM in text and (b'"lineage"' in text or b'"resources"' in text)
