#!/usr/bin/env python3
"""Measures a style on photos kept out of training: students and model files against the teacher.

For each: PSNR, SSIM, a perceptual distance and a Fréchet distance (features.py says on which features), colour shift (CIE
1976 difference of the mean colours), flicker (mean change of a sample, of 255, when the photo gets other noise), and of a
model file PSNR to its own float network. Prints Markdown and writes a contact sheet: photo, teacher, float, INT8.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image, ImageDraw
from skimage.color import rgb2lab
from skimage.metrics import structural_similarity

from features import Features, Moments, distance
from integer_network import IntegerNetwork
from make_targets import KEPT_OUT
from styles import STYLES
from teachers import Teacher

# Standard deviation of the noise that flicker is measured with, of 255: a webcam by daylight.
NOISE = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("style", choices=STYLES)
    parser.add_argument("files", type=Path, nargs="+", help="ONNX networks and model files; NAME.onnx is the float network "
                        "of NAME.safetensors and NAME-int8.safetensors")
    parser.add_argument("--work", type=Path, required=True, help="folder of the pairs")
    parser.add_argument("--teachers", type=Path, required=True, help="folder of teacher networks")
    parser.add_argument("--sheets", type=Path, required=True, help="folder for contact sheets")
    parser.add_argument("--json", type=Path, help="keep the figures in this file")
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()

    photos, targets = (np.load(chosen.work / f"{chosen.style}-{kind}.npy", mmap_mode="r")[:KEPT_OUT]
                       for kind in ("photos", "targets"))
    features = Features(chosen.teachers, chosen.threads)
    expected = [features(target) for target in targets]
    painters = {"teacher": Teacher(STYLES[chosen.style], chosen.teachers, chosen.threads), "the photo itself": lambda photo: photo}
    painters |= {file.name: painter(file, chosen.threads) for file in chosen.files}
    figures, pictures = {}, {}
    for name, paint in painters.items():
        made = targets if name == "teacher" else [paint(photo) for photo in photos]
        pictures[name] = made
        figures[name] = measured(made, targets, expected, features) | {"flicker": flicker(paint, photos)}
    for file in chosen.files:
        network = file.stem.removesuffix("-int8") + ".onnx"
        if file.suffix == ".safetensors" and network in pictures:
            own = [psnr(*pair) for pair in zip(pictures[file.name], pictures[network])]
            figures[file.name] |= {"own": float(np.median(own)), "own_worst": min(own)}
            sheet([photos, targets, pictures[network], pictures[file.name]], chosen.sheets / f"{file.stem}.jpg")
    print(table(figures))
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1) + "\n")


def painter(file: Path, threads: int):
    if file.suffix == ".safetensors":
        return IntegerNetwork(file).exact
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])

    def paint(photo: np.ndarray) -> np.ndarray:
        made = session.run(None, {"photo": photo.transpose(2, 0, 1)[None].astype(np.float32) / 127.5 - 1})[0][0]
        return ((made.transpose(1, 2, 0).clip(-1, 1) + 1) * 127.5).round().astype(np.uint8)

    return paint


def measured(made, targets, expected, features: Features) -> dict[str, float]:
    perceptual, mine, theirs = [], Moments(), Moments()
    for picture, wanted in zip(made, expected):
        found = features(picture)
        perceptual.append(distance(found, wanted))
        mine.add(found)
        theirs.add(wanted)
    decibels = [psnr(*pair) for pair in zip(made, targets)]
    return {
        "psnr": float(np.median(decibels)), "psnr_worst": min(decibels),
        "ssim": float(np.median([structural_similarity(a, b, channel_axis=2, gaussian_weights=True, sigma=1.5,
                                                       use_sample_covariance=False) for a, b in zip(made, targets)])),
        "perceptual": float(np.median(perceptual)), "frechet": mine.frechet(theirs),
        "colour": float(np.median([np.linalg.norm(rgb2lab(a).mean((0, 1)) - rgb2lab(b).mean((0, 1)))
                                   for a, b in zip(made, targets)])),
    }


def psnr(one: np.ndarray, other: np.ndarray) -> float:
    """In dB, of bytes; equal pictures count as 99."""
    error = np.square(one.astype(np.float64) - other).mean()
    return min(99.0, 10 * np.log10(255**2 / max(error, 1e-9)))


def flicker(paint, photos, count: int = 6) -> float:
    """How much the pictures of the same photos with two other noises differ."""
    found = []
    for index in range(count):
        chance = np.random.default_rng(index)
        first, second = (paint((photos[index] + chance.normal(0, NOISE, photos[index].shape)).clip(0, 255).round()
                               .astype(np.uint8)) for _ in range(2))
        found.append(np.abs(first.astype(float) - second).mean())
    return float(np.median(found))


def sheet(columns: list, path: Path, side: int = 320) -> None:
    heads = ("photo", "teacher", "float", "INT8")
    result = Image.new("RGB", (side * len(columns), 24 + side * len(columns[0])), "white")
    for column, (head, pictures) in enumerate(zip(heads, columns)):
        ImageDraw.Draw(result).text((side * column + 8, 6), head, "black")
        for row, picture in enumerate(pictures):
            small = Image.fromarray(np.asarray(picture)).resize((side, side), Image.Resampling.LANCZOS)
            result.paste(small, (side * column, 24 + side * row))
    path.parent.mkdir(parents=True, exist_ok=True)
    result.save(path, quality=88)
    print(f"contact sheet: {path}")


def table(figures: dict[str, dict[str, float]]) -> str:
    heads = {"psnr": "PSNR, dB", "psnr_worst": "worst", "ssim": "SSIM", "perceptual": "perceptual", "frechet": "Fréchet",
             "colour": "colour shift", "flicker": "flicker", "own": "INT8 to float, dB", "own_worst": "worst"}
    digits = {"ssim": 3, "perceptual": 3}
    lines = ["| | " + " | ".join(heads.values()) + " |", "|---" * (len(heads) + 1) + "|"]
    for name, row in figures.items():
        cells = [f"{row[key]:.{digits.get(key, 2)}f}" if key in row else "" for key in heads]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
