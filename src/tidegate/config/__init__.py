"""Configuration: text in, one frozen `Settings` out, or every mistake at once.

`places` finds what was written where, `environment` lays overrides over it, `reading` turns the tree into the tables
that `declaration` states, `settings` resolves them against each other. `schema` and `reference` print the declaration.
"""

from tidegate.config.declaration import Audit, KeyFolder, Policy, Server, Store, Upstream, Workload
from tidegate.config.kinds import Address
from tidegate.config.load import FILE_NAMES, find, load, read
from tidegate.config.settings import Settings

__all__ = [
    "FILE_NAMES",
    "Address",
    "Audit",
    "KeyFolder",
    "Policy",
    "Server",
    "Settings",
    "Store",
    "Upstream",
    "Workload",
    "find",
    "load",
    "read",
]
