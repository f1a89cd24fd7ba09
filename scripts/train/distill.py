#!/usr/bin/env python3
"""Trains a student on the pairs that were made: knowledge distillation on the teacher's pictures.

Keeps NAME.pt in the working folder: the running mean of the weights, what the optimizer needs to go on, and how far it is.
A run that was interrupted goes on from there. Uses a GPU when there is one, bfloat16 where that is fast.
"""

import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch

from enlarger import Enlarger, EnlargerShape
from losses import distance, psnr
from make_targets import KEPT_OUT
from optimizer import Optimizer
from pairs import Pairs, tensor
from student import SEARCHED, Shape, Student
from styles import STYLES
from underpainter import Underpainter


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("style", choices=STYLES)
    parser.add_argument("--size", choices=SEARCHED, default="m", help="s, m, l, or one of the search's (default: m)")
    parser.add_argument("--start", type=Path, help="a student to go on from, in place of --size: prune.py or grow.py made it")
    parser.add_argument("--name", help="of the result (default: STYLE-SIZE)")
    parser.add_argument("--work", type=Path, required=True, help="folder of the pairs and the result")
    parser.add_argument("--steps", type=int, default=10000)
    parser.add_argument("--stop", type=int, help="after this step, to go on later (default: the last)")
    parser.add_argument("--batch", type=int, default=2, help="crops a step (default: 2)")
    parser.add_argument("--side", type=int, default=384, help="pixels of a crop's side (default: 384)")
    parser.add_argument("--rate", type=float, default=2e-3, help="the highest learning rate (default: 0.002)")
    parser.add_argument("--freeze", type=float, default=0.5, help="from this part of the steps on, normalization keeps to "
                        "what it has seen on average: the tone of a picture then no longer depends on its neighbours in the "
                        "batch, just as when it paints (default: 0.5)")
    parser.add_argument("--threads", type=int, help="of the processor (default: all cores)")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()

    if chosen.threads:
        torch.set_num_threads(chosen.threads)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(chosen.seed)
    pairs = Pairs(chosen.work, chosen.style)
    student = load(chosen.start) if chosen.start else student_of((SEARCHED | STYLES[chosen.style].sizes)[chosen.size])
    student = student.to(device, memory_format=torch.channels_last).train()
    mean = {name: value.clone() for name, value in student.state_dict().items()}
    optimizer = Optimizer(student, chosen.rate)
    file, first, seconds = chosen.work / f"{chosen.name or f'{chosen.style}-{chosen.size}'}.pt", 0, 0.0
    if file.exists():
        kept = torch.load(file, map_location=device, weights_only=True)
        if shape_of(kept["shape"]) != student.shape or "muon" not in kept.get("optimizer", {}):
            raise SystemExit(f"{file} is of another student or optimizer; remove it or give another --name")
        student.load_state_dict(kept["student"])
        optimizer.load_state_dict(kept["optimizer"])
        mean, first, seconds = kept["mean"], kept["step"], kept["seconds"]
        print(f"goes on after step {first}")
    started, last = time.time() - seconds, min(chosen.stop or chosen.steps, chosen.steps)
    for step in range(first, last):
        optimizer.set_rate(chosen.rate * rate(step, chosen.steps))
        if step >= chosen.freeze * chosen.steps:
            freeze(student)
        photo, target = (part.to(device) for part in pairs.batch(step, chosen.batch, chosen.side, chosen.seed))
        with torch.autocast(device.type, torch.bfloat16):
            made = student(photo)
        loss = distance(made.float(), target)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimizer.step()
        update(mean, student, min(0.998, (1 + step) / (10 + step)))
        done = step + 1
        if done % 250 == 0 or done == last:
            quality = evaluate(mean, student.shape, pairs, device)
            seconds = time.time() - started
            print(f"step {done} of {chosen.steps}: loss {loss.item():.4f}, PSNR of pairs kept out, median "
                  f"{quality:.2f} dB, {seconds / done:.2f} s a step", flush=True)
            save(file, mean, student.shape, student=student.state_dict(), optimizer=optimizer.state_dict(), step=done,
                 style=chosen.style, quality=quality, seconds=seconds)


def freeze(student: torch.nn.Module) -> None:
    for part in student.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            part.eval()


def shape_of(values: dict) -> Shape | EnlargerShape:
    return EnlargerShape.from_json(values) if "widths" in values else Shape.from_json(values)


def student_of(shape: Shape | EnlargerShape) -> Student | Enlarger:
    return Enlarger(shape) if isinstance(shape, EnlargerShape) else Student(shape)


def save(file: Path, mean: dict, shape: Shape | EnlargerShape, **more) -> None:
    torch.save({"mean": mean, "shape": shape.as_json(), **more}, file.with_suffix(".part"))
    file.with_suffix(".part").replace(file)


def load(file: Path) -> Student | Enlarger:
    """The student of a file, with the running mean of its weights, ready to paint."""
    kept = torch.load(file, map_location="cpu", weights_only=True)
    shape = shape_of(kept["shape"])
    student = Underpainter(shape) if kept.get("style") == "drawn" else student_of(shape)
    student.load_state_dict(kept["mean"])
    return student.eval()


def rate(step: int, steps: int) -> float:
    """A hundred steps up, then down along a cosine to a fiftieth."""
    return min(1, (step + 1) / 100) * (0.49 * (1 + math.cos(math.pi * step / steps)) + 0.02)


@torch.no_grad()
def update(mean: dict, student: torch.nn.Module, decay: float) -> None:
    for name, value in student.state_dict().items():
        if value.dtype.is_floating_point:
            mean[name].lerp_(value, 1 - decay)
        else:
            mean[name].copy_(value)


@torch.no_grad()
def evaluate(mean: dict, shape: Shape | EnlargerShape, pairs: Pairs, device: torch.device) -> float:
    student = student_of(shape).to(device)
    student.load_state_dict(mean)
    student.eval()
    return float(np.median([
        psnr(student(tensor(pairs.photos[index:index + 1]).to(device)), tensor(pairs.targets[index:index + 1]).to(device))
        for index in range(KEPT_OUT)]))


if __name__ == "__main__":
    main()
