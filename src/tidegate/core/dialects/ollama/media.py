"""Images: base64 without a word on what they are. Their first bytes say it."""

from tidegate.core.dialects.neutral.chat import Media

# How the signatures of the formats that Ollama reads look in base64.
_BEGINNINGS = (
    ("iVBORw0KGgo", "image/png"),
    ("/9j/", "image/jpeg"),
    ("R0lGOD", "image/gif"),
    ("UklGR", "image/webp"),
    ("Qk", "image/bmp"),
)


def image(data: str) -> Media:
    """`media_type` is empty for what begins like none of them."""
    kind = next((kind for beginning, kind in _BEGINNINGS if data.startswith(beginning)), "")
    return Media("image", kind, data=data)
