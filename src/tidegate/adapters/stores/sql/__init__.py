"""Queryable state in SQL: the log's anchored heads and the fingerprint index."""

from tidegate.adapters.stores.sql.store import SqlStore, read_anchors

__all__ = ["SqlStore", "read_anchors"]
