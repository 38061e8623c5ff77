"""All rows, family by family, the stricter first: of two that score the same the earlier stands."""

from tidegate.core.classify import code
from tidegate.core.classify.detectors import government, health, injection, payment, pii, secrets, things
from tidegate.core.classify.rows import Prefixed, Row

_OPAQUE = Prefixed(
    label="unscannable",
    name="embedded_file",
    about="an image, archive or document in base64 inside a text: nobody looks into it",
    prefixes=("H4sI", "UEsDB", "iVBORw0KGgo", "JVBERi0", "/9j/4AAQ", "R0lGOD", "UklGR"),
    alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/",
    least=64,
    most=1 << 30,
    score=0.9,
)

ROWS: tuple[Row, ...] = (
    *government.ROWS,
    *payment.ROWS,
    *health.ROWS,
    *pii.ROWS,
    *things.ROWS,
    *secrets.ROWS,
    *code.ROWS,
    *injection.ROWS,
    _OPAQUE,
)
