"""Exact-data match: the cells of a customer's table, known again in any text without being kept."""

from tidegate.core.classify.records.build import Builder, ColumnReport
from tidegate.core.classify.records.cells import RecordKey
from tidegate.core.classify.records.finder import RecordsFinder
from tidegate.core.classify.records.table import Header, Table, TableError, read_header, unpack

__all__ = [
    "Builder",
    "ColumnReport",
    "Header",
    "RecordKey",
    "RecordsFinder",
    "Table",
    "TableError",
    "read_header",
    "unpack",
]
