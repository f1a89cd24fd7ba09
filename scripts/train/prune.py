#!/usr/bin/env python3
"""Makes a smaller student of a trained one: structured pruning of channels and blocks.

A channel's importance is what the loss would change without it, to first order: the sum over the normalizations that
write it of (weight * its gradient + bias * its gradient)^2, over crops (Molchanov et al., arXiv:1906.10771). Channels that
are added up share their fate. A block is as important as all channels inside it. Fine-tune the result with
`distill.py --start`.
"""

import argparse
from pathlib import Path

import torch

from distill import load, save
from losses import distance, psnr
from pairs import Pairs
from student import SIZES
from styles import STYLES
from transplant import STAGES, places, transplanted, widths


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("style", choices=STYLES)
    parser.add_argument("source", type=Path, help="a trained student")
    parser.add_argument("size", choices=SIZES, help="what it becomes")
    parser.add_argument("result", type=Path)
    parser.add_argument("--work", type=Path, required=True, help="folder of the pairs")
    parser.add_argument("--crops", type=int, default=48, help="to measure importance with (default: 48)")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()

    source, shape, pairs = load(chosen.source), STYLES[chosen.style].sizes[chosen.size], Pairs(chosen.work, chosen.style)
    if source.shape.block != shape.block or any(
            bool(getattr(source.shape, name)) < bool(getattr(shape, name)) for name in ("at_8", "at_16")):
        raise SystemExit(f"{chosen.source} has other kinds of layers than the size {chosen.size}")
    importance = measured(source, pairs, chosen.crops, chosen.seed)
    blocks = {}
    for stage in STAGES:
        inside = [importance[f"{stage}.{index}"].sum() for index in range(len(getattr(source.shape, stage) or ()))]
        for index, old in enumerate(best(inside, len(getattr(shape, stage) or ()))):
            blocks[f"{stage}.{index}"] = f"{stage}.{old}"
    new_widths = widths(shape)
    kept = {old: best(importance[old], new_widths[new])
            for new, old in (blocks | {name: name for name in new_widths if "." not in name}).items()}
    result = transplanted(source, shape, kept, blocks)
    photo, target = pairs.batch(0, seed=chosen.seed)
    with torch.no_grad():
        before, after = (psnr(student(photo), target) for student in (source, result))
    left = sum(len(channels) for channels in kept.values())
    print(f"{left} of {sum(len(values) for values in importance.values())} channels are left; PSNR of two crops "
          f"{before:.1f} dB before, {after:.1f} dB after, to be fine-tuned")
    save(chosen.result, result.state_dict(), shape)


def measured(student: torch.nn.Module, pairs: Pairs, crops: int, seed: int) -> dict[str, torch.Tensor]:
    """The importance of each channel of each group."""
    totals = {group: torch.zeros(width) for group, width in widths(student.shape).items()}
    for step in range((crops + 1) // 2):
        photo, target = pairs.batch(step, seed=seed)
        student.zero_grad()
        distance(student(photo), target).backward()
        for place in places(student.shape):
            if place.writes is None:
                continue
            norm = student.get_submodule(place.name)[1]
            change = norm.weight * norm.weight.grad + norm.bias * norm.bias.grad
            totals[place.writes] += change.detach().view(-1, place.spread).sum(1).square()
    return totals


def best(values: list | torch.Tensor, count: int) -> list[int]:
    """The places of the `count` largest values, in their order."""
    return sorted(sorted(range(len(values)), key=lambda index: -float(values[index]))[:count])


if __name__ == "__main__":
    main()
