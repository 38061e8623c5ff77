"""The dialect's own headers: which version is spoken, and which betas are turned on."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from tidegate.core.dialects.anthropic_messages.words import asked_by_beta
from tidegate.core.values.errors import BadRequest

VERSION, BETAS = "anthropic-version", "anthropic-beta"
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_BETA = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}", re.ASCII)
_MOST_BETAS = 64
# It says how the client itself would be let in there, and its credential stays here.
_ITS_OWN = ("oauth-",)


class Said(NamedTuple):
    """`carried`: what goes along. `asked`: capabilities. `unknown`: names for `Envelope.rest`."""

    carried: tuple[tuple[str, str], ...]
    asked: frozenset[str]
    unknown: frozenset[str]


_NOTHING = Said((), frozenset(), frozenset())


def read(headers: Mapping[str, str]) -> Said:
    """Raises BadRequest for what is no version and no list of betas: a header is no place for texts."""
    version, listed = headers.get(VERSION), headers.get(BETAS)
    if version is None and listed is None:
        return _NOTHING
    carried: list[tuple[str, str]] = []
    if version is not None:
        if not _VERSION.fullmatch(version):
            raise _wrong(VERSION, "a date such as 2023-06-01")
        carried.append((VERSION, version))
    betas = _betas(listed or "")
    if kept := [beta for beta in betas if not beta.startswith(_ITS_OWN)]:
        carried.append((BETAS, ",".join(kept)))
    found = {beta: asked_by_beta(beta) for beta in kept}
    asked = frozenset(capability for capability in found.values() if capability)
    unknown = frozenset(f"{BETAS}.{beta}" for beta, capability in found.items() if capability is None)
    return Said(tuple(carried), asked, unknown)


def _betas(listed: str) -> list[str]:
    betas = [beta for each in listed.split(",") if (beta := each.strip())]
    if len(betas) > _MOST_BETAS or not all(_BETA.fullmatch(beta) for beta in betas):
        raise _wrong(BETAS, f"at most {_MOST_BETAS} names of betas, joined by commas")
    return list(dict.fromkeys(betas))


def _wrong(header: str, expected: str) -> BadRequest:
    return BadRequest("invalid_header", f"{header} must be {expected}.", param=header)
