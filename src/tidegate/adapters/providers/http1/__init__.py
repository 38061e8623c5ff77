"""An HTTP/1.1 client for one target, made for little CPU a request.

`Pool` hands out `Connection`s; a `Connection` writes one request at a time and yields an `Http1Answer`. Who opens
connections, and whom they trust, is in `dial` and `trust`. Why it is hand-made: docs/decisions/0002-http-client.md.
"""

from tidegate.adapters.providers.http1.answer import Http1Answer
from tidegate.adapters.providers.http1.bounds import Limits, Timeouts
from tidegate.adapters.providers.http1.connection import Connection, StaleConnection
from tidegate.adapters.providers.http1.dial import Dialer, Origin
from tidegate.adapters.providers.http1.pool import Pool
from tidegate.adapters.providers.http1.trust import trusting

__all__ = [
    "Connection",
    "Dialer",
    "Http1Answer",
    "Limits",
    "Origin",
    "Pool",
    "StaleConnection",
    "Timeouts",
    "trusting",
]
