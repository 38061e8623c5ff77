"""A second opinion: Cedar's own engine decides what the generated function has decided, from the same facts.

Tests ask it about every class of requests; a gateway asks it about a share of what it decides anew.
"""
