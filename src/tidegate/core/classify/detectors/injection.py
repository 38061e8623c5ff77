"""Text that speaks to the model where data should stand: in what tools return."""

# ruff: noqa: E501 - rows are tables: a pattern or a list of cues reads better in one line than in five

from tidegate.core.classify.rows import Cued, Row
from tidegate.core.values.envelope import Position

_RETRIEVED = frozenset({Position.TOOL_RESULT.value})

ROWS: tuple[Row, ...] = (
    Cued(
        label="injection.suspected",
        name="override",
        about="asks to ignore, forget or replace earlier instructions",
        keywords=("ignore", "disregard", "forget", "override", "bypass"),
        pattern=(
            r"(?i)((?:ignore|disregard|forget|override|bypass)(?: (?:all|any|every|everything|of|the|your|my|these|those|above|previous|prior|earlier|preceding|existing|current|system|safety|and|other|in))*"
            r" (?:instructions?|prompts?|rules|guidelines|directives?|messages?|context|constraints|guardrails))"
        ),
        reach=120,
        positions=_RETRIEVED,
        score=0.85,
    ),
    Cued(
        label="injection.suspected",
        name="new_role",
        about="gives the model another role or other instructions",
        keywords=(
            "you are now",
            "new instructions",
            "from now on",
            "act as",
            "pretend to be",
            "your new",
            "important instruction*",
            "system override",
        ),
        pattern=(
            r"(?i)(you are now (?:a|an|in|the|dan|free|my)\b|new instructions?:|from now on,? you (?:are|will|must|should)|act as (?:a|an|if|the)\b|pretend to be|your new (?:task|role|goal|instructions?|objective)"
            r"|important instructions?[:!]|system override)"
        ),
        reach=64,
        positions=_RETRIEVED,
        score=0.75,
    ),
    Cued(
        label="injection.suspected",
        name="secrecy",
        about="asks to hide something from the user, or to send data somewhere",
        keywords=(
            "do not tell the user*",
            "don't tell the user*",
            "do not mention*",
            "without telling the user*",
            "do not inform the user*",
            "without informing*",
            "reveal your*",
            "system prompt",
            "exfiltrate*",
            "send the contents*",
            "send all*",
            "upload the*",
            "forward all*",
        ),
        pattern=(
            r"(?i)(do not (?:tell|inform) the user|don't tell the user|without (?:telling|informing) the user|do not mention (?:this|that|it|these)|reveal your (?:system |hidden |initial )?(?:prompt|instructions)"
            r"|(?:print|show|repeat|output|leak) [^\n.]*system prompt|exfiltrate|(?:send|upload|forward) (?:the contents|all|the) [^\n]*(?:to|https?:))"
        ),
        around=True,
        reach=96,
        positions=_RETRIEVED,
        score=0.75,
    ),
    Cued(
        label="injection.suspected",
        name="control_tokens",
        about="control tokens of chat templates",
        keywords=(
            "<|im_start|>",
            "<|system|>",
            "<|endoftext|>",
            "[inst]",
            "<<sys>>",
            "<|start_header_id|>",
            "</s>",
            "### instruction",
            "<system>",
            "<|eot_id|>",
        ),
        pattern=r"(?i)(<\|(?:im_start|system|endoftext|start_header_id|eot_id)\|>|\[inst\]|<<sys>>|</s>|### instruction|<system>)",
        reach=32,
        positions=_RETRIEVED,
        score=0.75,
    ),
)
