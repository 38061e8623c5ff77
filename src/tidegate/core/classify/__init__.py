"""Stage two of the path: text in, labels out."""

from tidegate.core.classify.engine import Engine

__all__ = ["Engine"]
