"""Policies on disk and in the package, and the proofs that are kept of them."""
