"""All rows, family by family, the stricter first: of two that score the same the earlier stands."""

from tidegate.core.classify import code, opaque
from tidegate.core.classify.detectors import government, health, injection, payment, pii, secrets, things
from tidegate.core.classify.rows import Row

ROWS: tuple[Row, ...] = (
    *government.ROWS,
    *payment.ROWS,
    *health.ROWS,
    *pii.ROWS,
    *things.ROWS,
    *secrets.ROWS,
    *code.ROWS,
    *injection.ROWS,
    *opaque.ROWS,
)
