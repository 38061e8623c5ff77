"""A small Llama: what llama.cpp runs under the architecture name `llama`, in PyTorch.

Rotary positions turn the pairs (0, 1), (2, 3), …, which is llama.cpp's own order for this architecture, so that
exported weights need no permutation. Input and output embeddings are one matrix.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - the name that PyTorch code goes by
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class Shape:
    """`width` must be divisible by 32, the block of q8_0, and by `heads`."""

    vocabulary: int
    width: int = 128
    layers: int = 4
    heads: int = 4
    hidden: int = 352
    rope_base: float = 100_000.0
    norm_epsilon: float = 1e-5


def matrix(rows: int, columns: int, scale: float = 1.0) -> nn.Parameter:
    return nn.Parameter(torch.randn(rows, columns) * scale * columns**-0.5)


class Block(nn.Module):
    """Attention, then a gated feed-forward layer, each behind a norm and added to what came in."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.attn_norm = nn.Parameter(torch.ones(shape.width))
        self.attn_q = matrix(shape.width, shape.width)
        self.attn_k = matrix(shape.width, shape.width)
        self.attn_v = matrix(shape.width, shape.width)
        self.attn_output = matrix(shape.width, shape.width, 0.1)
        self.ffn_norm = nn.Parameter(torch.ones(shape.width))
        self.ffn_gate = matrix(shape.hidden, shape.width)
        self.ffn_up = matrix(shape.hidden, shape.width)
        self.ffn_down = matrix(shape.width, shape.hidden, 0.1)

    def forward(self, x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
        x = x + self.attention(self.norm(x, self.attn_norm), turn)
        return x + self.feed_forward(self.norm(x, self.ffn_norm))

    def norm(self, x: Tensor, weight: Tensor) -> Tensor:
        return F.rms_norm(x, (self.shape.width,), weight, self.shape.norm_epsilon)

    def attention(self, x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
        batch, length, width = x.shape
        projected = x @ torch.cat([self.attn_q, self.attn_k, self.attn_v]).T
        query, key, value = projected.view(batch, length, 3, self.shape.heads, -1).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(rotated(query, turn), rotated(key, turn), value, is_causal=True)
        return mixed.transpose(1, 2).reshape(batch, length, width) @ self.attn_output.T

    def feed_forward(self, x: Tensor) -> Tensor:
        gate, up = (x @ torch.cat([self.ffn_gate, self.ffn_up]).T).chunk(2, -1)
        return (F.silu(gate) * up) @ self.ffn_down.T


def rotated(x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    """x: (batch, heads, length, head width); turn: cosine and sine, (batch, 1, length, half the head width)."""
    cosine, sine = turn
    even, odd = x.unflatten(-1, (-1, 2)).unbind(-1)
    return torch.stack([even * cosine - odd * sine, even * sine + odd * cosine], -1).flatten(-2)


class Llama(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.token_embd = nn.Parameter(torch.randn(shape.vocabulary, shape.width) * 0.05)
        self.blk = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.output_norm = nn.Parameter(torch.ones(shape.width))

    def forward(self, ids: Tensor, positions: Tensor) -> Tensor:
        """(batch, length) → hidden states (batch, length, width); `logits` turns them into tokens."""
        x = F.embedding(ids, self.token_embd)
        turn = self.turn(positions)
        for block in self.blk:
            x = block(x, turn)
        return F.rms_norm(x, (self.shape.width,), self.output_norm, self.shape.norm_epsilon)

    def logits(self, hidden: Tensor) -> Tensor:
        return hidden @ self.token_embd.T

    def turn(self, positions: Tensor) -> tuple[Tensor, Tensor]:
        head = self.shape.width // self.shape.heads
        speeds = self.shape.rope_base ** (-torch.arange(0, head, 2) / head)
        angles = positions[:, None, :, None].float() * speeds
        return angles.cos(), angles.sin()
