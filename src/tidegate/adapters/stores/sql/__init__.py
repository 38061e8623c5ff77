"""Queryable state in SQL: the log's anchored heads, the fingerprint index, and traces of local answers."""

from tidegate.adapters.stores.sql.store import SqlStore, read_anchors

__all__ = ["SqlStore", "read_anchors"]
