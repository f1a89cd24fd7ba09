#!/usr/bin/env python3
"""Makes targets for the drawn styles: aligned portraits and scenes, and what the renderer makes of them.

Writes for every photo portrait-NAME.npz or scene-NAME.npz with raw and under, uint8 (512, 512, 3), fields, uint8 (512, 512, 8)
of the planes that `names` lists, and points (faces, 478, 2). What a file holds follows from its photo and the seed alone, so
that parts can run side by side and an interrupted run goes on. Needs an environment of its own: drawn-requirements.txt.
"""

import argparse
import os
import random
from pathlib import Path

import cv2
import numpy as np

from drawn import FIELDS, Renderer
from drawn.networks import DETECTOR, Detector
from drawn_crops import interleaved, largest_face, portrait, scene
from progress import Progress

# The smallest face that is a portrait, in pixels of its height.
SMALLEST_FACE = 80


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, required=True, help="folder of photos")
    parser.add_argument("--networks", type=Path, required=True, help="folder of the networks that find things")
    parser.add_argument("--detector", type=Path, help=f"YuNet as ONNX (default: {DETECTOR} among the networks)")
    parser.add_argument("--out", type=Path, required=True, help="folder for what is made")
    parser.add_argument("--part", type=int, default=0, help="which of the parts, from 0 (default: 0)")
    parser.add_argument("--parts", type=int, default=1, help="how many runs share the photos (default: 1)")
    parser.add_argument("--count", type=int, help="no more photos than this, in this part")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    if not 0 <= chosen.part < chosen.parts:
        parser.error(f"--part is {chosen.part}; 0 to {chosen.parts - 1} are possible")

    cv2.setNumThreads(1)
    detector = chosen.detector or chosen.networks / DETECTOR
    find, render = Detector(detector, 0.8, 100), Renderer(chosen.networks, detector)
    chosen.out.mkdir(parents=True, exist_ok=True)
    files = sorted(path for path in chosen.photos.iterdir() if path.suffix.lower() in (".jpg", ".jpeg"))
    random.Random(chosen.seed).shuffle(files)
    jobs = sorted_by_kind(files[chosen.part::chosen.parts], find)[:chosen.count]
    made = Progress(len(jobs), sum(target(chosen.out, *job).exists() for job in jobs))
    done = 0
    for kind, file in jobs:
        result = target(chosen.out, kind, file)
        if result.exists():
            done += 1
            continue
        crop = cropped(kind, file, find, random.Random(f"{chosen.seed} {file.name}"))
        if crop is None:
            continue
        drawn = render(crop)
        # A number of its own, as another part may work beside this one.
        half = result.with_suffix(f".{os.getpid()}.tmp.npz")
        np.savez_compressed(half, raw=drawn.raw, under=drawn.under, fields=drawn.fields, points=drawn.points,
                            names=np.array(FIELDS))
        half.replace(result)
        done += 1
        if made.pauses(done - 1):
            print(made.line(done - 1), flush=True)
    # Photos that gave nothing, profiles say, are missing in the end.
    if done and not made.pauses(done - 1):
        print(made.line(done - 1))


def read(file: Path) -> np.ndarray | None:
    """RGB, uint8; None for what is no picture."""
    photo = cv2.imread(str(file))
    return None if photo is None else np.ascontiguousarray(photo[..., ::-1])


def sorted_by_kind(files: list[Path], find: Detector) -> list[tuple[str, Path]]:
    """Photos of faces that are large enough, and between them photos without any face."""
    people, scenes = [], []
    for file in files:
        photo = read(file)
        if photo is None:
            continue
        eyes = largest_face(find(photo))
        if eyes is None:
            scenes.append(("scene", file))
        elif eyes.height > SMALLEST_FACE:
            people.append(("portrait", file))
    return interleaved(people, scenes)


def cropped(kind: str, file: Path, find: Detector, chance: random.Random) -> np.ndarray | None:
    photo = read(file)
    if kind == "scene":
        return scene(photo, chance)
    return portrait(photo, largest_face(find(photo)), chance)


def target(folder: Path, kind: str, file: Path) -> Path:
    return folder / f"{kind}-{file.stem}.npz"


if __name__ == "__main__":
    main()
