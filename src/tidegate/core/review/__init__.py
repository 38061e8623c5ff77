"""Requests that wait for a person: what they are bound to, who said what, and what that comes to."""
