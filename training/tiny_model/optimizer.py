"""Muon for the matrices, AdamW for the rest.

Muon (Keller Jordan, 2024) replaces the averaged gradient of a matrix by the nearest orthogonal one, found with a few
Newton-Schulz steps. Here they run in float32, and over all matrices of one shape at once: on a CPU without bfloat16
units that is several times faster than PyTorch's own `torch.optim.Muon`.
"""

from __future__ import annotations

from collections import defaultdict

import torch
from torch import Tensor, nn

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)  # coefficients from Muon's published description
NEWTON_SCHULZ_STEPS = 4


def orthogonal(stack: Tensor) -> Tensor:
    """Each matrix of (count, rows ≤ columns, columns) made nearly orthogonal."""
    a, b, c = NEWTON_SCHULZ
    x = stack / (stack.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(NEWTON_SCHULZ_STEPS):
        gram = x @ x.mT
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    return x


class Muon:
    def __init__(self, matrices: list[nn.Parameter], momentum: float = 0.95, decay: float = 0.02) -> None:
        groups: dict[tuple[int, int], list[nn.Parameter]] = defaultdict(list)
        for parameter in matrices:
            groups[(min(parameter.shape), max(parameter.shape))].append(parameter)
        self._groups = list(groups.values())
        self._averages = [[torch.zeros_like(parameter) for parameter in group] for group in self._groups]
        self._momentum = momentum
        self._decay = decay

    @torch.no_grad()
    def step(self, rate: float) -> None:
        for group, averages in zip(self._groups, self._averages, strict=True):
            stack = torch.stack([self._looking_ahead(*pair) for pair in zip(group, averages, strict=True)])
            for parameter, update in zip(group, orthogonal(stack), strict=True):
                change = update if parameter.shape == update.shape and lies_flat(parameter) else update.T
                stretch = max(1.0, parameter.shape[0] / parameter.shape[1]) ** 0.5
                parameter.mul_(1 - rate * self._decay).add_(change, alpha=-rate * stretch)

    def _looking_ahead(self, parameter: nn.Parameter, average: Tensor) -> Tensor:
        gradient = parameter.grad
        assert gradient is not None, "step() without a backward pass"
        average.lerp_(gradient, 1 - self._momentum)
        ahead = gradient.lerp(average, self._momentum)
        return ahead if lies_flat(parameter) else ahead.T


def lies_flat(parameter: Tensor) -> bool:
    return parameter.shape[0] <= parameter.shape[1]


class Optimizer:
    """Both halves, with one schedule factor a step."""

    def __init__(self, model: nn.Module, muon_rate: float, adam_rate: float) -> None:
        named = list(model.named_parameters())
        self._parameters = [parameter for _, parameter in named]
        self._others = [p for name, p in named if p.ndim != 2 or name == "token_embd"]
        self._muon = Muon([p for name, p in named if p.ndim == 2 and name != "token_embd"])
        self._adam = torch.optim.AdamW(self._others, lr=adam_rate, betas=(0.9, 0.98), weight_decay=0.0)
        self._muon_rate = muon_rate
        self._adam_rate = adam_rate

    def step(self, factor: float) -> None:
        """Use the gradients, then clear them."""
        torch.nn.utils.clip_grad_norm_(self._others, 1.0)
        for group in self._adam.param_groups:
            group["lr"] = self._adam_rate * factor
        self._adam.step()
        self._muon.step(self._muon_rate * factor)
        for parameter in self._parameters:
            parameter.grad = None
