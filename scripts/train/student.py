"""The student: a U-Net on strides 2, 4, 8 and 16.

Pictures are float32 NCHW, RGB in [-1, 1], sides multiples of 16. They enter by space-to-depth and leave by pixel shuffle,
so nothing is computed at full resolution, and the network adds to the picture instead of making it anew, so that little is
lost when it is quantized. Batch normalization is folded into the convolutions at the end.

Every student is described by a `Shape`; the blocks are those of MobileNetV2 (inverted residuals, arXiv:1801.04381), of
ResNet (two plain convolutions, arXiv:1512.03385) or of EfficientNetV2 (the expansion and the depthwise convolution fused
into one, arXiv:2104.00298).
"""

from dataclasses import asdict, dataclass

import torch
from torch import nn
from torch.nn import functional as F


@dataclass(frozen=True)
class Shape:
    """Channels at strides 2, 4, 8 and 16, and how wide each block is inside; a tuple has an entry for each block.

    The deepest stride that has channels has `body`; those below it have blocks on the way down (`encode`) and on the way
    up (`decode`), stride 2 only on the way up. `decode_2` None means that the picture is made at stride 4: 48 samples for
    each of its pixels.
    """

    at_2: int
    at_4: int
    at_8: int
    at_16: int
    body: tuple[int, ...]
    encode_4: tuple[int, ...] = ()
    encode_8: tuple[int, ...] = ()
    decode_8: tuple[int, ...] = ()
    decode_4: tuple[int, ...] = ()
    decode_2: tuple[int, ...] | None = ()
    block: str = "inverted"

    def as_json(self) -> dict:
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict) -> "Shape":
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})

    def macs(self, side: int = 512) -> int:
        """Multiplications for a square picture, without those of the last additions."""
        counted = 0

        def count(layer: nn.Conv2d, _, made: torch.Tensor) -> None:
            nonlocal counted
            counted += layer.weight.numel() * made.shape[2] * made.shape[3]

        student = Student(self).eval()
        for part in student.modules():
            if isinstance(part, nn.Conv2d):
                part.register_forward_hook(count)
        with torch.no_grad():
            student(torch.zeros(1, 3, 64, 64))
        return counted * side * side // (64 * 64)


# Faces want to be seen as a whole: stride 16 lets a student look further for little.
SIZES = {
    "s": Shape(16, 32, 64, 48, (96,) * 3, (64,), (128,), (128,), (64,) * 2, (16,)),
    "m": Shape(24, 48, 96, 80, (160,) * 3, (96,) * 2, (192,), (192,) * 2, (96,) * 3, (24,)),
    "l": Shape(32, 64, 128, 128, (256,) * 4, (128,) * 3, (256,) * 2, (256,) * 3, (128,) * 4, (32,) * 2),
}

# What the search compares: each changes one thing.
SEARCHED = {
    **SIZES,
    "m-stride-8": Shape(24, 48, 96, 0, (192,) * 6, (96,) * 2, (), (), (96,) * 2, (24,)),
    "m-stride-4": Shape(24, 48, 0, 0, (96,) * 6, (96,) * 2, (), (), (96,) * 2, (24,)),
    "m-plain": Shape(24, 48, 96, 96, (96,), (48,), (64,), (64,), (48,), (24,), "plain"),
    "m-last-at-4": Shape(24, 64, 128, 128, (256,) * 3, (128,) * 3, (256,), (256,) * 2, (128,) * 3, None),
    "m-narrow-deep": Shape(16, 48, 96, 96, (192,) * 4, (96,) * 2, (192,) * 2, (192,) * 4, (96,) * 2, (16,) * 2),
}


def convolution(inputs: int, outputs: int, side: int = 3, stride: int = 1, groups: int = 1, clips: bool = True):
    layers = [nn.Conv2d(inputs, outputs, side, stride, side // 2, groups=groups, bias=False), nn.BatchNorm2d(outputs)]
    return nn.Sequential(*layers, *([nn.ReLU6()] if clips else []))


class Block(nn.Module):
    """Adds to its input what `body` makes of it."""

    def __init__(self, kind: str, channels: int, inside: int):
        super().__init__()
        if kind == "inverted":
            self.body = nn.Sequential(convolution(channels, inside, 1), convolution(inside, inside, groups=inside),
                                      convolution(inside, channels, 1, clips=False))
        else:
            last = {"plain": 3, "fused": 1}[kind]
            self.body = nn.Sequential(convolution(channels, inside), convolution(inside, channels, last, clips=False))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.body(x)


class Student(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        blocks = lambda channels, widths: nn.Sequential(*[Block(shape.block, channels, width) for width in widths])
        two, four, eight, sixteen = shape.at_2, shape.at_4, shape.at_8, shape.at_16
        self.stem = convolution(12, two)
        self.down_4 = convolution(two, four, stride=2)
        self.encode_4 = blocks(four, shape.encode_4)
        if eight:
            self.down_8 = convolution(four, eight, stride=2)
            self.encode_8 = blocks(eight, shape.encode_8)
        if sixteen:
            # A plain convolution would hold a fifth of all weights here.
            self.down_16 = nn.Sequential(convolution(eight, eight, stride=2, groups=eight, clips=False),
                                         convolution(eight, sixteen, 1))
            self.up_8 = convolution(sixteen, 4 * eight, 1, clips=False)
            self.decode_8 = blocks(eight, shape.decode_8)
        self.body = blocks(sixteen or eight or four, shape.body)
        if eight:
            self.up_4 = convolution(eight, 4 * four, 1, clips=False)
        self.decode_4 = blocks(four, shape.decode_4)
        if shape.decode_2 is not None:
            self.up_2 = convolution(four, 4 * two, clips=False)
            self.decode_2 = nn.Sequential(*[Block("plain", two, width) for width in shape.decode_2])
            self.head = nn.Conv2d(two, 12, 3, 1, 1)
        else:
            self.head = nn.Conv2d(four, 48, 3, 1, 1)

    def features(self, photo: torch.Tensor) -> torch.Tensor:
        """What the head sees: samples at stride 2, or 4 where the picture is made there."""
        at_2 = self.stem(F.pixel_unshuffle(photo, 2))
        at_4 = self.encode_4(self.down_4(at_2))
        if not self.shape.at_8:
            at_4 = self.decode_4(self.body(at_4))
        else:
            at_8 = self.encode_8(self.down_8(at_4))
            if not self.shape.at_16:
                at_8 = self.body(at_8)
            else:
                at_16 = self.body(self.down_16(at_8))
                at_8 = self.decode_8(F.pixel_shuffle(self.up_8(at_16), 2) + at_8)
            at_4 = self.decode_4(F.pixel_shuffle(self.up_4(at_8), 2) + at_4)
        if self.shape.decode_2 is None:
            return at_4
        return self.decode_2(F.pixel_shuffle(self.up_2(at_4), 2) + at_2)

    def forward(self, photo: torch.Tensor) -> torch.Tensor:
        made = self.head(self.features(photo))
        if self.shape.decode_2 is None:
            return F.pixel_shuffle(made, 4) + photo
        return F.pixel_shuffle(made + F.pixel_unshuffle(photo, 2), 2)
