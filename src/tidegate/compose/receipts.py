"""The records of one exchange, found in the log."""

import json
import re
from collections.abc import Iterator

from tidegate.adapters.stores.tlog import entries
from tidegate.compose.storing import SLOT
from tidegate.config import Settings
from tidegate.core.settle.review_record import HELD

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def find_exchange(settings: Settings, request_id: str) -> list[tuple[int, bytes]]:
    """The entries of one exchange, and of the review that it waited for, oldest first; blocking. Raises LedgerError."""
    if not _UUID.fullmatch(request_id):
        return []
    wanted = f'"request_id":"{request_id}"'.encode()
    found: list[tuple[int, bytes]] = []
    for index, entry in entries(settings.audit.path / SLOT, newest_first=True):
        if wanted in entry:
            found.append((index, entry))
            if b'"kind":"intent"' in entry or b'"kind":"refusal"' in entry:
                break
    reviews = {json.loads(entry).get("review", "") for _, entry in found} - {""}
    for review in reviews:
        found += [one for one in _acts_on(settings, review) if one not in found]
    return sorted(found)


def _acts_on(settings: Settings, review: str) -> Iterator[tuple[int, bytes]]:
    """All that was said and done about a review, newest first: the first of it is that it was held."""
    wanted = f'"review":"{review}"'.encode()
    for index, entry in entries(settings.audit.path / SLOT, newest_first=True):
        if wanted in entry and b'"kind":"admin"' in entry:
            yield index, entry
            if f'"act":"{HELD}"'.encode() in entry:
                return
