"""The names finder's data, as it ships in the package: described in `MODEL_CARD.md` beside it."""

from __future__ import annotations

from importlib import resources
from typing import NamedTuple


class NamesData(NamedTuple):
    weights: bytes
    gazetteer: bytes


def names_data() -> NamesData:
    """Both files' bytes, 3 MB together, read anew each time: whoever builds a finder keeps them."""
    folder = resources.files(__name__)
    return NamesData((folder / "weights.bin").read_bytes(), (folder / "gazetteer.bin").read_bytes())
