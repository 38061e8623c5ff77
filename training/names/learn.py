"""Logistic regression over hashed features, by AdaGrad; numpy is needed here and nowhere else."""

from __future__ import annotations

from typing import Any

import numpy as np

from tidegate.core.classify.names.features import COUNT, ROWS
from training.names.examples import Examples

BATCH = 256
LIMIT = 7.9


def learn(
    examples: Examples, *, epochs: int = 8, rate: float = 0.08, decay: float = 2e-6, least: int = 3, seed: int = 1
) -> Any:
    """Weights, an array of (`ROWS`, 4). The same examples and seed give the same ones.

    `least`: a feature seen less often weighs nothing. `decay`: how much weights shrink by themselves.
    """
    rows = np.frombuffer(examples.rows, dtype=np.uint32).reshape(-1, COUNT).astype(np.int64)
    kinds = np.frombuffer(examples.kinds, dtype=np.uint8).astype(np.int64)
    counts = np.frombuffer(examples.weights, dtype=np.float32)
    chance = np.random.default_rng(seed)
    weights = np.zeros((ROWS, 4), dtype=np.float32)
    rare = np.bincount(rows.ravel(), minlength=ROWS) < least
    squares = np.full((ROWS, 4), 1e-2, dtype=np.float32)
    for epoch in range(epochs):
        step = rate * (1.0 - 0.9 * epoch / epochs)
        order = chance.permutation(len(kinds))
        for at in range(0, len(order), BATCH):
            batch = order[at : at + BATCH]
            some = rows[batch]
            # A tenth of the features is left out each time, so that no name hangs on one of them.
            kept = ((chance.random(some.shape) > 0.1) & ~rare[some]).astype(np.float32)[:, :, None]
            scores = (weights[some] * kept).sum(axis=1)
            likely = np.exp(scores - scores.max(axis=1, keepdims=True))
            likely /= likely.sum(axis=1, keepdims=True)
            likely[np.arange(len(batch)), kinds[batch]] -= 1.0
            likely *= counts[batch][:, None]
            flat = some.ravel()
            slopes = (likely[:, None, :] * kept).reshape(-1, 4)
            unique, inverse = np.unique(flat, return_inverse=True)
            summed = np.stack([np.bincount(inverse, slopes[:, k], len(unique)) for k in range(4)], axis=1).astype(
                np.float32
            )
            summed += decay * BATCH * weights[unique]
            squares[unique] += summed * summed
            weights[unique] -= step * summed / np.sqrt(squares[unique])
        np.clip(weights, -LIMIT, LIMIT, out=weights)
    return weights
