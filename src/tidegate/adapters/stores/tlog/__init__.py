"""The audit log on disk: written by one process, readable by any."""

from tidegate.adapters.stores.tlog.log import TileLog
from tidegate.adapters.stores.tlog.reading import entries, prove_consistency, prove_inclusion

__all__ = ["TileLog", "entries", "prove_consistency", "prove_inclusion"]
