"""Thought signatures: whose they are can be told, because a signature that is not Gemini's own is an error there.

One that stood beside a call travels with the thought before the call, for clients have a place for it there and none
in calls; its mark says that it belongs to the call.
"""

_MARK, _CALL_MARK = "gemini:", "gemini.call:"
# What Google has clients send where a call was made by somebody else: base64 of "skip_thought_signature_validator"
# (ai.google.dev/gemini-api/docs/thought-signatures).
NOBODYS = "c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I="


def marked(signature: str, *, of_call: bool = False) -> str:
    """As clients keep it and bring it back."""
    return (_CALL_MARK if of_call else _MARK) + signature if signature else ""


def own(signature: str) -> str:
    """As Gemini gave it, with a thought or a text; empty for a signature of anybody else's."""
    return signature.removeprefix(_MARK) if signature.startswith(_MARK) else ""


def of_call(signature: str) -> str:
    """As Gemini gave it with a call; empty for all others."""
    return signature.removeprefix(_CALL_MARK) if signature.startswith(_CALL_MARK) else ""
