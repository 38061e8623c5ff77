"""Measurements, in CPU time and ratios of one run: `make bench`. Absolute times move with the machine; ratios less."""
