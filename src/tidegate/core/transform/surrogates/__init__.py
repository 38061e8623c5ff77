"""Values that look like values: each family turns one into another that nobody has, and the same one every time."""
