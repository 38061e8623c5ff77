"""Thought signatures: whose they are can be told, because a signature that is not Gemini's own is an error there."""

_MARK = "gemini:"
# What Google has clients send where a call was made by somebody else: base64 of "skip_thought_signature_validator"
# (ai.google.dev/gemini-api/docs/thought-signatures).
NOBODYS = "c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I="


def marked(signature: str) -> str:
    """As clients keep it and bring it back."""
    return _MARK + signature if signature else ""


def own(signature: str) -> str:
    """As Gemini gave it; empty for a signature of anybody else's."""
    return signature.removeprefix(_MARK) if signature.startswith(_MARK) else ""
