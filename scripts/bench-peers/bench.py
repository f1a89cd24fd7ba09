#!/usr/bin/env python3
"""Measures animesnap beside other runtimes on the same networks; scripts/bench sets it up and describes it."""

import argparse
import datetime
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import measure
import ours
import photos
import report
from peers import NotPossible, Peer, all_peers, prepared

# What the others' pictures are compared with.
FLOAT32 = Peer("float32", "", "onnxruntime", "onnxruntime", "onnxruntime-float32")


def arguments() -> argparse.Namespace:
    words = lambda text: text.split(",")
    numbers = lambda text: [int(word) for word in text.split(",")]
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measures animesnap beside other runtimes.")
    parser.add_argument("--models", type=words,
                        help="names in weights/, or of networks in the folder of --onnx (default: all in weights/)")
    parser.add_argument("--sizes", type=numbers, default=[256, 512], help="sides of the picture (default: 256,512)")
    parser.add_argument("--threads", type=numbers, default=[1, 2], help="threads (default: 1,2)")
    parser.add_argument("--peers", type=words, help=", ".join(peer.name for peer in all_peers()) + " (default: all)")
    parser.add_argument("--rounds", type=int, default=5, help="fresh processes per peer and line (default: 5)")
    parser.add_argument("--repeat", type=int, default=15,
                        help="pictures timed in each process, 2 or more (default: 15)")
    parser.add_argument("--quick", action="store_true", help="2 rounds of 5 pictures at 512 only")
    parser.add_argument("--patience", type=float, default=300,
                        help="seconds to wait, all together, while other programs keep the cores busy (default: 300)")
    parser.add_argument("--onnx", default=os.environ.get("ANIMESNAP_ONNX"),
                        help="folder of the float32 networks NAME.onnx (default: $ANIMESNAP_ONNX)")
    parser.add_argument("--photos", default=os.environ["SAMPLE_PHOTO"],
                        help="a photo or a folder of photos to calibrate the peers with, and to import our model with "
                             "where there is none yet (default: the sample photo)")
    parser.add_argument("--keep", action="store_true", help="put the table and the plot into the documentation")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.rounds, chosen.repeat, chosen.sizes = 2, 5, [512]
    return chosen


def main() -> None:
    chosen, root, cache = arguments(), Path(os.environ["ROOT"]), Path(os.environ["PEERS_CACHE"])
    names = chosen.models or [file.stem for file in sorted((root / "weights").glob("*.safetensors"))]
    peers = [peer for peer in all_peers() if not chosen.peers or peer.name in chosen.peers]
    result = {
        "date": datetime.date.today().isoformat(), "machine": machine(), "rounds": chosen.rounds,
        "repeat": chosen.repeat, "command": os.environ["COMMAND_VERSION"], "lines": [],
        "originals": not any(ours.is_shipped(name) for name in names),
        "versions": {peer.package: peer.version for peer in peers if peer.version}}
    folder = root / ".build" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    for model in names:
        weights = ours.model_file(model, chosen)
        for size in chosen.sizes:
            ready, reasons = prepare(model, size, peers, chosen, cache)
            facts = {"psnr_db": ours.psnr(weights, model, size, chosen), "model_mb": megabytes([weights])}
            for threads in chosen.threads:
                line = measure_line(weights, size, threads, ready, reasons, chosen)
                line["rows"]["animesnap"] |= facts
                result["lines"].append({"model": model, "size": size, "threads": threads} | line)
                print(report.summary(result["lines"][-1]), flush=True)
                # Kept line by line: a long run may be ended.
                file = folder / ("originals.json" if result["originals"] else "x86-64.json")
                file.write_text(json.dumps(result, indent=1) + "\n")
    report.write(result, folder, root if chosen.keep else None)


@dataclass
class Ready:
    """A peer whose model is made and was seen to paint."""

    peer: Peer
    folder: Path
    psnr: float | None  # of its picture to the float32 network's, in dB; None when they are equal

    @property
    def megabytes(self) -> float:
        return megabytes(self.folder.glob("model.*"))


def prepare(model: str, size: int, peers: list[Peer], chosen, cache: Path) -> tuple[dict[str, Ready], dict]:
    """The peers that can be measured, and a row for the table for each that cannot."""
    ready, reasons = {}, {}
    network = Path(chosen.onnx or ".") / f"{model}.onnx"
    with tempfile.TemporaryDirectory() as temporary:
        photo, expected = f"{temporary}/photo.npy", None
        np.save(photo, photos.load(os.environ["SAMPLE_PHOTO"], size, 1))
        for peer in [FLOAT32, *peers]:
            try:
                if not peer.version:
                    raise NotPossible("its package is not installed here")
                if not chosen.onnx or not network.exists():
                    raise NotPossible(
                        f"the float32 network {model}.onnx is not here and cannot be rebuilt from the INT8 weights; "
                        "--onnx names its folder")
                folder = prepared(peer.form, str(network), size, chosen.photos, cache)
                painted = picture(peer, folder, size, photo)
                if peer is FLOAT32:
                    expected = painted
                else:
                    decibels = psnr(painted, expected)
                    if decibels is not None and decibels < 20:
                        raise NotPossible(f"what it paints is another picture, {decibels} dB from the float32 network's")
                    ready[peer.name] = Ready(peer, folder, decibels)
            except NotPossible as reason:
                if peer is not FLOAT32:
                    reasons[peer.name] = {"title": peer.title, "reason": str(reason)}
    return ready, reasons


def megabytes(files) -> float:
    return round(sum(file.stat().st_size for file in files) / 1e6, 2)


def picture(peer: Peer, folder: Path, size: int, photo: str) -> np.ndarray:
    with tempfile.TemporaryDirectory() as temporary:
        measure.peer(peer, folder, size, 1, 1, photo, f"{temporary}/anime.npy")
        return np.load(f"{temporary}/anime.npy")


def psnr(picture: np.ndarray, expected: np.ndarray | None) -> float | None:
    if expected is None:
        return None
    error = float(np.mean((picture.astype(np.float64) - expected) ** 2))
    return round(10 * np.log10(4 / error), 1) if error else None


def measure_line(weights: Path, size: int, threads: int, ready: dict, reasons: dict, chosen) -> dict:
    """All peers at one size and number of threads: in each round a pair of processes per peer, ours and theirs."""
    our_run = lambda: measure.animesnap(os.environ["ANIMESNAP"], weights, size, threads, chosen.repeat)
    mine, theirs, pairs, free, reasons = [], {}, {}, [], dict(reasons)
    for number in range(chosen.rounds):
        for name, entry in ready.items():
            if name in reasons:
                continue
            started = time.monotonic()
            free.append(measure.wait_for_cores(threads, chosen.patience))
            chosen.patience -= time.monotonic() - started
            run = lambda: measure.peer(entry.peer, entry.folder, size, threads, chosen.repeat)
            try:
                # Who goes first changes, so that neither always meets a warmer machine.
                first, second = (our_run(), run()) if number % 2 == 0 else reversed((run(), our_run()))
            except NotPossible as reason:
                reasons[name] = {"title": entry.peer.title, "reason": str(reason)}
                continue
            mine.append(first)
            theirs.setdefault(name, []).append(second)
            pairs.setdefault(name, []).append((first, second))
    mine = mine or [our_run() for _ in range(chosen.rounds)]
    rows = {"animesnap": {"title": f"animesnap ({mine[0]['isa']})", "ratio": 1.0, "processor_ratio": 1.0}}
    rows["animesnap"] |= medians(mine)
    for name, runs in theirs.items():
        rows[name] = {
            "title": ready[name].peer.title, "psnr_db": ready[name].psnr,
            "model_mb": ready[name].megabytes, "ratio": ratio(pairs[name], "median_ms"),
            "processor_ratio": ratio(pairs[name], "processor_ms")} | medians(runs)
    for name, reason in reasons.items():
        rows[name] = reason
    return {"free_cores": round(statistics.median(free), 2) if free else None, "rows": rows}


def ratio(pairs: list[tuple[dict, dict]], key: str) -> float:
    return round(statistics.median(ours[key] / theirs[key] for ours, theirs in pairs), 3)


def medians(runs: list[dict]) -> dict:
    keys = ("median_ms", "min_ms", "processor_ms", "peak_mb", "cold_ms")
    return {key: round(statistics.median(run[key] for run in runs), 2) for key in keys}


def machine() -> str:
    facts = dict(
        (key.strip(), value.strip()) for key, _, value in (line.partition(":") for line in open("/proc/cpuinfo")))
    name = f"{facts.get('model name')} (family {facts.get('cpu family')}, model {facts.get('model')})"
    kernels = [flag for flag in ("avx2", "avx_vnni", "avx512_vnni", "avx512_bf16", "amx_int8")
               if flag in facts.get("flags", "").split()]
    return f"{name}, {', '.join(kernels)}, {os.cpu_count()} cores, {platform.freedesktop_os_release().get('PRETTY_NAME', 'Linux')}"


if __name__ == "__main__":
    sys.exit(main())
