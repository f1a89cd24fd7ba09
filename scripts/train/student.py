"""The student: a U-Net on strides 2, 4 and 8 with inverted residual blocks.

Pictures are float32 NCHW, RGB in [-1, 1], sides multiples of 8. They enter by space-to-depth and leave by pixel shuffle,
so nothing is computed at full resolution, and the network adds to the picture instead of making it anew, so that little is
lost when it is quantized. Batch normalization is folded into the convolutions at the end.
"""

import torch
from torch import nn
from torch.nn import functional as F

# Name: channels at strides 2, 4 and 8, blocks at strides 4 and 8.
SIZES = {"s": ((16, 32, 64), 1, 6), "m": ((24, 48, 96), 2, 6), "l": ((32, 64, 128), 2, 8)}


def convolution(inputs: int, outputs: int, side: int = 3, stride: int = 1, groups: int = 1, clips: bool = True):
    layers = [nn.Conv2d(inputs, outputs, side, stride, side // 2, groups=groups, bias=False), nn.BatchNorm2d(outputs)]
    return nn.Sequential(*layers, *([nn.ReLU6()] if clips else []))


class Block(nn.Module):
    """Adds to its input what `body` makes of it."""

    def __init__(self, *body: nn.Module):
        super().__init__()
        self.body = nn.Sequential(*body)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.body(x)


def inverted(channels: int) -> Block:
    wide = 2 * channels
    return Block(convolution(channels, wide, 1), convolution(wide, wide, 3, groups=wide),
                 convolution(wide, channels, 1, clips=False))


def plain(channels: int) -> Block:
    return Block(convolution(channels, channels), convolution(channels, channels, clips=False))


class Student(nn.Module):
    def __init__(self, size: str):
        super().__init__()
        (two, four, eight), blocks_4, blocks_8 = SIZES[size]
        self.stem = convolution(12, two)
        self.down_4 = convolution(two, four, stride=2)
        self.encode_4 = nn.Sequential(*[inverted(four) for _ in range(blocks_4)])
        self.down_8 = convolution(four, eight, stride=2)
        self.body_8 = nn.Sequential(*[inverted(eight) for _ in range(blocks_8)])
        self.up_4 = convolution(eight, 4 * four, 1, clips=False)
        self.decode_4 = nn.Sequential(*[inverted(four) for _ in range(blocks_4)])
        self.up_2 = convolution(four, 4 * two, clips=False)
        self.decode_2 = plain(two)
        self.head = nn.Conv2d(two, 12, 3, 1, 1)

    def forward(self, photo: torch.Tensor) -> torch.Tensor:
        folded = F.pixel_unshuffle(photo, 2)
        at_2 = self.stem(folded)
        at_4 = self.encode_4(self.down_4(at_2))
        at_8 = self.body_8(self.down_8(at_4))
        at_4 = self.decode_4(F.pixel_shuffle(self.up_4(at_8), 2) + at_4)
        at_2 = self.decode_2(F.pixel_shuffle(self.up_2(at_4), 2) + at_2)
        return F.pixel_shuffle(self.head(at_2) + folded, 2)
