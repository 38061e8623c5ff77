"""Source code that somebody registered, known again by fingerprints: copied, re-indented, with its names changed.

`windows.py` reads text as windows of normalised tokens, `prints.py` keeps a repository's windows as keyed fingerprints,
`finder.py` looks for them in requests.
"""

from tidegate.core.classify.proprietary.finder import CodeFinder
from tidegate.core.classify.proprietary.prints import Builder, Header, Prints, derive_key, pack, read_header, unpack
from tidegate.core.classify.proprietary.windows import plain, read

__all__ = ["Builder", "CodeFinder", "Header", "Prints", "derive_key", "pack", "plain", "read", "read_header", "unpack"]
