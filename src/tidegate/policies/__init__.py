"""Policies that ship with tidegate, as data: the published schema, the baseline with its invariants and proof, and a
library for what regulations ask.
"""

from importlib.resources import files


def library_names() -> list[str]:
    """What can be added to the baseline."""
    return sorted(one.name for one in (files(__name__) / "library").iterdir() if (one / "invariants.toml").is_file())
