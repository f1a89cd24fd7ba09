#!/usr/bin/env python3
"""Measures the enlarger on pairs kept out of training, against its teacher and bicubic enlarging.

For each: PSNR to the teacher, colour shift (the most that the mean of a colour differs from that of the small picture, of
255), halo (of all pixels those brighter or darker by more than 8 than anything in the small picture within two pixels, in
percent; the teacher makes lines darker than it found them), and of a model file PSNR to its own float network. Prints
Markdown and writes a contact sheet at 100 %: bicubic, INT8, teacher.
"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from evaluate import painter, psnr
from make_targets import KEPT_OUT

HALO = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+", help="ONNX networks and model files; NAME.onnx is the float network "
                        "of NAME.safetensors and NAME-int8.safetensors")
    parser.add_argument("--work", type=Path, required=True, help="folder of the pairs")
    parser.add_argument("--sheets", type=Path, required=True, help="folder for contact sheets")
    parser.add_argument("--json", type=Path, help="keep the figures in this file")
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()

    small, targets = (np.load(chosen.work / f"finish-{kind}.npy", mmap_mode="r")[:KEPT_OUT]
                      for kind in ("photos", "targets"))
    pictures = {"bicubic": [twice(picture, cv2.INTER_CUBIC) for picture in small], "teacher": targets}
    pictures |= {file.name: [paint(picture) for picture in small]
                 for file in chosen.files for paint in [painter(file, chosen.threads)]}
    figures = {name: measured(made, small, targets) for name, made in pictures.items()}
    for file in chosen.files:
        network = file.stem.removesuffix("-int8") + ".onnx"
        if file.suffix == ".safetensors" and network in pictures:
            own = [psnr(*pair) for pair in zip(pictures[file.name], pictures[network])]
            figures[file.name] |= {"own": float(np.median(own)), "own_worst": min(own)}
            chosen.sheets.mkdir(parents=True, exist_ok=True)
            rows = [np.hstack(row) for row in zip(pictures["bicubic"], pictures[file.name], targets)]
            Image.fromarray(np.vstack(rows)).save(chosen.sheets / f"{file.stem}.png")
    heads = {"psnr": "PSNR, dB", "psnr_worst": "worst", "colour": "colour shift", "halo": "halo, %",
             "own": "INT8 to float, dB", "own_worst": "worst"}
    print("| | " + " | ".join(heads.values()) + " |", "|---" * (len(heads) + 1) + "|", sep="\n")
    for name, row in figures.items():
        print(f"| {name} | " + " | ".join(f"{row[key]:.2f}" if key in row else "" for key in heads) + " |")
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1) + "\n")


def twice(picture: np.ndarray, interpolation: int) -> np.ndarray:
    return cv2.resize(picture, None, fx=2, fy=2, interpolation=interpolation)


def measured(made: list, small: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    decibels = [psnr(*pair) for pair in zip(made, targets)]
    return {
        "psnr": float(np.median(decibels)), "psnr_worst": min(decibels),
        "colour": max(float(np.abs(large.mean((0, 1)) - picture.mean((0, 1))).max()) for large, picture in zip(made, small)),
        "halo": float(np.median([halo(large, picture) for large, picture in zip(made, small)])),
    }


def halo(large: np.ndarray, small: np.ndarray) -> float:
    """In percent."""
    near = np.ones((5, 5), np.uint8)
    above = large.astype(int) - twice(cv2.dilate(small, near), cv2.INTER_NEAREST)
    below = twice(cv2.erode(small, near), cv2.INTER_NEAREST) - large.astype(int)
    return 100 * float((np.maximum(above, below).max(2) > HALO).mean())


if __name__ == "__main__":
    main()
