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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("style", choices=STYLES)
    parser.add_argument("source", type=Path, help="a trained student")
    parser.add_argument("size", choices=SIZES, help="what it becomes")
    parser.add_argument("result", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    torch.manual_seed(chosen.seed)

    source, shape = load(chosen.source), STYLES[chosen.style].sizes[chosen.size]
    old, new, blocks = widths(source.shape), widths(shape), lineage(source.shape, shape)
    former = {before: after for after, before in blocks.items()}
    if source.shape.block != shape.block or any(
            new.get(former.get(group, group), 0) < width for group, width in old.items()):
        raise SystemExit(f"{chosen.source} does not fit into the size {chosen.size}")
    result = transplanted(source, shape, {group: list(range(width)) for group, width in old.items()}, blocks)
    photo = torch.rand(1, 3, 128, 128) * 2 - 1
    with torch.no_grad():
        change = (source(photo) - result(photo)).abs().max().item()
    if change > 1e-3:
        raise SystemExit(f"the larger student differs by {change:.1e}")
    print(f"paints the same, to {change:.1e}")
    save(chosen.result, result.state_dict(), shape)


if __name__ == "__main__":
    main()
