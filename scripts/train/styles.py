"""The styles: their teachers, and which photos they learn from."""

from dataclasses import dataclass, field

from student import SIZES, SIZES_OF_SCENES, Shape


@dataclass(frozen=True)
class Style:
    teacher: str  # file in the folder of teachers
    terms: str
    side_multiple: int  # of what the teacher takes
    fixed_side: int | None  # of a teacher that takes one size only
    face_share: float  # how many of the crops come from photos of faces
    sizes: dict[str, Shape] = field(default_factory=lambda: SIZES_OF_SCENES)


STYLES = {
    "cute": Style("AnimeGANv3_tiny_Cute.onnx", "AnimeGANv3 terms, non-commercial", 16, None, 0.7, SIZES),
    "shinkai": Style("AnimeGANv3_Shinkai_37.onnx", "AnimeGANv3 terms, non-commercial", 32, None, 0.15),
    "cel": Style("whitebox_dr.tflite", "CC BY-NC-SA 4.0, non-commercial", 512, 512, 0.3),
}
