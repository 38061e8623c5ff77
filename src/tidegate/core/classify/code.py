"""Is it source code? Counted line by line, not parsed: cheap on prose, decided within a few lines of code.

A line that prose may have counts once, one that stands in code alone twice, the head of a function or type three times;
what counts four, close together, is a passage. So two plain lines of code will do, and a list with brackets will not.
"""

# ruff: noqa: E501 - patterns and rows read better unbroken

from collections.abc import Iterator
from functools import cache

from tidegate.core.classify import configuration
from tidegate.core.classify.fold import unescape
from tidegate.core.classify.languages import language
from tidegate.core.classify.patterns import Pattern, compile_pattern
from tidegate.core.classify.rows import BuiltIn, Hit, Row

__all__ = ["ROWS", "language", "may_hold_passages", "passages"]

ROWS: tuple[Row, ...] = (
    BuiltIn(label="code.source", name="source_code", about="lines that read as source code, fenced or not; a question about code is not code"),
    *configuration.ROWS,
)  # fmt: skip

_MARKS = b"{}[];=<>_`"
_FEWEST_MARKS = 12
_FEWEST_BREAKS = 2
_SHORTEST_BYTES = 24
_WEIGHT_NEEDED = 4
_LINES_APART = 5
_LINES_READ = 400
_BLOCKS_READ = 1000
"""Fenced ones; what stands behind them is read as if there were no fences."""
_START = rb"(?m)^[ \t>]*(?:[0-9]+(?:\t|\xe2\x86\x92|: ?| ?\| ?)[ \t]*)?"
"""Indented, quoted, or with the numbers that listings have."""

_DEFINITIONS = (
    rb"(?:(?:public|private|protected|internal|static|final|export|default|async|abstract|pub(?:\([a-z]+\))?|override|virtual|inline|extern|const|unsafe|suspend|open|data|sealed|local|def|template) )*(?:def|function!?|fn|func|fun|sub|proc|macro_rules!|defmodule|subroutine) ?\(?[\w$:.*&<> ]*\)?[ ]?[\w$.]*[ ]?(?:[({<\[]|do$)",
    rb"(?:(?:public|private|protected|internal|static|final|export|default|abstract|pub|data|sealed|case) )*(?:class|interface|struct|enum|union|trait|impl|namespace|object|module|record|protocol|extension) [A-Za-z_$][^\n.;]*[:{][ \t]*$",
)
"""Lines that begin a function or a type: what follows them is its body."""

_STRONG = (
    # declarations
    rb"(?:public|private|protected|internal) [\w<>\[\], ?]+[({;=]",
    rb"(?:let|const|var|val|my|our|local|auto|mut) [\w${}\[\], :<>@%()*&?|]+=",
    rb"(?:(?:static|const|unsigned|long|struct|final|volatile|extern|register) )*(?:int|long|float|double|char|bool|boolean|string|String|void|size_t|u?int(?:8|16|32|64)_t|[ui](?:8|16|32|64)|byte|var|auto|std::[\w:<>]+|[A-Z]\w*(?:<[\w, <>?\[\]]+>)?)[ *&\[\]]+[\w$]+(?:\[[^\n\]]*\])?(?: ?=[^\n]*)?;[ \t]*$",
    rb"(?:typedef|template ?<|using [\w:.]+ ?[=;]|namespace [\w:.\\]+;?[ \t]*$|#\[\w|@\w+\(|@(?:Override|Test|Autowired|property|staticmethod|classmethod|dataclass)\b)",
    # modules
    rb"#[ \t]*(?:include|define|undef|ifdef|ifndef|endif|elif|pragma|import)\b|#!/",
    rb"(?:from [\w.]+ import [\w*(, ]|import [\w.{}*, ]+ from [\"']|import [\w.*]+;|import (?:static|qualified) |import \(|use [\w:\\{}, ]+;|package [\w.]+;|(?:const|var|let)? ?\w* ?=? ?require\(?[ ]?[\"']|import [\"'][^\n]*[\"']|export (?:default|\{|\*)|\\(?:documentclass|usepackage|begin|newcommand)[\[{])",
    # control flow
    rb"(?:\} ?)?(?:if|else if|for|foreach|while|switch|catch|unless|using|lock|synchronized)[ ]?\([^\n]*\)[ ]?\{?[ \t]*(?://[^\n]*)?$",
    rb"(?:if|elif|while|with|assert|elsif) [^\n]*(?:==|!=|[<>]=?|\(|\[|\bnot |&&|\|\|)[^\n]*(?::|\{|then)[ \t]*(?:[#/][^\n]*)?$",
    rb"(?:async )?for [\w, ()$&]+ (?:in|of|:=) [^\n]+(?::|\{|do)[ \t]*$",
    rb"(?:else|try|finally|begin|ensure|do|loop)[ \t]*[:{][ \t]*$|except[ \w.,()]*:[ \t]*$|case [^\n]+:[ \t]*$|default:[ \t]*$|elif [^\n]*:[ \t]*$",
    rb"\}[ \t]*(?:else|catch|finally|while)\b|\}[)\]]*;[ \t]*$|\}\)[;,]?[ \t]*$|break;[ \t]*$|continue;[ \t]*$",
    rb"return(?: [^\n]*)?;[ \t]*$|return (?:self|this|None|True|False|true|false|null|nil|not|new|await|super|lambda|\w+[\[({])|return [\w.]+(?:\(| [-+*/%<>&|=]+ [\w(\"'])|puts (?:[\"'@:]|[\w.]+\()|(?:throw|raise|yield|await|panic!?|defer|go) ?\(?(?:new )?[\w.]+[\[({]",
    rb"(?:fi|done|esac|endif|endfunction|endwhile|endfor|next|pass|;;)[ \t]*$|end (?:do|if|subroutine|function|program|module)\b|END (?:DO|IF|SUBROUTINE|FUNCTION|PROGRAM)\b",
    # statements
    rb"[A-Za-z_$@%][\w$.\[\]\"'>{}*()-]*[ \t]*(?:[-+*/|&%^.]|\*\*|//|<<|>>|:|\?\?|\|\||&&)?=[ \t]*[^=\s][^\n]*;[ \t]*(?://[^\n]*)?$",
    rb"[A-Za-z_$@][\w$.\[\]\"']*(?:, [\w$.]+)*[ \t]*(?::[ \t]*[\w\[\], |.]+)?[ \t]*(?:[-+*/|&%^]|\*\*|//|<<|>>|:|\?\?)?=[ \t]*(?:(?:await|new|not|lambda|async|yield) )?(?:[\w$.:]+[\[(]|[\[{(]|[\w$.\[\]\"']+ (?:[-+*/%&|<>]|==|and|or|if|in|is) |(?:None|True|False|null|nil)[ \t]*$)",
    rb"(?:self|this|std|console|System|fmt|sys|os|document|window|module|process|math|Math|np|pd|plt|logging|logger|log|request|response|ctx)(?:\.|->|::)\w+[^\n]*[()=;]",
    rb"[A-Za-z_$][\w$.:>!?-]*\([^\n]*\)[ \t]*(?:;|\{|\?;?)[ \t]*$|[A-Za-z_$]\w*(?:(?:\.|->|::)\w+)+\([^\n]*\)[ \t]*,?[ \t]*$|\w+!\(|\.\w+\([^\n]*\)?[ \t]*[;,{(]?[ \t]*$|[\w.]+\([^\n]*\{[ \t]*$|[\w.]+\([\"'][^\n]*[\"']\)[ \t]*$",
    rb"(?:\$\w+(?:->|\[|\{| ?[-+.*|]?= |::)|@\w+ = |%\w+ = |\$\{?\w+\}? ?=)|(?:[^\n ]+ )?[^\n]*(?:\"\$[\w{(@]|\$\(\w|\$\{\w|\$\$|\[ -[a-z] |\]\] |2>&1|>/dev/null)",
    rb"[\w.]+ <- [^\n]|\w+ :: [^\n]*(?:->|[A-Z])|\w+ := [^\n]|\|> [^\n]|\((?:def|defn|defun|let|ns|setq|cond|lambda|define|require)\b|-(?:module|export)\(|[A-Z][a-z]+-[A-Z]\w+ -\w",
    rb"let [gsbwlav]:\w+[^\n]*=|call [\w:#%]+\(|(?:syn|syntax) (?:keyword|match|region|include|sync|cluster) |(?:hi|highlight|HiLink)!? (?:def(?:ault)? )?link |(?:au|autocmd)!? \w+ |setl(?:ocal)? \w",
    rb"set [\w:(),]+ (?:[\[$\"{-]|0|1|\w+[ \t]*$)|(?:if|while|foreach|for|elseif|\} elseif)[ ][\w ]*\{[^\n]*\{[ \t]*$|(?:integer|real|logical|character|type|double precision)[^\n]*::|(?:implicit none|IMPLICIT NONE|program \w|use \w+, only)",
    # queries, markup, builds
    rb"(?:SELECT [^\n]|INSERT INTO [\w.\"`\[]|UPDATE [\w.\"`]+ SET|DELETE FROM [\w.\"`]|(?:CREATE|ALTER|DROP) (?:OR REPLACE )?(?:UNIQUE |TEMP(?:ORARY)? |MATERIALIZED |EXTERNAL )?(?:TABLE|INDEX|VIEW|FUNCTION|TRIGGER|DATABASE|SCHEMA|EXTENSION|TYPE|SEQUENCE|USER|ROLE|PROCEDURE|OPERATOR|AGGREGATE|CAST|DOMAIN)|(?:LEFT |RIGHT |INNER |OUTER |FULL |CROSS )?(?:OUTER )?JOIN [\w.\"`]+ |GRANT [A-Z, ]+ ON |LANGUAGE '?\w+'?[^\n]*;|\$\w*\$)",
    rb"(?:select|insert into|update|delete from|create (?:or replace )?(?:table|view|index|function)) [\w*,. \"`()]+[^\n]*(?:;|from \w+ where [^\n]*|\()[ \t]*$",
    rb"<(?:!DOCTYPE|html|head|body|script|style|div|span|table|tr|td|th|ul|ol|form|input|button|template|svg|link|meta|section|nav|header|footer|img|a href|h[1-6]|\?php|\?xml)\b",
    rb"(?:resource|data|module|provider|variable|output|terraform|locals) ?(?:\"[\w.-]+\" ?)*\{[ \t]*$|(?:FROM [\w./:@-]+(?: AS \w+)?|RUN [^\n]+|COPY [^\n]+|ENTRYPOINT \[[^\n]*|CMD \[[^\n]*|WORKDIR /[^\n]*)[ \t]*\\?$",
)
"""Lines that prose has not."""

_WEAK = (
    rb"(?:class|function|interface|struct|enum|impl|trait|namespace|type) [A-Za-z_$][\w$]*[^.\n]*[:{(;=]",
    rb"(?:if|elif|for|while|switch|catch|foreach|using|with|match|unless|when|until)[ (][^\n]*(?:[:{)]|then|do)[ \t]*(?:[#/][^\n]*)?$",
    rb"(?:else|then|do|begin|end|repeat|BEGIN|END|COMMIT|GO);?[ \t]*$",
    rb"return(?: [\w.]+|[^\n]*[\])}\"'])?[ \t]*$",
    rb"(?:import|from|require|include|use) [\w.]+(?: as \w+)?[ \t]*$|(?:import|package|using|require|include)[ (]+[^\n]*(?:;|[\"'][)]?)[ \t]*$|package \w+[ \t]*$",
    rb"[A-Za-z_$][\w$.\[\]\"']*[ \t]*(?::[ \t]*[\w\[\], |.]+)?[ \t]*(?:[-+*/|&%^]|\*\*|//|<<|>>|:|\?\?)?=[ \t]*[^=\s]",
    rb"[A-Za-z_$][\w$.:>-]*\([^\n]*\)[ \t]*(?:;|\{|,|:)?[ \t]*$",
    rb"@[A-Za-z_][\w.]*[ \t]*$|[a-z-]+:[ ]?[^\n;{}]+;[ \t]*$|[.#]?[\w-]+(?:[:.> ,#]+[\w-]+)*[ ]?\{[ \t]*$",
    rb"(?:FROM|WHERE|AND|OR|GROUP BY|ORDER BY|HAVING|VALUES|SET|ON|LIMIT|UNION|AS|WITH|RETURNS?|DECLARE)\b[^\n]*[\w;),*'(][ \t]*$",
    rb"</?[A-Za-z][\w:-]*(?: [^\n>]*)?/?>",
    rb"(?:echo|print|puts|printf|exec|export|cd|set|unset|local|exit|source|sudo|test|trap|call|write|read) [^\n]*[\"'$\\(=)&|;]",
    rb"[^\n\"'{}\[\]\t >()*+-][^\n]*(?:[=()\[\]$<>&|*]|->|::)[^\n]*;[ \t]*$|[^\n\"'{}\[\]\t >][^\n]*\{[ \t]*$",
    rb"\\(?:end|section|subsection|item|caption|label|cite|textbf)[{\[ ]|[A-Z_]+ ?[?:+]?= ?[^\n]*\$\(",
)
"""Lines that code has more often than prose."""

_CODE = _START + b"(?:" + b"|".join((*_DEFINITIONS, *_STRONG, *_WEAK)) + b")"
_CODE_LINE = compile_pattern(_CODE, max_mem=16 << 20)
_STRONG_LINE = compile_pattern(_START + b"(?:" + b"|".join((*_DEFINITIONS, *_STRONG)) + b")", max_mem=16 << 20)
_DEFINITION = compile_pattern(_START + b"(?:" + b"|".join(_DEFINITIONS) + b")")
_SECTION = compile_pattern(rb'(?m)^\[\[?[\w."-]+\]\]?[ \t]*$')
_FROM_TRACEBACK = compile_pattern(rb'(?:^|\n)[ \t>|]*File "[^"\n]+", line [0-9]+[^\n]*\n$')

_LONG_STRING = compile_pattern(rb'"(?:[^"\\]|\\.){40}(?:[^"\\]|\\.)*"')
_FENCE = b"```"
_DATA_FENCES = (b"json", b"yaml", b"yml", b"text", b"txt", b"md", b"markdown", b"csv", b"console", b"output", b"log", b"toml", b"ini", b"plain")  # fmt: skip
_HUNK = b"@@ "
_MOST_BEFORE = 400


def may_hold_passages(source: bytes) -> bool:
    """Lines, escaped lines, or the punctuation of code: without any there is nothing to read closely."""
    return len(source) >= _SHORTEST_BYTES and (
        source.count(b"\n") >= _FEWEST_BREAKS
        or (b"\\" in source and b"\\n" in source)
        or (_has_a_mark(source) and (_has_marks(source) or configuration.STATE in source))
    )


def _has_marks(source: bytes) -> bool:
    return len(source) - len(source.translate(None, _MARKS)) >= _FEWEST_MARKS


def _has_a_mark(source: bytes) -> bool:
    """Looking for single bytes costs a tenth of counting them all, and prose has none of these. One stands in
    `configuration.STATE` as well.
    """
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
        return
    if not _may_begin(text):
        return
    known = list(configuration.passages(text))
    yield from known
    if any(hit.end - hit.start == len(text) for hit in known):
        return
    if _HUNK[:1] in text and _HUNK in text:
        text = _without_marks_of_a_diff(text)
    yield from _fenced(text) if _FENCE[:1] in text and _FENCE in text else _unfenced(text)


def _may_begin(text: bytes) -> bool:
    """Some line is one of code or configuration, or it takes a closer look to tell; what looks like code gets it."""
    looks_so = b"{" in text or b"=" in text or _FENCE[:1] in text or (_HUNK[:1] in text and _HUNK in text)
    return looks_so or _lines().is_in(text)


@cache
def _lines() -> Pattern:
    return compile_pattern(_CODE + b"|" + configuration.line_beginnings(), max_mem=32 << 20)


def _without_marks_of_a_diff(text: bytes) -> bytes:
    """As long as it was."""
    return text.replace(b"\n+", b"\n ").replace(b"\n-", b"\n ")


def _unfenced(text: bytes) -> Iterator[Hit]:
    start = _first_code(text, 0, len(text), _WEIGHT_NEEDED)
    if start is not None:
        yield Hit(start, _end_of_code(text), "code.source", 0.8, "source_code")


def _fenced(text: bytes) -> Iterator[Hit]:
    """Fenced blocks that are not declared as data; an open fence goes on to the end."""
    at = text.find(_FENCE)
    blocks = 0
    while at >= 0:
        blocks += 1
        if blocks > _BLOCKS_READ:
            yield from (hit._replace(start=at + hit.start, end=at + hit.end) for hit in _unfenced(text[at:]))
            return
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
    """Where lines that are worth `needed` begin to stand close together: far apart they are accidents of prose."""
    recent: list[tuple[int, int]] = []
    read = 0
    for line, stop in _CODE_LINE.spans(text, start, end):
        read += 1
        if read > _LINES_READ:
            break
        if _quoted_by_a_traceback(text, line):
            continue
        recent = [one for one in recent if text.count(b"\n", one[0], stop) < needed * _LINES_APART]
        recent.append((line, _weight(text, line, end)))
        if sum(weight for _, weight in recent) >= needed:
            settings = all(weight == 1 for _, weight in recent) and _SECTION.is_in(text)
            return None if settings else recent[0][0]
    return None


def _weight(text: bytes, line: int, end: int) -> int:
    if _STRONG_LINE.match(text, line, end)[0][1] <= line:
        return 1
    return 3 if _DEFINITION.match(text, line, end)[0][1] > line else 2


def _quoted_by_a_traceback(text: bytes, line: int) -> bool:
    before = text[max(0, line - _MOST_BEFORE) : line]
    return before.endswith(b"\n") and b'", line ' in before and _FROM_TRACEBACK.is_in(before)


def _end_of_code(text: bytes) -> int:
    last = max(text.rfind(mark) for mark in (b";", b"}", b")", b"=", b"]", b":"))
    line = text.find(b"\n", last)
    return len(text) if line < 0 else line


def _in_json(text: bytes) -> Iterator[Hit]:
    """Inside one string at a time: what replaces a finding must leave a JSON document."""
    yield from configuration.in_json(text)
    for opening, end in _LONG_STRING.spans(text):
        low = opening + 1
        for hit in passages(unescape(text[low : end - 1])):
            yield hit._replace(start=low + hit.start, end=low + hit.end)
