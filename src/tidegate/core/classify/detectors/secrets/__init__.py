"""Credentials: formats of vendors, by prefix or by the vendor's name nearby, and forms that protocols define.

What neither gives away is found by the words before it: `named.py`, `assignments.py`.
"""

from tidegate.core.classify.detectors.secrets import forms, prefixed, unprefixed
from tidegate.core.classify.rows import Row

ROWS: tuple[Row, ...] = (*prefixed.ROWS, *forms.ROWS, *unprefixed.ROWS)
