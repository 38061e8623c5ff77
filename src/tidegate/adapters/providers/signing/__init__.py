"""Credentials that are no fixed key: AWS signs each request, Google's tokens last an hour. See docs/decisions/0024-clouds.md."""
