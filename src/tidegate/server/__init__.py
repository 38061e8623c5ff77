"""The data plane's edge: sockets to pipeline and back. Raw ASGI; no framework on the path."""
