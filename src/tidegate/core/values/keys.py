"""Keys that stages are given. Their material never shows in a repr, a log or an error."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Keys:
    """Three 32-byte secrets, each for one purpose, and the key epoch they belong to.

    `commitments`: keys of the commitments to prompts and answers are derived from it. `fingerprints`: keys of the side index.
    `tags`: session keys of pseudonyms.
    """

    epoch: str
    commitments: bytes = field(repr=False)
    fingerprints: bytes = field(repr=False)
    tags: bytes = field(repr=False)
