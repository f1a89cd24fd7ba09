#!/usr/bin/env python3
"""Makes pairs for the enlarger: small pictures, and what its teacher makes of them at twice their sides.

Writes finish-photos.npy, uint8 (count, 224, 224, 3), and finish-targets.npy, uint8 (count, 448, 448, 3). Six in ten show
drawn pictures, the others photos made flat, soft or vivid by filters; so it learns no style. What it will be given is worse
than that: softer, with traces of the photo's noise and of JPEG, or enlarged before. Half of the small pictures get some of
that, and the teacher sees them as they were; one in seven is itself the teacher's. The first 24 pairs are of pictures and
photos of their own, kept out of training. The next 72 small pictures are also written as JPEG into finish-calibration, for
`animesnap model import`. Goes on where it was interrupted.
"""

import argparse
import random
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from make_targets import KEPT_OUT, opened
from photos import listed
from progress import Progress
from styles import STYLES
from teachers import Teacher

SIDE = 224
CALIBRATION = 72


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, required=True, help="folder of drawn pictures")
    parser.add_argument("--photos", type=Path, required=True, help="folder of photos")
    parser.add_argument("--teachers", type=Path, required=True, help="folder of teacher networks")
    parser.add_argument("--work", type=Path, required=True, help="folder for what is made")
    parser.add_argument("--count", type=int, default=900, help="pairs (default: 900)")
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()

    cv2.setNumThreads(chosen.threads)
    teacher = Teacher(STYLES["finish"], chosen.teachers, chosen.threads)
    drawn, photos = (listed(folder, None)[0] for folder in (chosen.pictures, chosen.photos))
    for files in (drawn, photos):
        random.Random(1).shuffle(files)
    calibration = chosen.work / "finish-calibration"
    calibration.mkdir(parents=True, exist_ok=True)
    sources = opened(chosen.work / "finish-photos.npy", (chosen.count, SIDE, SIDE, 3))
    targets = opened(chosen.work / "finish-targets.npy", (chosen.count, 2 * SIDE, 2 * SIDE, 3))
    progress = chosen.work / "finish-made.txt"
    first = int(progress.read_text()) if progress.exists() else 0
    made = Progress(chosen.count, first)
    for index in range(first, chosen.count):
        # Each pair depends on its own number only, so an interrupted run makes the same ones.
        chance = random.Random(f"finish {index}")
        is_drawn = chance.random() < 0.6
        files = drawn if is_drawn else photos
        file = files[index] if index < KEPT_OUT else chance.choice(files[KEPT_OUT:])
        small = drawing(file, chance) if is_drawn else painting(file, chance)
        if chance.random() < 1 / 7:
            small = crop(teacher(crop(small, SIDE // 2, chance)), SIDE, chance)
        targets[index] = same_tone(small, teacher(small))
        sources[index] = worn(small, chance)
        if KEPT_OUT <= index < KEPT_OUT + CALIBRATION:
            Image.fromarray(sources[index]).save(calibration / f"{index}.jpg", quality=95, subsampling=0)
        if made.pauses(index):
            sources.flush()
            targets.flush()
            progress.write_text(f"{index + 1}\n")
            print(made.line(index), flush=True)


def read(file: Path, side: float) -> np.ndarray:
    """A picture reduced until its shorter side is `side`, or SIDE where that is more."""
    picture = cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2RGB)
    factor = max(side, SIDE) / min(picture.shape[:2])
    size = [max(SIDE, round(factor * length)) for length in picture.shape[1::-1]]
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)


def crop(picture: np.ndarray, side: int, chance: random.Random) -> np.ndarray:
    top, left = (chance.randint(0, length - side) for length in picture.shape[:2])
    return np.ascontiguousarray(picture[top:top + side, left:left + side])


def drawing(file: Path, chance: random.Random) -> np.ndarray:
    """Of a drawn picture of 512 pixels: lines as thick as drawn in a third of the cases, else up to half as thick."""
    return crop(read(file, 512 * (1 if chance.random() < 1 / 3 else chance.uniform(0.5, 1))), SIDE, chance)


def painting(file: Path, chance: random.Random) -> np.ndarray:
    """Of a photo: reduced, which takes away noise and what JPEG left, then smoothed as one of the ways of painting; or with
    harder edges and stronger colours, as networks paint that leave much of a photo as it was."""
    photo = crop(read(file, chance.uniform(SIDE, 640)), SIDE, chance)
    match chance.choice(["flat", "soft", "fine", "hard", "hard"]):
        case "flat":
            return cv2.pyrMeanShiftFiltering(photo, chance.uniform(6, 14), chance.uniform(10, 28))
        case "soft":
            filter = chance.choice([cv2.RECURS_FILTER, cv2.NORMCONV_FILTER])
            return cv2.edgePreservingFilter(photo, None, filter, chance.uniform(10, 50), chance.uniform(0.15, 0.45))
        case "fine":
            return cv2.bilateralFilter(photo, 5, chance.uniform(10, 40), 2)
        case _:
            grey = cv2.cvtColor(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
            vivid = cv2.addWeighted(photo, saturation := chance.uniform(1, 1.5), grey, 1 - saturation, 0)
            harder = chance.uniform(0, 1)
            return cv2.addWeighted(vivid, 1 + harder, cv2.GaussianBlur(vivid, (0, 0), 1.2), -harder, 0)


def same_tone(small: np.ndarray, large: np.ndarray) -> np.ndarray:
    """The teacher makes most areas a little brighter, and draws bright seams along dark lines. What is smooth in `large`
    gets the tone of `small`, and nothing is much brighter or darker than what is near it in `small`."""
    near, size = np.ones((5, 5), np.uint8), (2 * SIDE, 2 * SIDE)
    brightest, darkest = cv2.dilate(small, near), cv2.erode(small, near)
    smooth = np.exp(-np.square((brightest.astype(np.float32) - darkest).max(2, keepdims=True) / 12))
    shift = (small.astype(np.float32) - cv2.resize(large, (SIDE, SIDE), interpolation=cv2.INTER_AREA)) * smooth
    # Where nothing near is smooth, what is so anywhere in the picture tells.
    little = 0.02
    everywhere = shift.mean((0, 1)) / (smooth.mean() + 1e-3)
    shift = cv2.GaussianBlur(shift, (0, 0), 6) + little * everywhere
    shift = shift / (cv2.GaussianBlur(smooth, (0, 0), 6)[..., None] + little)
    lowest, highest = (cv2.resize(part, size, interpolation=cv2.INTER_NEAREST).astype(np.float32)
                       for part in (darkest, brightest))
    return (large + cv2.resize(shift, size)).clip(lowest - 8, highest + 4).round().clip(0, 255).astype(np.uint8)


def worn(small: np.ndarray, chance: random.Random) -> np.ndarray:
    """As a network would paint it: softer, and not quite without noise and JPEG's blocks."""
    if chance.random() < 0.5:
        return small
    result = small.astype(np.float32)
    if chance.random() < 0.7:
        share = chance.uniform(0.1, 0.6)
        result = share * cv2.blur(result, (3, 3)) + (1 - share) * result
    if chance.random() < 0.4:
        noise = np.random.default_rng(chance.getrandbits(32)).normal(0, chance.uniform(1, 4), small.shape)
        result = result + cv2.GaussianBlur(noise.astype(np.float32), (0, 0), chance.uniform(0.3, 0.8))
    result = result.round().clip(0, 255).astype(np.uint8)
    if chance.random() < 0.5:
        quality = [cv2.IMWRITE_JPEG_QUALITY, chance.randint(55, 92)]
        result = cv2.imdecode(cv2.imencode(".jpg", result, quality)[1], cv2.IMREAD_COLOR)
    return result


if __name__ == "__main__":
    main()
