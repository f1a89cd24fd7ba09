"""The enlarger: twice a painted picture's sides, with lines as clean as before.

It works at half of the picture's resolution: space-to-depth in, blocks as those of the students, a convolution to 48
samples for each of its pixels, pixel shuffle by 4 out. It adds to the picture with every pixel repeated, which areas of
one colour keep to the bit, however coarse its own integers are.
"""

from dataclasses import asdict, dataclass

import torch
from torch import nn
from torch.nn import functional as F

from student import Block, convolution


@dataclass(frozen=True)
class EnlargerShape:
    """Channels at stride 2, how wide each block is inside, and of which kind the blocks are."""

    channels: int
    widths: tuple[int, ...]
    block: str = "plain"

    def as_json(self) -> dict:
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict) -> "EnlargerShape":
        return cls(values["channels"], tuple(values["widths"]), values["block"])


SIZES_OF_ENLARGERS = {"s": EnlargerShape(16, (16,) * 3), "m": EnlargerShape(24, (24,) * 3)}


class Enlarger(nn.Module):
    def __init__(self, shape: EnlargerShape):
        super().__init__()
        self.shape, channels = shape, shape.channels
        self.stem = convolution(12, channels)
        self.blocks = nn.Sequential(*[Block(shape.block, channels, width) for width in shape.widths])
        self.head = nn.Conv2d(channels, 48, 3, 1, 1)

    def forward(self, picture: torch.Tensor) -> torch.Tensor:
        made = self.head(self.blocks(self.stem(F.pixel_unshuffle(picture, 2))))
        return F.pixel_shuffle(made, 4) + F.interpolate(picture, scale_factor=2, mode="nearest")
