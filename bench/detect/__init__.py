"""How well the detectors do, on every corpus in `corpora/`: `make bench-detect` writes docs/accuracy.md."""
