"""`docs/dialects.md`: what each dialect can say, from the tables that the gateway itself goes by."""

from collections.abc import Iterator, Mapping

from tidegate.core.dialects import known
from tidegate.core.dialects.neutral.features import Cannot, Feature
from tidegate.core.dialects.variations import VARIATIONS, Variation
from tidegate.core.dispatch.endpoints import ENDPOINTS, ON_REQUEST, Endpoint

_HEAD = """\
# Dialects

<!-- Generated from the tables that the gateway goes by; `make docs` writes it again. -->

What clients may speak, what targets understand, and what becomes of a request where the two differ.

Where client and target speak the same dialect, the client's own bytes are forwarded, with the model's name replaced and
with whatever policy had redacted; the answer comes back as the bytes that the target sent. Where they differ, the
request is read into one neutral form and written in the target's dialect, and the answer the other way: there are as
many translations as dialects, never one for each pair.

What a target's dialect has no word for is **dropped** or **refused** by the table below, never lost silently: what
was dropped is named in the header `x-tidegate-dropped` and on the receipt (`dropped`), what an answer holds that the
client's dialect has no word for stands there as `lost`. A refusal is `not_expressible`, status 400, and names what
could not be said; if another permitted target can be asked, it is. Fields that a dialect does not know are dropped by
name too, but for those without which the request would mean something else (a stored response's id, a provider's own
tools): they are refused. What is carried **by convention** is said in other words, which are read back in the answer: a
tool that takes free text becomes a function with one string, `input`. The receipt names that among what was dropped
(`free_tools:by_convention`).
"""
_WORDS = {
    None: "",
    Cannot.DROPPED: "dropped",
    Cannot.REFUSED: "**refused**",
    Cannot.CONVENTION: "by convention",
}


_NOT_SPOKEN = """\
## What is not spoken

| what | why |
|---|---|
| Gemini `countTokens`, `batches`, `cachedContents`, `files`, `interactions` | words of Gemini's own dialect, which \
targets understand here and clients do not speak: nobody could ask for them |
| Gemini's stream as one long array (without `alt=sse`) | says the same as the events, and ends nowhere in particular |
| Bedrock `InvokeModel` and its stream | each maker's own body in one more envelope; Converse says the same for all \
models, and Claude's own words go along in `additionalModelRequestFields` |
| Azure `realtime`, xAI `videos`, fine-tuning, administration of models | sound, films and administration are nothing \
that the gateway has looked at: they are refused with 404 |
"""


def page() -> str:
    parts = [_HEAD, *_spoken(), *_understood(), *_tables(), *_differing(), _NOT_SPOKEN]
    return "\n".join(parts).rstrip() + "\n"


def _spoken() -> Iterator[str]:
    yield "## What clients may speak\n\n| dialect | operation | paths |\n|---|---|---|"
    paths: dict[str, list[str]] = {}
    for path, dialect in known.PATHS.items():
        paths.setdefault(dialect.NAME, []).append(f"`{path}`")
    for name, dialect in sorted(known.SPOKEN.items()):
        yield f"| `{name}` | {dialect.OPERATION} | {' '.join(paths[name])} |"
    yield ""


def _understood() -> Iterator[str]:
    yield "## What targets understand\n"
    yield "By provider, in order of preference: a client of another dialect is crossed to the first of its operation.\n"
    yield "| provider | dialects and where they are asked |\n|---|---|"
    for provider, endpoints in sorted(ENDPOINTS.items()):
        yield f"| {provider} | {'<br>'.join(_endpoints(provider, endpoints))} |"
    yield ""


def _endpoints(provider: str, endpoints: Mapping[str, Endpoint]) -> Iterator[str]:
    for name, endpoint in endpoints.items():
        stream = f", streams `{endpoint.stream_path}`" if endpoint.stream_path else ""
        rare = ", if the target says so" if name in ON_REQUEST.get(provider, ()) else ""
        yield f"`{name}` `{endpoint.path}`{stream}{rare}"


def _tables() -> Iterator[str]:
    yield "## What becomes of a feature\n"
    yield "An empty cell: it is carried.\n"
    for operation in sorted({each.OPERATION for each in known.UNDERSTOOD.values()}):
        dialects = [each for _, each in sorted(known.UNDERSTOOD.items()) if operation == each.OPERATION]
        used = [feature for feature in Feature if any(feature in each.CANNOT for each in dialects)]
        if not used:
            continue
        yield f"### {operation}\n"
        yield f"| feature | {' | '.join(f'`{each.NAME}`' for each in dialects)} |"
        yield "|---|" + "---|" * len(dialects)
        for feature in used:
            yield f"| {feature.value} | {' | '.join(_WORDS[each.CANNOT.get(feature)] for each in dialects)} |"
        yield ""
    carried = [f"`{feature.value}`" for feature in Feature if not _is_in_some_table(feature)]
    yield f"Carried by all that have the operation: {', '.join(carried) or 'none'}.\n"


def _differing() -> Iterator[str]:
    """What is told as data beside the tables."""
    yield "## Where providers differ\n"
    yield "From the dialect that they are asked in, for requests that are crossed; what a client says in that dialect"
    yield "itself passes as it came.\n"
    yield "| provider | dialect | models | what becomes of features there | fields | source |"
    yield "|---|---|---|---|---|---|"
    for provider, all_of in sorted(VARIATIONS.items()):
        for each in all_of:
            models = f"`{each.models.pattern}`" if each.models.pattern else "all"
            told = " | ".join((provider, f"`{each.dialect}`", models, _cannot(each), _fields(each), each.source))
            yield f"| {told} |"
    yield ""


def _cannot(varied: Variation) -> str:
    words: dict[str, list[str]] = {}
    for feature, cannot in varied.cannot.items():
        words.setdefault(_WORDS[cannot] or "carried", []).append(feature.value)
    return "; ".join(f"{word}: {', '.join(features)}" for word, features in words.items())


def _fields(varied: Variation) -> str:
    told = [f"`{old}` is `{new}`" if new else f"no `{old}`" for old, new in varied.renamed.items()]
    if varied.call_ids:
        told.append(f"ids of calls are `{varied.call_ids.pattern}`")
    return ", ".join(told)


def _is_in_some_table(feature: Feature) -> bool:
    return any(feature in each.CANNOT for each in known.UNDERSTOOD.values())
