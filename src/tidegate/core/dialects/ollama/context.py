"""The size of context that a target is configured with, for requests that do not say one themselves.

Ollama's own default is a few thousand tokens, and what does not fit is cut off without a word.
"""

import json

from tidegate.core.dialects.document import loads


def with_context(body: bytes, tokens: int) -> bytes:
    """`body` with `options.num_ctx`; the same bytes where the request says it, or has options of another type."""
    tree = loads(body)
    options = tree.get("options")
    if options is None and "options" not in tree:
        begun = body.index(b"{") + 1
        return b'%b"options":{"num_ctx":%d},%b' % (body[:begun], tokens, body[begun:])
    if options is not None and not isinstance(options, dict):
        return body
    if options and options.get("num_ctx") is not None:
        return body
    # Numbers of any size come through as they were written.
    tree = json.loads(body)
    tree["options"] = {**(options or {}), "num_ctx": tokens}
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()
