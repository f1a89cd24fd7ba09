#!/usr/bin/env python3
"""Measures what people see in drawn pictures, on photos with one large face, with the program itself.

Eyes: the area within the lids, drawn to photo, by the height of the face in the finished picture, the mesh of
`animesnap faces` on both. Skin: CIELAB of the cheeks, drawn less photo: hue in degrees, chroma, lightness. Flicker: the mean
change of a sample, of 255, when a still photo gets other noise. Prints Markdown.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import cv2
import numpy as np
from skimage.color import rgb2lab

# Heights of faces in the finished picture, in pixels.
HEIGHTS = (40, 64, 96, 128, 192, 256, 384, 512, 700, 1000)
# Standard deviation of the noise that flicker is measured with, of 255.
NOISE = 4
# Of the mesh: the lids of both eyes, and places on the cheeks.
LIDS = ((33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7),
        (263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249))
CHEEKS = (50, 280, 205, 425, 101, 330)
# What is smaller is enlarged before the mesh looks at it.
SEEN_HEIGHT = 200


class Program:
    def __init__(self, command: str, style: str):
        self.command, self.style = command, style

    def drawn(self, photo: np.ndarray, size: int) -> np.ndarray | None:
        with tempfile.TemporaryDirectory() as folder:
            source, result = Path(folder) / "photo.jpg", Path(folder) / "drawn.jpg"
            cv2.imwrite(str(source), photo, [cv2.IMWRITE_JPEG_QUALITY, 97])
            done = subprocess.run([self.command, "convert", str(source), "-o", str(result), "--style", self.style,
                                   "--size", str(size)], capture_output=True)
            return cv2.imread(str(result)) if done.returncode == 0 else None

    def mesh(self, picture: np.ndarray) -> np.ndarray | None:
        """The points of the largest face, (468, 2), in pixels."""
        with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
            cv2.imwrite(file.name, picture, [cv2.IMWRITE_JPEG_QUALITY, 97])
            done = subprocess.run([self.command, "faces", file.name, "--json"], capture_output=True)
        faces = json.loads(done.stdout)["faces"] if done.returncode == 0 else []
        faces = [face for face in faces if face.get("mesh")]
        if not faces:
            return None
        return np.float32(max(faces, key=lambda face: face["box"][3])["mesh"])[:, :2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("style")
    parser.add_argument("photos", type=Path, nargs="+", help="photos with one large face")
    parser.add_argument("--program", default="animesnap")
    parser.add_argument("--heights", type=int, nargs="*", default=HEIGHTS, help="of faces, for the table of eyes")
    chosen = parser.parse_args()

    program = Program(chosen.program, chosen.style)
    eyes, skins, changes = {height: [] for height in chosen.heights}, [], []
    for file in chosen.photos:
        photo = cv2.imread(str(file))
        points = None if photo is None else program.mesh(photo)
        if points is None:
            print(f"{file}: no face", flush=True)
            continue
        drawn = program.drawn(photo, 1280)
        if drawn is not None:
            scale = max(drawn.shape) / max(photo.shape)
            skins.append((file.name, *skin(photo, points), *skin(drawn, points * scale)))
            changes.append(flicker(program, photo))
        for height in chosen.heights:
            ratio = eye_ratio(program, photo, points, height)
            if ratio:
                eyes[height].append(ratio)
    print_tables(eyes, skins, changes)


def box_height(points: np.ndarray) -> float:
    """As high as the detector's box: from the brows' top to a little below the chin, the mesh is a little less."""
    return float(np.ptp(points[:, 1])) * 1.05


def eye_ratio(program: Program, photo: np.ndarray, points: np.ndarray, height: int) -> float | None:
    size = round(max(photo.shape[:2]) * height / box_height(points))
    if not 64 <= size <= 4000:
        return None
    drawn = program.drawn(photo, size)
    if drawn is None:
        return None
    larger = max(1.0, SEEN_HEIGHT / height)
    found = program.mesh(cv2.resize(drawn, None, fx=larger, fy=larger, interpolation=cv2.INTER_CUBIC))
    if found is None:
        return None
    scale = max(drawn.shape) * larger / max(photo.shape)
    area = lambda mesh: sum(cv2.contourArea(mesh[list(lids)]) for lids in LIDS)
    return area(found) / max(area(points * scale), 1e-6)


def skin(picture: np.ndarray, points: np.ndarray) -> tuple[float, float, float]:
    """Lightness, a and b of the cheeks."""
    side = max(1, round(np.ptp(points[:, 0]) * 0.03))
    samples = []
    for x, y in points[list(CHEEKS)]:
        square = picture[max(int(y) - side, 0):int(y) + side + 1, max(int(x) - side, 0):int(x) + side + 1, ::-1]
        if square.size:
            samples.append(rgb2lab(square / 255.0).reshape(-1, 3))
    return tuple(np.median(np.concatenate(samples), axis=0))


def flicker(program: Program, photo: np.ndarray) -> float:
    pictures = []
    for seed in (1, 2):
        noise = np.random.default_rng(seed).normal(0, NOISE, photo.shape)
        pictures.append(program.drawn(np.clip(photo + noise, 0, 255).astype(np.uint8), 1280).astype(np.float32))
    return float(np.abs(pictures[0] - pictures[1]).mean())


def print_tables(eyes: dict[int, list[float]], skins: list[tuple], changes: list[float]) -> None:
    print("| face, pixels | " + " | ".join(str(height) for height in eyes) + " |")
    print("| --- |" + " --- |" * len(eyes))
    print("| eyes, drawn to photo | " + " | ".join(
        f"{np.median(ratios):.2f} ({len(ratios)})" if ratios else "" for ratios in eyes.values()) + " |\n")
    print("| photo | L | hue off | chroma off | lightness off |\n| --- | --- | --- | --- | --- |")
    for name, *values in sorted(skins, key=lambda row: row[1]):
        before, after = np.array(values[:3]), np.array(values[3:])
        hues = [np.degrees(np.arctan2(colour[2], colour[1])) for colour in (before, after)]
        chromas = [np.hypot(colour[1], colour[2]) for colour in (before, after)]
        hue = (hues[1] - hues[0] + 180) % 360 - 180
        print(f"| {name} | {before[0]:.0f} | {hue:+.1f} | {chromas[1] - chromas[0]:+.1f} | {after[0] - before[0]:+.1f} |")
    if changes:
        print(f"\nFlicker: {np.median(changes):.2f} of 255, median of {len(changes)}; {max(changes):.2f} at most")


if __name__ == "__main__":
    main()
