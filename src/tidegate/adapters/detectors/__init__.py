"""Detectors that need a library of their own; each is an extra, and none is loaded unless the configuration asks."""
