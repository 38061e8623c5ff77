"""Puts one data worker together: settings → adapters → pipeline. With `app`, the only importer of adapters on its way.

`ground` opens what everything stands on, `opening` puts the gateway on it; the other files open one thing each.
"""

from tidegate.compose.opening import open_gateway
from tidegate.compose.receipts import find_exchange
from tidegate.compose.storing import SLOT

__all__ = ["SLOT", "find_exchange", "open_gateway"]
