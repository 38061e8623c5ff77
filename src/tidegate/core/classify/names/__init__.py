"""Names of persons, and of the places and organisations that belong to them."""

from tidegate.core.classify.names.finder import NamesFinder, load

__all__ = ["NamesFinder", "load"]
