"""Pictures to calibrate with and to run on."""

from pathlib import Path

import numpy as np
from PIL import Image


def load(source: str, size: int, count: int = 4) -> np.ndarray:
    """`count` square pictures from a photo or the first photos of a folder: float32 NCHW RGB in [-1, 1]."""
    path = Path(source)
    files = sorted(path.glob("*.jp*g")) if path.is_dir() else [path]
    if not files:
        raise SystemExit(f"there are no JPEG files in {source}; --photos takes a photo or a folder of them")
    # Evenly from all over the folder: neighbours often show the same scene.
    chosen = files[:: max(1, len(files) // count)][:count]
    pictures = [crop for file in chosen for crop in _crops(file, size, max(1, count // len(chosen)))]
    return np.stack(pictures).astype(np.float32).transpose(0, 3, 1, 2) / 127.5 - 1


def _crops(file: Path, size: int, count: int) -> list[np.ndarray]:
    """The middle square, then ever smaller squares from the corners, each scaled to `size`."""
    with Image.open(file) as opened:
        picture = opened.convert("RGB")
    width, height = picture.size
    crops = []
    for number in range(count):
        side = int(min(width, height) * 0.75**number)
        left = (width - side) // 2 if number == 0 else (width - side) * (number & 1)
        top = (height - side) // 2 if number == 0 else (height - side) * (number >> 1 & 1)
        box = picture.crop((left, top, left + side, top + side))
        crops.append(np.asarray(box.resize((size, size), Image.Resampling.BICUBIC)))
    return crops
