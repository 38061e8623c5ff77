"""The dialects that there are: by the path that clients call, and by name."""

from collections.abc import Mapping
from types import MappingProxyType

from tidegate.core.dialects import openai_chat
from tidegate.core.dialects.dialect import Both, Spoken, Understood

PATHS: Mapping[str, Spoken] = MappingProxyType({"/v1/chat/completions": openai_chat})
"""Where clients speak which; each is asked with POST."""

SPOKEN: Mapping[str, Spoken] = MappingProxyType({each.NAME: each for each in PATHS.values()})
BOTH: Mapping[str, Both] = MappingProxyType({each.NAME: each for each in (openai_chat,)})
UNDERSTOOD: Mapping[str, Understood] = MappingProxyType({**BOTH})
