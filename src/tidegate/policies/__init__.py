"""Policies that ship with tidegate, as data: the published schema, and the baseline with its invariants and proof."""
