"""Photos and what a teacher made of them, as tensors: float32 NCHW, RGB in [-1, 1]."""

import random
from pathlib import Path

import numpy as np
import torch

from make_targets import KEPT_OUT


class Pairs:
    """The pairs that were made of a style. Targets may have a multiple of the photos' sides."""

    def __init__(self, folder: Path, style: str):
        self.photos, self.targets = (np.load(folder / f"{style}-{kind}.npy", mmap_mode="r")
                                     for kind in ("photos", "targets"))
        self.scale = self.targets.shape[1] // self.photos.shape[1]

    def batch(self, step: int, count: int = 2, side: int = 384, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
        """`count` crops of `side` pixels: the same at the same step, whether or not the run was interrupted."""
        chance = random.Random(f"{seed} {step}")
        photos, targets = [], []
        for _ in range(count):
            index = chance.randrange(KEPT_OUT, len(self.photos))
            top, left = (2 * chance.randint(0, (self.photos.shape[1] - side) // 2) for _ in range(2))
            direction = chance.choice([1, -1])
            for pictures, scale, crops in ((self.photos, 1, photos), (self.targets, self.scale, targets)):
                window = (slice(scale * start, scale * (start + side)) for start in (top, left))
                crops.append(pictures[index, *window][:, ::direction])
        return tensor(np.stack(photos)), tensor(np.stack(targets))


def tensor(pictures: np.ndarray) -> torch.Tensor:
    values = torch.from_numpy(np.array(pictures, order="C")).permute(0, 3, 1, 2).float() / 127.5 - 1
    return values.contiguous(memory_format=torch.channels_last)
