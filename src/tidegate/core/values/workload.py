"""What a declared workload binds its requests to."""

from typing import NamedTuple


class Workload(NamedTuple):
    """`residency`: a region that its data must stay in, or empty. `models`: what it may ask for; None for all."""

    residency: str = ""
    models: frozenset[str] | None = None
