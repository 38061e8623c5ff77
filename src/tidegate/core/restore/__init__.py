"""The inverse of transform, as the answer streams by."""
