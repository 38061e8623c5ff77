"""Beside the path: what reads, explains and looks after, and never serves a model's answer."""
