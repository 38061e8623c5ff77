"""What an answer holds: recorded as it passes, masked or stopped where the operator says so.

It looks at the text as the upstream wrote it, before originals are put back: the client's own values are no news.
"""

from tidegate.core.inspect.inspecting import Inspecting
from tidegate.core.inspect.rules import Action, OutputRules

__all__ = ["Action", "Inspecting", "OutputRules"]
