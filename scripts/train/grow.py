#!/usr/bin/env python3
"""Makes a larger student of a trained one that paints the same pictures: what is new begins unheard (Net2Net,
arXiv:1511.05641). Train the result with `distill.py --start`."""

import argparse
from pathlib import Path

import torch

from distill import load, save
from student import SIZES
from styles import STYLES
from transplant import lineage, transplanted, widths
from underpainter import SIZES_OF_UNDERPAINTERS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("style", choices=[*STYLES, "drawn"])
    parser.add_argument("source", type=Path, help="a trained student")
    parser.add_argument("size", choices=SIZES, help="what it becomes")
    parser.add_argument("result", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    torch.manual_seed(chosen.seed)

    source = load(chosen.source)
    shape = (SIZES_OF_UNDERPAINTERS if chosen.style == "drawn" else STYLES[chosen.style].sizes)[chosen.size]
    old, new, blocks = widths(source.shape), widths(shape), lineage(source.shape, shape)
    former = {before: after for after, before in blocks.items()}
    if source.shape.block != shape.block or any(
            new.get(former.get(group, group), 0) < width for group, width in old.items()):
        raise SystemExit(f"{chosen.source} does not fit into the size {chosen.size}")
    result = transplanted(source, shape, {group: list(range(width)) for group, width in old.items()}, blocks)
    photo = torch.rand(1, 3, 128, 128) * 2 - 1
    with torch.no_grad():
        made = ((made,) if isinstance(made, torch.Tensor) else made for made in (source(photo), result(photo)))
        change = max((before - after).abs().max().item() for before, after in zip(*made))
    if change > 1e-3:
        raise SystemExit(f"the larger student differs by {change:.1e}")
    print(f"paints the same, to {change:.1e}")
    save(chosen.result, result.state_dict(), shape, style=chosen.style)


if __name__ == "__main__":
    main()
