"""The audit log's formats and arithmetic: Merkle tree, tiles, notes, checkpoints, journal groups. No I/O."""
