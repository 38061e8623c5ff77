"""Train the tiny model, from nothing or from an earlier run (the README has the commands that made the shipped file).

Everything is decided by the seed and the number of steps, never by the clock. Progress is printed every 100 steps.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import torch
import torch.nn.functional as F  # noqa: N812 - the name that PyTorch code goes by

from training.tiny_model import vocabulary
from training.tiny_model.batches import Batch, Batches
from training.tiny_model.curriculum import COPYING_FIRST, LESSONS
from training.tiny_model.model import Llama, Shape
from training.tiny_model.optimizer import Optimizer

CHECKPOINT = "model.pt"
CONTEXT_SHARE = 0.08  # of the tokens that are given, so many are also learned, so that the model reads the language
CONTEXT_WEIGHT = 0.3
FIRST_TEXT_TOKEN = 3  # ids below are control tokens
WARM_UP_STEPS = 50


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="folder for tokenizer and weights")
    parser.add_argument(
        "--start", type=Path, help="folder of an earlier run, whose tokenizer and weights to go on with"
    )
    parser.add_argument("--steps", type=int, default=6000, help="what the schedule is laid out for")
    parser.add_argument("--until", type=int, help="stop at this step of the schedule")
    parser.add_argument("--lessons", choices=LESSONS, default="everything")
    parser.add_argument("--copying-first", type=float, default=0.12, help="share of the steps that teach copying only")
    parser.add_argument("--decay-from", type=float, default=0.45, help="share of the steps after which the rate falls")
    parser.add_argument("--batch-tokens", type=int, default=3072)
    parser.add_argument("--longest", type=int, default=480, help="dialogues with more tokens are left out")
    parser.add_argument("--vocabulary", type=int, default=1024)
    parser.add_argument("--muon-rate", type=float, default=0.02)
    parser.add_argument("--adam-rate", type=float, default=0.004)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2, help="CPU threads; another number may change the last digits")
    return parser.parse_args()


def rate_factor(step: int, steps: int, decay_from: float) -> float:
    """Rise quickly, stay, then fall in a line to 2 %."""
    warm = min(1.0, (step + 1) / WARM_UP_STEPS)
    remaining = (1 - step / steps) / (1 - decay_from)
    return warm * min(1.0, max(0.02, remaining))


def loss_of(model: Llama, batch: Batch) -> tuple[torch.Tensor, float]:
    """The loss to follow, and the loss of the answers alone, which says how well it goes."""
    hidden = model(batch.ids[:, :-1], batch.positions[:, :-1])
    targets, expected = batch.ids[:, 1:], batch.expected[:, 1:] > 0
    context = (targets >= FIRST_TEXT_TOKEN) & (torch.rand(targets.shape) < CONTEXT_SHARE) & ~expected
    learned = expected | context
    losses = F.cross_entropy(model.logits(hidden[learned]), targets[learned], reduction="none")
    weights = torch.where(expected[learned], 1.0, CONTEXT_WEIGHT)
    return (losses * weights).sum() / weights.sum(), losses.detach()[expected[learned]].mean().item()


def stages(args: argparse.Namespace, batches: Batches) -> Iterator[tuple[int, Batch]]:
    first = int(args.steps * args.copying_first)
    copying, everything = batches.of(COPYING_FIRST), batches.of(LESSONS[args.lessons])
    for step in range(args.until or args.steps):
        yield step, next(copying if step < first else everything)


def train(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    tokenizer = vocabulary.load(args.start) if args.start else vocabulary.learn(args.vocabulary, args.seed)
    vocabulary.save(tokenizer, args.out)
    model = Llama(Shape(vocabulary=tokenizer.get_vocab_size()))
    if args.start:
        model.load_state_dict(torch.load(args.start / CHECKPOINT)["weights"])
    print("parameters", sum(parameter.numel() for parameter in model.parameters()), flush=True)
    optimizer = Optimizer(model, args.muon_rate, args.adam_rate)
    started, tokens, smoothed = time.monotonic(), 0, None
    for step, batch in stages(args, Batches(tokenizer, args.seed + 1, args.batch_tokens, args.longest)):
        loss, answers = loss_of(model, batch)
        loss.backward()
        optimizer.step(rate_factor(step, args.steps, args.decay_from))
        tokens += batch.ids.numel()
        smoothed = answers if smoothed is None else 0.97 * smoothed + 0.03 * answers
        if step % 100 == 99:
            seconds = time.monotonic() - started
            rate = tokens / seconds
            print(f"step {step + 1} loss {smoothed:.4f} {rate:.0f} tok/s {seconds / 60:.1f} min", flush=True)
        if step % 500 == 499:
            save(model, args)
    save(model, args)


def save(model: Llama, args: argparse.Namespace) -> None:
    recipe = {name: str(value) if isinstance(value, Path) else value for name, value in vars(args).items()}
    torch.save({"shape": asdict(model.shape), "weights": model.state_dict(), "recipe": recipe}, args.out / CHECKPOINT)


if __name__ == "__main__":
    train(options())
