#!/usr/bin/env python3
"""The styles: their teachers, and which photos they learn from. Run with a style it prints title and terms, a line each."""

import sys
from dataclasses import dataclass, field

from enlarger import SIZES_OF_ENLARGERS, EnlargerShape
from student import SIZES, Shape


@dataclass(frozen=True)
class Style:
    title: str
    teacher: str  # file in the folder of teachers
    terms: str
    side_multiple: int  # of what the teacher takes
    fixed_side: int | None  # of a teacher that takes one size only
    face_share: float  # how many of the crops come from photos of faces
    sizes: dict[str, Shape | EnlargerShape] = field(default_factory=lambda: SIZES)


STYLES = {
    "cute": Style("Cute: large eyes, smooth skin, clean shapes", "AnimeGANv3_tiny_Cute.onnx",
                  "AnimeGANv3 terms, non-commercial", 16, None, 0.7),
    # No style: it doubles pictures of all of them.
    "finish": Style("Finish: doubles a painted picture", "realesr-animevideov3-x2.param", "BSD-3-Clause (Real-ESRGAN)", 1,
                    None, 0, SIZES_OF_ENLARGERS),
}


if __name__ == "__main__":
    print(STYLES[sys.argv[1]].title, STYLES[sys.argv[1]].terms, sep="\n")
