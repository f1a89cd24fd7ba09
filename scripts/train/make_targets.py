#!/usr/bin/env python3
"""Makes pairs for distillation: crops of photos, and what the teacher makes of them.

Writes STYLE-photos.npy and STYLE-targets.npy, uint8 (count, 512, 512, 3). The first 24 pairs are crops of photos of their
own, kept out of training. Goes on where it was interrupted.
"""

import argparse
import random
from pathlib import Path

import numpy as np

import photos
from progress import Progress
from styles import STYLES
from teachers import Teacher

KEPT_OUT = 24


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("style", choices=STYLES)
    parser.add_argument("--photos", type=Path, required=True, help="folder of photos")
    parser.add_argument("--faces", type=Path, help="file of beginnings of names of photos of faces")
    parser.add_argument("--teachers", type=Path, required=True, help="folder of teacher networks")
    parser.add_argument("--work", type=Path, required=True, help="folder for what is made")
    parser.add_argument("--count", type=int, default=900, help="pairs (default: 900)")
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()

    style = STYLES[chosen.style]
    everything, faces = photos.listed(chosen.photos, chosen.faces)
    random.Random(1).shuffle(everything)
    kept_out, rest = everything[:KEPT_OUT], everything[KEPT_OUT:]
    faces = [path for path in faces if path not in set(kept_out)]
    chosen.work.mkdir(parents=True, exist_ok=True)
    shape = (chosen.count, photos.SIDE, photos.SIDE, 3)
    sources, targets = (opened(chosen.work / f"{chosen.style}-{kind}.npy", shape) for kind in ("photos", "targets"))
    progress = chosen.work / f"{chosen.style}-made.txt"
    first = int(progress.read_text()) if progress.exists() else 0
    teacher = Teacher(style, chosen.teachers, chosen.threads)
    made = Progress(chosen.count, first)
    for index in range(first, chosen.count):
        # Each pair depends on its own number only, so an interrupted run makes the same ones.
        chance = random.Random(f"{chosen.style} {index}")
        if index < KEPT_OUT:
            square = photos.crop(kept_out[index], chance)
        else:
            pool = faces if faces and chance.random() < style.face_share else rest
            square = photos.as_taken(photos.crop(chance.choice(pool), chance), chance)
        sources[index] = np.asarray(square)
        targets[index] = teacher(sources[index])
        if made.pauses(index):
            sources.flush()
            targets.flush()
            progress.write_text(f"{index + 1}\n")
            print(made.line(index), flush=True)


def opened(path: Path, shape: tuple[int, ...]) -> np.memmap:
    if path.exists():
        array = np.lib.format.open_memmap(path, mode="r+")
        if array.shape == shape:
            return array
        raise SystemExit(f"{path} holds {array.shape[0]} pairs; remove it to make {shape[0]}")
    return np.lib.format.open_memmap(path, mode="w+", dtype=np.uint8, shape=shape)


if __name__ == "__main__":
    main()
