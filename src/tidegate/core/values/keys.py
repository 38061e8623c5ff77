"""Keys that stages are given. Their material never shows in a repr, a log or an error."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Keys:
    """Four 32-byte secrets, each for one purpose, and the key epoch they belong to.

    `commitments`: each request's key for committing to prompt and answer is derived from it. `fingerprints`: the side
    index's keys.
    `tags`: session keys of pseudonyms. `detection`: what detectors remember of texts that they may not keep.
    """

    epoch: str
    commitments: bytes = field(repr=False)
    fingerprints: bytes = field(repr=False)
    tags: bytes = field(repr=False)
    detection: bytes = field(repr=False)
