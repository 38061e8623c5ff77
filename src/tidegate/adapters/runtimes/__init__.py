"""Processes that tidegate starts beside itself: the embedded engine, and a cloud for demonstrations.

Each is a module to run (`python -m …`), speaks the protocol of `child.py` with its parent, and serves OpenAI's chat
API on loopback. Keys travel over stdin, so that neither the process list nor the environment shows them.
"""
