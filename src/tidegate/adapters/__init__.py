"""Edges: one file a thing, unaware of each other; only the composition root knows them."""
