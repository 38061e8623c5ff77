"""Which language a piece of source code is written in: a guess for people to read, which nothing is decided on."""

# ruff: noqa: E501 - rows read better unbroken

from functools import cache

from tidegate.core.classify.patterns import Pattern, compile_pattern

_MOST_BYTES = 65_536
_MOST_COUNTED = 5

_SIGNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("python", (r"^[ \t]*def \w+\([^\n]*\)(?: ->[^\n]*)?:[ \t]*(?:#.*)?$", r"^[ \t]*(?:elif|except|finally|with|try|class \w+[^\n{]*)\b[^\n{]*:[ \t]*$", r"^[ \t]*from [\w.]+ import ", r"\bself\.\w", r"^[ \t]*@\w+", r"\b(?:None|True|False)\b", r"^[ \t]*(?:for|if|while) [^\n({]+[^\n{]*:[ \t]*$", r'^[ \t]*"""', r"\blambda \w+:", r"^import \w+(?:\.\w+)*(?: as \w+)?$")),
    ("javascript", (r"\b(?:const|let) [\w{}\[\], ]+ = ", r"=> ?[{(\w]", r"\bfunction ?\w*\([^\n]*\) ?\{", r"\brequire\(['\"]", r"===|!==", r"\bconsole\.(?:log|error)\(", r"^import [^\n]+ from ['\"]", r"^export (?:default|const|function|class)", r"\b(?:module\.exports|document\.|window\.|async function|await |undefined\b|JSON\.)")),
    ("typescript", (r"^(?:export )?interface \w+(?: extends [\w, ]+)? \{", r"\b\w+\??: (?:string|number|boolean|any|void|unknown|Promise<|Record<|\w+\[\])", r"^(?:export )?type \w+(?:<[^>\n]*>)? = ", r"\bas (?:string|number|any|const|unknown)\b", r"\bconst \w+: \w", r"\bimport type ", r"\bprivate (?:readonly )?\w+:", r"=> ?[{(\w]")),
    ("java", (r"\bpublic (?:static |final |abstract )*(?:class|interface|enum|void|int|String|boolean|[A-Z]\w*(?:<[^\n>]*>)?) \w+", r"^import (?:static )?(?:java|javax|org|com)\.[\w.*]+;", r"\bSystem\.out\.print", r"@(?:Override|Autowired|Test)\b", r"\b(?:extends|implements) [A-Z]\w+", r"\bnew [A-Z]\w*(?:<[^\n>]*>)?\(", r"\bthrows [A-Z]", r"\bprivate (?:static |final )*[A-Z]?\w+(?:<[^\n>]*>)? \w+( =|;)", r"^package [\w.]+;")),
    ("csharp", (r"^using [A-Z][\w.]*;", r"^[ \t]*namespace [A-Z][\w.]*", r"\{ get; (?:private |protected |internal )?(?:set|init);", r"\bpublic (?:async |static |override |virtual |partial )*(?:Task|void|string|int|bool|class|record|IActionResult|IEnumerable)", r"\bConsole\.(?:Write|Read)", r"\bvar \w+ = new ", r"\bstring\.(?:Empty|IsNullOr)|\bawait \w+\.\w+Async\(", r"^[ \t]*\[\w+(?:\([^\n]*\))?\][ \t]*$")),
    ("c", (r"^#[ \t]*include <\w+\.h>", r"\b(?:printf|malloc|free|memcpy|strlen|sizeof|fprintf)\(", r"^(?:static |const |unsigned |struct )*(?:int|void|char|size_t|uint\d+_t|struct \w+) \**\w+\([^\n;]*\)", r"->\w+", r"^typedef (?:struct|enum|union|unsigned)", r"\b(?:char|void|int) \*+\w+", r"\bNULL\b", r"^#[ \t]*(?:define|ifdef|ifndef|endif)", r"\bstruct \w+ \{")),
    ("cpp", (r"\bstd::\w+", r"^#[ \t]*include <\w+>$", r"\btemplate ?<", r"\b(?:cout|cin|cerr) ?<<|<< ?(?:std::)?endl", r"\b(?:class|struct) \w+ (?:final )?(?:: (?:public|private) \w+)? ?\{", r"^[ \t]*(?:public|private|protected):", r"\b(?:nullptr|constexpr|noexcept|static_cast<|unique_ptr|auto&|override)\b", r"\b\w+::~?\w+\(", r"\bnamespace \w+ \{|using namespace ")),
    ("go", (r"^package \w+$", r"^func (?:\(\w+ \*?\w+\) )?\w+\(", r":= ", r"\bif err != nil \{", r"\bfmt\.(?:Print|Sprint|Errorf)", r"^import \(|^import \"", r"\b(?:chan|defer|go func|struct \{|interface \{|\[\]byte|map\[string\])", r"^type \w+ (?:struct|interface)", r"\breturn (?:nil|[\w.]+), (?:nil|err)")),
    ("rust", (r"\bfn \w+(?:<[^\n>]*>)?\(", r"\blet mut \w+", r"\bimpl(?:<[^\n>]*>)? [\w:<>]+(?: for [\w<>]+)? \{", r"\b(?:println|vec|format|panic|assert|assert_eq)!", r"^[ \t]*(?:pub )?use (?:\w+::)+", r"#\[(?:derive|cfg|test|allow)", r"\b(?:Option|Result|Vec|Box|Arc|Rc)<", r"&(?:mut |str\b|self\b|'\w+ )", r"\bmatch [^\n]+ \{", r"\b(?:Some|Ok|Err)\(", r"-> (?:Self|Result|Option|impl|&|[iu]\d+)")),
    ("ruby", (r"^[ \t]*def (?:self\.)?\w+[?!]?(?:\([^\n]*\))?[ \t]*$", r"^[ \t]*end[ \t]*$", r"\bdo \|[\w, ]+\|", r"^[ \t]*(?:require|require_relative|include|attr_(?:accessor|reader|writer)|gem|module) [:'\"A-Z]", r"@\w+ (?:=|\|\|=)", r"\b(?:puts|nil\?|unless|elsif|rescue|\.each)\b", r"\w+: :\w+|:\w+ =>", r"^[ \t]*class [A-Z]\w*(?: < [A-Z][\w:]*)?[ \t]*$")),
    ("php", (r"<\?php", r"\$this->", r"\$\w+ = ", r"\bfunction \w+\([^\n]*\$", r"\b(?:echo|foreach) ?\(?\$|=> ", r"^use [A-Z]\w*(?:\\\w+)+;", r"^namespace [A-Z][\w\\]*;", r"\bpublic function\b", r"\w+::\w+\(")),
    ("perl", (r"^[ \t]*my [$@%(]", r"^use (?:strict|warnings|[A-Z]\w*(?:::\w+)*)", r"\$\w+->\{|\$self\b|\$_\b|@_\b", r"^sub \w+", r"=~ ?[ms/]", r"\b(?:bless|shift|unless|elsif|qw\(|die|croak)\b", r"^=(?:head|item|cut|pod|over)", r"^package [\w:]+;", r"^[ \t]*our [$@%]")),
    ("shell", (r"^#!/(?:usr/)?bin/(?:env )?(?:ba|z|k|da)?sh", r"^[ \t]*(?:fi|done|esac)\b", r"\bthen[ \t]*$|; (?:then|do)[ \t]*$", r"\$\{?\w+\}?", r"^[ \t]*(?:echo|export|local|readonly|source|set -|trap|cd|sudo|grep|sed|awk|mkdir|rm|curl) ", r"\[\[? [^\n]+ \]\]?", r"\$\(\w", r"^[A-Z_a-z]\w*=[\"'$\w]", r"^\w+\(\) ?\{")),
    ("powershell", (r"\b(?:Get|Set|New|Remove|Invoke|Write|Import|Add|Test|Start|Stop)-[A-Z]\w+", r"\$\w+ = ", r"\bparam ?\(", r" -(?:eq|ne|like|match|gt|lt) ", r"\| (?:Where|ForEach|Select|Sort)-Object", r"\$(?:env:|_\.|true|false|null)", r"\[(?:string|int|switch|Parameter)", r"^[ \t]*function [A-Z]\w+-\w+")),
    ("sql", (r"(?i)^[ \t(]*select\b[^\n]*", r"(?i)\bfrom [\w.\"]+", r"(?i)\b(?:inner |left |right )?join [\w.\"]+ ", r"(?i)^[ \t]*(?:insert into|update [\w.]+ set|delete from) ", r"(?i)^[ \t]*(?:create|alter|drop) (?:or replace )?(?:table|index|view|function|type|trigger|extension)", r"(?i)\b(?:group|order) by ", r"(?i)^[ \t]*where ", r"(?i)\b(?:varchar|integer|not null|primary key|bigint|timestamp|numeric)\b")),
    ("kotlin", (r"\bfun (?:<[^\n>]*> )?[\w.]+\(", r"\bval \w+(?:: \w+)? = ", r"\b(?:data|sealed|open) class ", r"\bwhen ?\([^\n]*\) \{", r"\?\.|\?: |!!\.", r"\bcompanion object\b", r"\b(?:listOf|mapOf|println)\(", r": (?:String|Int|Boolean|Unit)\??")),
    ("swift", (r"\bfunc \w+\([^\n]*\) (?:-> [^\n]+)?\{", r"\b(?:guard|if) let \w+", r"\blet \w+(?:: [\w\[\]?]+)? = ", r"^import (?:Foundation|UIKit|SwiftUI|Combine)", r"\b(?:struct|class|extension|protocol) \w+: [\w, ]+ \{", r"\bself\.\w|@(?:State|Published|main|escaping)\b", r"\?\?|\?\.|\bnil\b")),
    ("scala", (r"\b(?:object|trait|case class|sealed trait) \w+", r"\bdef \w+(?:\[[^\n\]]*\])?\([^\n]*\): [\w\[\]]+ =", r"\b(?:val|var) \w+(?:: [\w\[\]]+)? = ", r"\bimport [\w.]+\.(?:_|\{)", r"\bmatch \{|case \w+(?:\([^\n]*\))? =>", r"\b(?:Some|Option|Seq|List|Map|Future)\[")),
    ("r", (r"\w <- ", r"\blibrary\(\w+\)", r"\bfunction\([^\n]*\) ?\{", r"%>%|\|>", r"\bdata\.frame\(|\bc\(\"?", r"\$\w+ <-", r"\bggplot\(")),
    ("lua", (r"^[ \t]*local (?:function )?\w+", r"^[ \t]*end\b", r"\bthen[ \t]*$", r"\bfunction [\w.:]+\([^\n]*\)[ \t]*$", r"~= |\.\.", r"\b(?:nil|pairs|ipairs|elseif)\b", r"\brequire ?\(?['\"]")),
    ("haskell", (r"^\w+ :: ", r"^import (?:qualified )?[A-Z]", r"^module [A-Z][\w.]* ", r" <- |-> ", r"^data [A-Z]\w* = ", r"\bwhere[ \t]*$", r"\b(?:Maybe|Just|Nothing|IO|mapM_|fmap)\b|<\$>")),
    ("lisp", (r"^\((?:def|defn|defun|ns|defmacro|defvar|define|require|in-ns|provide|setq)\b", r"\((?:let|if|cond|lambda|fn|when|setq|loop|progn) ", r"\)\)\)+", r"^;;", r"\(\w+-\w+")),
    ("elixir", (r"^[ \t]*defmodule [A-Z]", r"^[ \t]*defp? \w+", r"\|> ", r"\bdo[ \t]*$", r"^[ \t]*@(?:doc|moduledoc|spec)", r"%\{|\{:\w+,")),
    ("fortran", (r"(?i)^[ \t]*(?:integer|real|logical|character|type)[^\n]*::", r"(?i)^[ \t]*(?:subroutine|program|end subroutine|end do|end if|implicit none|module \w+$)", r"(?i)^[ \t]*call \w+ ?\(", r"(?i)\b(?:intent\((?:in|out|inout)\)|dimension\()", r"(?i)^[ \t]*do \w+ ?= ?\w")),
    ("tcl", (r"^[ \t]*proc [\w:]+ \{", r"^[ \t]*set [\w(),:]+ [\[$\"{\w]", r"\[(?:lindex|llength|list|expr|string|winfo|info|concat) ", r"^[ \t]*(?:foreach|if|while) [\w ]*\{[^\n]*\} \{", r"\$\w+", r"^[ \t]*(?:namespace|package|variable|global|bind|ttk::)")),
    ("vim", (r"^[ \t]*let [gsbwlav]:\w+", r"^[ \t]*(?:endif|endfunction|endfor|endwhile|finish)\b", r"^[ \t]*(?:syn|syntax|hi|highlight|au|autocmd|setlocal|HiLink)\b", r"^[ \t]*function! ", r"\b(?:exists|has|expand)\([\"']", r'^[ \t]*" ')),
    ("html", (r"(?i)<!doctype html|<html\b|</(?:html|body|head)>", r"(?i)</?(?:div|span|p|a|ul|li|table|tr|td|h[1-6]|form|input|button|section|script|style|link|meta|img)\b", r"(?i)\b(?:class|href|src|id|style)=\"")),
    ("css", (r"^[ \t]*[.#@]?[\w-]+[^\n;{}()=]*\{[ \t]*$", r"^[ \t]*[a-z-]+: ?[^\n;{}]+;[ \t]*$", r"#[0-9a-fA-F]{3,6}\b", r"\b\d+(?:px|em|rem|vh|%)", r"@(?:media|import|keyframes|font-face)")),
    ("dockerfile", (r"^FROM [\w./:@-]+", r"^(?:RUN|COPY|ADD|WORKDIR|EXPOSE|ENTRYPOINT|CMD|ENV|ARG|LABEL|USER) ")),
    ("terraform", (r"^(?:resource|data|module|provider|variable|output|terraform|locals)(?: \"[\w.-]+\")* \{", r"^[ \t]*\w+[ ]+= ", r"\bvar\.\w+|\$\{(?:var|local|data)\.")),
    ("latex", (r"\\(?:documentclass|usepackage|begin|end|section|subsection|newcommand|cite|label|textbf|emph|item)\b", r"\$[^$\n]+\$", r"^%")),
    ("makefile", (r"^[\w./%$()-]+ ?:[^=\n]*$", r"\$\((?:CC|MAKE|CFLAGS|\w+)\)", r"^\t[@-]?\w", r"^\.PHONY", r"^[A-Z_]+ ?[:?+]?= ")),
    ("assembly", (r"^[ \t]+(?:mov|push|pop|call|jmp|lea|add|sub|cmp|ret|xor|test|je|jne)[lqwb]?\b", r"%(?:[re]?[abcd]x|[re]?[sd]i|[re]?[sb]p)\b|\b[re](?:ax|bx|cx|dx|sp|bp|si|di)\b", r"^[ \t]*\.(?:text|data|globl|section|align)", r"^\w+:[ \t]*$")),
)  # fmt: skip

_DECLARED = {
    "py": "python", "python3": "python", "js": "javascript", "jsx": "javascript", "node": "javascript", "mjs": "javascript",
    "ts": "typescript", "tsx": "typescript", "c++": "cpp", "cc": "cpp", "hpp": "cpp", "h": "c", "cs": "csharp", "c#": "csharp",
    "golang": "go", "rs": "rust", "rb": "ruby", "pl": "perl", "sh": "shell", "bash": "shell", "zsh": "shell",
    "ps1": "powershell", "kt": "kotlin", "hs": "haskell", "clj": "lisp", "clojure": "lisp", "elisp": "lisp", "scheme": "lisp",
    "ex": "elixir", "exs": "elixir", "hcl": "terraform", "tf": "terraform", "tex": "latex", "make": "makefile", "asm": "assembly",
    "postgresql": "sql", "mysql": "sql", "plsql": "sql", "f90": "fortran", "viml": "vim", "docker": "dockerfile", "htm": "html",
    "scss": "css", "sass": "css", "less": "css",
}  # fmt: skip

NAMES = frozenset(name for name, _ in _SIGNS)


@cache
def _patterns() -> list[tuple[str, list[Pattern]]]:
    """Compiled at first use: only whoever asks for a language pays for it."""
    return [(name, [compile_pattern(f"(?m){sign}".encode()) for sign in signs]) for name, signs in _SIGNS]


def language(text: str) -> str:
    """The likeliest language of source code, or "" where nothing speaks for any. A fence that names one is believed."""
    declared = _declared(text)
    if declared:
        return declared
    source = text[:_MOST_BYTES].encode("utf-8", "replace")
    best, most = "", 0
    for name, signs in _patterns():
        score = sum(min(_MOST_COUNTED, _count(sign, source)) + 3 * sign.is_in(source) for sign in signs)
        if score > most:
            best, most = name, score
    return best


def _declared(text: str) -> str:
    _, fence, rest = text.partition("```")
    name = rest.partition("\n")[0].strip().lower().partition(" ")[0] if fence else ""
    name = _DECLARED.get(name, name)
    return name if name in NAMES else ""


def _count(sign: Pattern, source: bytes) -> int:
    return sum(1 for _, _ in zip(range(_MOST_COUNTED), sign.spans(source), strict=False))
