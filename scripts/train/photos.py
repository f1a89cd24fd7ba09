"""Photos, crops of them, and what a webcam does to them."""

import io
import random
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

SIDE = 512


def listed(folder: Path, faces: Path | None) -> tuple[list[Path], list[Path]]:
    """All photos, and those of faces: named, one a line, in the file `faces`, by the beginning of their names."""
    photos = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    beginnings = tuple(faces.read_text().split()) if faces else ()
    return photos, [path for path in photos if beginnings and path.name.startswith(beginnings)]


def crop(path: Path, chance: random.Random) -> Image.Image:
    """A square of SIDE pixels, from a third of the photo to all of its shorter side."""
    photo = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    side = round(min(photo.size) * chance.uniform(0.35, 1) ** 0.7)
    side = max(side, min(min(photo.size), SIDE // 2))
    left, top = chance.randint(0, photo.width - side), chance.randint(0, photo.height - side)
    square = photo.crop((left, top, left + side, top + side)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    return ImageOps.mirror(square) if chance.random() < 0.5 else square


def as_taken(square: Image.Image, chance: random.Random) -> Image.Image:
    """The same in another light and through a worse camera: exposure, white balance, noise, JPEG artefacts."""
    if chance.random() < 0.4:
        return square
    samples = np.asarray(square, np.float32) / 255
    samples = samples ** chance.uniform(0.75, 1.35) * chance.uniform(0.75, 1.15)
    samples = samples * np.array([chance.uniform(0.9, 1.1), 1, chance.uniform(0.88, 1.12)], np.float32)
    if chance.random() < 0.4:
        noise = np.random.default_rng(chance.getrandbits(32)).normal(0, chance.uniform(0.005, 0.04), samples.shape)
        samples = samples + noise.astype(np.float32)
    result = Image.fromarray((samples.clip(0, 1) * 255).round().astype(np.uint8))
    if chance.random() < 0.5:
        file = io.BytesIO()
        result.save(file, "JPEG", quality=chance.randint(45, 92))
        result = Image.open(file).convert("RGB")
    return result
