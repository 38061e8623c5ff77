"""Policies that ship with tidegate, as data: the published Cedar schema, and the baseline with its invariants and its proof."""
