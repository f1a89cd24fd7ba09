"""The underpainter: what a drawn picture is made of.

A student whose head makes colours at twice the sides of the photo and, at its own sides, fields: planes that cross one half
where the edge of something is, so that a program draws edges as crisp as it likes, however soft the plane. FIELDS names them
in the order in which Sources/Painting/Drawing/Underpainting.swift reads them. The last one is no probability: it tells how
light hair is.
"""

import torch
from torch import nn
from torch.nn import functional as F

from student import Shape, Student

FIELDS = ("person", "skin", "hair", "ink", "sky", "shade", "tone")
# A field's output is the logit of its probability divided by this: clipped to -1 and 1, as integers want it.
LOGITS = 4
# The samples that one pixel at stride 2 becomes: 4x4 pixels of three colours, 2x2 of the fields.
COLOURS, MARKS = 3 * 16, len(FIELDS) * 4

# Faces want to be seen as a whole: the widest blocks are at stride 16.
SIZES_OF_UNDERPAINTERS = {
    "s": Shape(16, 32, 64, 64, (96,) * 4, (64,), (128,), (128,), (64,) * 2, (16,)),
    "m": Shape(24, 48, 96, 96, (192,) * 4, (96,) * 2, (192,), (192,) * 2, (96,) * 3, (24,)),
    "l": Shape(32, 64, 128, 144, (288,) * 5, (128,) * 3, (256,) * 2, (256,) * 3, (128,) * 4, (32,) * 2),
}


class Underpainter(Student):
    def __init__(self, shape: Shape):
        super().__init__(shape)
        self.head = nn.Conv2d(shape.at_2, COLOURS + MARKS, 3, 1, 1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, photo: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Colours in [-1, 1] and fields before they are clipped to it."""
        made = self.head(self.features(photo))
        picture = F.pixel_shuffle(made[:, :COLOURS], 4) + F.interpolate(photo, scale_factor=2, mode="nearest")
        return picture, F.pixel_shuffle(made[:, COLOURS:], 2)
