#!/usr/bin/env python3
"""Trains an underpainter on the targets that make_drawn_targets.py made.

The student sees the photo as a bad camera gives it: dim, noisy, with a colour cast, blurred, as a poor JPEG; the target is
that of the clean one, so it learns to light a party. Some photos are moved past the border, some are no photos but plain
colours and shapes, which have to stay what they are. It begins with small pictures, where a step costs less (progressive resizing).
Keeps NAME.pt in the work folder after every 150 steps, and NAME.png, which shows what it draws of photos kept out.
"""

import argparse
import math
import random
import time
import zlib
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.nn import functional as F

from distill import freeze, save, update
from losses import distance, psnr
from optimizer import Optimizer
from student import Shape
from underpainter import FIELDS, LOGITS, SIZES_OF_UNDERPAINTERS, Underpainter

# Pixels of a side of a target.
DRAWN = 512
# Pixels of a side that the student sees, first and then, and the part of them that a step looks at.
SMALL, SEEN, WINDOW = 160, 256, 160
# Every so many photos one is kept out of training, by its name.
KEPT_OUT = 23
# How much each field counts; of lines, which are few, what is missed counts double.
WEIGHTS = {"person": 0.6, "skin": 0.8, "hair": 1.0, "ink": 1.0, "sky": 0.15, "shade": 0.8}
MISSED = {"ink": 2.0}


class Pairs:
    """Photos, pictures and fields, read when first needed and kept."""

    def __init__(self, folder: Path):
        self.folder, self.read = folder, {}
        self.look()

    def look(self) -> None:
        """Finds what was made since."""
        files = sorted(file for file in self.folder.glob("*.npz") if ".tmp" not in file.name)
        is_kept_out = lambda file: zlib.crc32(file.stem.encode()) % KEPT_OUT == 0
        self.kept_out = [file for file in files if is_kept_out(file)]
        self.portraits, self.scenes = ([file for file in files if file.name.startswith(kind) and not is_kept_out(file)]
                                       for kind in ("portrait", "scene"))

    def pair(self, file: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The warped photo, the painting, and its fields at half of the sides, uint8."""
        if file not in self.read:
            with np.load(file) as kept:
                fields = kept["fields"]
                # Strands of hair are lines, too.
                strands = fields[..., 7].astype(np.float32) * fields[..., 2] * (0.8 / 255)
                marks = fields[..., :len(FIELDS)].copy()
                marks[..., FIELDS.index("ink")] = np.maximum(marks[..., FIELDS.index("ink")], strands)
                self.read[file] = kept["raw"], kept["under"], sized(marks, DRAWN // 2)
        return self.read[file]

    def batch(self, chance: random.Random, count: int, side: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        photos, pictures, marks = [], [], []
        for _ in range(count):
            kind = chance.random()
            if kind < 0.05:
                parts = shapes(chance)
            else:
                parts = self.pair(chance.choice(self.scenes if self.scenes and kind < 0.35 else self.portraits))
                if chance.random() < 0.4:
                    parts = moved(parts, chance)
            seen = degraded(sized(parts[0], side), chance, in_any_light=kind >= 0.05)
            direction = chance.choice((1, -1))
            for part, kept in ((seen, photos), (sized(parts[1], 2 * side), pictures), (sized(parts[2], side), marks)):
                kept.append(part[:, ::direction])
        return colours(np.stack(photos)), colours(np.stack(pictures)), planes(np.stack(marks))


def sized(part: np.ndarray, side: int) -> np.ndarray:
    """Any number of planes at another size."""
    if len(part) == side:
        return part
    planes_of_four = [np.ascontiguousarray(part[..., first:first + 4]) for first in range(0, part.shape[2], 4)]
    return np.dstack([cv2.resize(planes, (side, side), interpolation=cv2.INTER_AREA) for planes in planes_of_four])


def moved(parts: tuple, chance: random.Random) -> tuple:
    """Nearer or aside; where the square ends, its border is repeated."""
    zoom = chance.uniform(0.8, 1.7)
    across, down = (chance.uniform(-0.5, 0.5) * abs(zoom - 1) + chance.uniform(-0.12, 0.12) for _ in range(2))
    result = []
    for part in parts:
        side = len(part)
        place = np.float32([[zoom, 0, side * ((1 - zoom) / 2 + across)], [0, zoom, side * ((1 - zoom) / 2 + down)]])
        how = {"flags": cv2.INTER_LINEAR, "borderMode": cv2.BORDER_REPLICATE}
        result.append(np.dstack([cv2.warpAffine(np.ascontiguousarray(part[..., first:first + 4]), place, (side, side), **how)
                                 for first in range(0, part.shape[2], 4)]))
    return tuple(result)


def shapes(chance: random.Random) -> tuple:
    """A plain surface with or without shapes, which is painted as it is."""
    some = lambda: np.float32([chance.choice((0, 255, chance.uniform(0, 255)))] * 3) * np.float32(
        [chance.uniform(0.8, 1), chance.uniform(0.8, 1), chance.uniform(0.8, 1)] if chance.random() < 0.6 else [1, 1, 1])
    first, second = some(), some() if chance.random() < 0.4 else None
    across = np.linspace(0, 1, DRAWN, dtype=np.float32)[None, :, None]
    plane = np.broadcast_to(first if second is None else first * (1 - across) + second * across, (DRAWN, DRAWN, 3))
    plane = np.ascontiguousarray(plane.astype(np.uint8))
    for _ in range(chance.choice((0, 0, 1, 4))):
        place = lambda: (chance.randint(0, DRAWN), chance.randint(0, DRAWN))
        cv2.rectangle(plane, place(), place(), some().tolist(), -1)
    return plane, plane, np.zeros((DRAWN // 2, DRAWN // 2, len(FIELDS)), np.uint8)


def degraded(photo: np.ndarray, chance: random.Random, in_any_light: bool = True) -> np.ndarray:
    """As a small camera takes it at a party."""
    light = photo.astype(np.float32) / 255
    if in_any_light and chance.random() < 0.8:
        light = light ** chance.uniform(0.75, 1.35) * chance.uniform(0.85, 1.12)
        if chance.random() < 0.5:
            light = light * np.float32([chance.uniform(0.88, 1.12), 1, chance.uniform(0.85, 1.15)])
        if chance.random() < 0.25:
            light = np.clip(light, 0, None) ** chance.uniform(1.3, 2) * chance.uniform(0.7, 1)
    if chance.random() < 0.3:
        light = cv2.GaussianBlur(light, (0, 0), chance.uniform(0.4, 1.2))
    if chance.random() < 0.6:
        noise = np.random.default_rng(chance.getrandbits(32)).standard_normal(light.shape, dtype=np.float32)
        light = light + noise * chance.choice((0.01, 0.02, 0.04, 0.06))
    photo = (light.clip(0, 1) * 255).astype(np.uint8)
    if chance.random() < 0.4:
        quality = [cv2.IMWRITE_JPEG_QUALITY, chance.randint(40, 90)]
        photo = cv2.imdecode(cv2.imencode(".jpg", photo, quality)[1], cv2.IMREAD_COLOR)
    return photo


def colours(pictures: np.ndarray) -> torch.Tensor:
    return (planes(pictures) * 2 - 1).contiguous(memory_format=torch.channels_last)


def planes(pictures: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float() / 255


def loss(made: torch.Tensor, marks: torch.Tensor, target: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Colours as samples, fields as probabilities, and the tone of hair where there is hair."""
    count = len(WEIGHTS)
    per_field = lambda values, usual: torch.tensor([values.get(name, usual) for name in WEIGHTS]).view(1, count, 1, 1)
    how_much = per_field(WEIGHTS, 0.0).repeat(len(marks), 1, *marks.shape[2:])
    # A shadow on skin: elsewhere it hardly matters what is said of it.
    how_much[:, FIELDS.index("shade")] *= 0.1 + wanted[:, FIELDS.index("skin")]
    missed = F.binary_cross_entropy_with_logits(LOGITS * marks[:, :count], wanted[:, :count], reduction="none",
                                                pos_weight=per_field(MISSED, 1.0))
    tone = FIELDS.index("tone")
    off = (marks[:, tone] - (2 * wanted[:, tone] - 1)).abs() * (wanted[:, FIELDS.index("hair")] + 0.03)
    return distance(made, target, 2) + 3 * (missed * how_much).mean() + 2.5 * off.mean()


@torch.no_grad()
def evaluate(student: Underpainter, pairs: Pairs, sheet: Path) -> str:
    """Median PSNR and intersection over union of photos kept out; draws some of them."""
    quality, shared, rows = {"portrait": [], "scene": []}, [], []
    for file in pairs.kept_out:
        photo, picture, marks = pairs.pair(file)
        seen = sized(photo, SEEN)
        made, fields = student(colours(seen[None]))
        quality[file.name.split("-")[0]].append(psnr(made, colours(picture[None])))
        sure, wanted = (LOGITS * fields[0]).sigmoid(), planes(marks[None])[0]
        if file.name.startswith("portrait"):
            shared.append([float(((sure[plane] > 0.5) & (wanted[plane] > 0.5)).sum()
                                 / max(1, int(((sure[plane] > 0.5) | (wanted[plane] > 0.5)).sum())))
                           for plane in range(len(WEIGHTS))])
        if len(rows) < 12:
            drawn = ((made[0].clamp(-1, 1).permute(1, 2, 0).numpy() + 1) * 127.5).astype(np.uint8)
            shown = [cv2.cvtColor((plane.numpy() * 255).astype(np.uint8), cv2.COLOR_GRAY2RGB) for plane in sure]
            rows.append(np.hstack([cv2.resize(part, (200, 200), interpolation=cv2.INTER_AREA)
                                   for part in (photo, drawn, picture, *shown)]))
    cv2.imwrite(str(sheet), np.vstack(rows)[..., ::-1])
    middle = lambda values: float(np.median(values)) if values else math.nan
    overlaps = ", ".join(f"{name} {middle([row[plane] for row in shared]):.3f}" for plane, name in enumerate(WEIGHTS))
    return (f"PSNR of portraits {middle(quality['portrait']):.2f} dB, of scenes {middle(quality['scene']):.2f} dB; "
            f"IoU {overlaps}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--targets", type=Path, required=True, help="folder of what make_drawn_targets.py made")
    parser.add_argument("--work", type=Path, required=True, help="folder of the result")
    parser.add_argument("--size", choices=SIZES_OF_UNDERPAINTERS, default="m")
    parser.add_argument("--start", type=Path, help="an underpainter of this size to go on from")
    parser.add_argument("--minutes", type=float, default=75)
    parser.add_argument("--small", type=float, default=0.4, help="part of the time for small pictures (default: 0.4)")
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--rate", type=float, default=2e-3, help="the highest learning rate (default: 0.002)")
    parser.add_argument("--threads", type=int, help="of the processor (default: all cores)")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()

    if chosen.threads:
        torch.set_num_threads(chosen.threads)
    cv2.setNumThreads(1)
    torch.manual_seed(chosen.seed)
    chance, pairs, shape = random.Random(chosen.seed), Pairs(chosen.targets), SIZES_OF_UNDERPAINTERS[chosen.size]
    student = Underpainter(shape)
    if chosen.start:
        kept = torch.load(chosen.start, map_location="cpu", weights_only=True)
        if Shape.from_json(kept["shape"]) != shape:
            raise SystemExit(f"{chosen.start} is of another size; {chosen.size} was asked for")
        student.load_state_dict(kept["mean"])
    student = student.to(memory_format=torch.channels_last).train()
    mean = {name: value.clone() for name, value in student.state_dict().items()}
    optimizer, started, step, part = Optimizer(student, chosen.rate), time.time(), 0, 0.0
    while part < 1:
        optimizer.set_rate(chosen.rate * min(1, (step + 1) / 60) * (0.49 * (1 + math.cos(math.pi * part)) + 0.02))
        if part > 0.65:
            freeze(student)
        if step % 40 == 0:
            pairs.look()
        side = SMALL if part < chosen.small else SEEN
        photo, target, wanted = pairs.batch(chance, chosen.batch, side)
        with torch.autocast("cpu", torch.bfloat16):
            made, marks = student(photo)
        top, left = (chance.randint(0, (side - WINDOW) // 4) * 4 for _ in range(2))
        window, twice = (tuple([slice(None)] * 2 + [slice(times * first, times * (first + WINDOW)) for first in (top, left)])
                         for times in (1, 2))
        off = loss(made[twice].float(), marks[window].float(), target[twice], wanted[window])
        off.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimizer.step()
        update(mean, student, min(0.995, (1 + step) / (10 + step)))
        step, part = step + 1, (time.time() - started) / 60 / chosen.minutes
        if step % 150 == 0 or part >= 1:
            save(chosen.work / f"drawn-{chosen.size}.pt", mean, shape, style="drawn", step=step)
            steady = Underpainter(shape)
            steady.load_state_dict(mean)
            said = evaluate(steady.eval(), pairs, chosen.work / f"drawn-{chosen.size}.png")
            print(f"step {step}, {part:.0%} of the time: loss {off.item():.3f}; {said}", flush=True)


if __name__ == "__main__":
    main()
