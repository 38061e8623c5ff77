"""Credentials that are no fixed key: AWS has requests signed, Google's tokens last an hour (decision 24)."""
