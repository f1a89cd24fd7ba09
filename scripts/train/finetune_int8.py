#!/usr/bin/env python3
"""Quantization-aware fine-tuning: trains the integers of a model file on the pairs that make_targets.py made.

The arithmetic is the engine's own, integer for integer (integer_network.py), so what is measured here is what boards
paint; scales and zero points stay as `animesnap model import` chose them. The result differs from the source in weights
and biases only.
"""

import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch

from integer_network import IntegerNetwork
from losses import distance
from make_targets import KEPT_OUT
from pairs import Pairs
from styles import STYLES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("style", choices=STYLES)
    parser.add_argument("source", type=Path, help="a model file")
    parser.add_argument("result", type=Path, help="the model file to write")
    parser.add_argument("--work", type=Path, required=True, help="folder of the pairs")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--batch", type=int, default=2, help="crops a step (default: 2)")
    parser.add_argument("--side", type=int, default=256, help="pixels of a crop's side (default: 256)")
    parser.add_argument("--rate", type=float, default=0.02,
                        help="the highest learning rate, in units of an 8-bit weight and of an output (default: 0.02)")
    parser.add_argument("--threads", type=int, help="of the processor (default: all cores)")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    if chosen.threads:
        torch.set_num_threads(chosen.threads)
    torch.manual_seed(chosen.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    pairs = Pairs(chosen.work, chosen.style)
    network = IntegerNetwork(chosen.source)
    before = quality(network, pairs)
    network.to(device)
    optimizer = torch.optim.Adam(network.parameters(), lr=chosen.rate, betas=(0.9, 0.99))
    started = time.time()
    for step in range(chosen.steps):
        for group in optimizer.param_groups:
            group["lr"] = chosen.rate * min(1, (step + 1) / 20) * (0.5 + 0.5 * math.cos(math.pi * step / chosen.steps))
        photo, target = (part.to(device) for part in pairs.batch(step, chosen.batch, chosen.side, chosen.seed))
        loss = distance(network(photo), target)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        if step % 50 == 49:
            print(f"step {step + 1} of {chosen.steps}: loss {loss.item():.4f}, {(time.time() - started) / (step + 1):.2f} s "
                  "a step", flush=True)
    network.cpu()
    after = quality(network, pairs)
    print(f"PSNR to the teacher's pictures of pairs kept out, median: {before:.2f} dB before, {after:.2f} dB after")
    network.save(chosen.result)


def quality(network: IntegerNetwork, pairs: Pairs) -> float:
    """Median PSNR in dB, of whole pictures of bytes."""
    found = []
    for index in range(KEPT_OUT):
        error = network.exact(pairs.photos[index]).astype(np.float64) - pairs.targets[index]
        found.append(10 * math.log10(255**2 / max(1e-9, float(np.square(error).mean()))))
    return float(np.median(found))


if __name__ == "__main__":
    main()
