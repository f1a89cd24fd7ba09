#!/usr/bin/env python3
"""Counts what animesnap and the peers execute on emulated ARM processors; scripts/bench-arm sets it up."""

import argparse
import datetime
import json
import os
import re
import subprocess
from pathlib import Path

import ours
import report
from peers import NotPossible, Peer, here, prepared

# Each processor's part number, and what Linux says that it can do.
OLD = "fp asimd evtstrm aes pmull sha1 sha2 crc32 cpuid"
PROCESSORS = {
    "cortex-a53": ("0xd03", OLD),
    "cortex-a72": ("0xd08", OLD),
    "cortex-a76": ("0xd0b", OLD + " atomics fphp asimdhp asimdrdm lrcpc dcpop asimddp"),
}

PEERS = [
    Peer("litert-int8", "LiteRT INT8 (XNNPACK)", "ai-edge-litert", "litert", "litert-int8"),
    Peer("onnxruntime-int8", "ONNX Runtime INT8", "onnxruntime", "onnxruntime", "onnxruntime-int8-arm"),
    Peer("ncnn-int8", "ncnn INT8", "ncnn", "ncnn", "ncnn-int8"),
    Peer("mnn-float32", "MNN float32", "MNN", "mnn", "mnn-float32"),
]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench-arm", description="Counts instructions per conversion on emulated ARM processors.")
    words = lambda text: text.split(",")
    parser.add_argument("--model", default="cute-m",
                        help="a name in weights/, or of another network in the folder of --onnx (default: cute-m)")
    parser.add_argument("--size", type=int, default=256, help="side of the picture (default: 256)")
    parser.add_argument("--processors", type=words, default=list(PROCESSORS), help=", ".join(PROCESSORS))
    parser.add_argument("--peers", type=words, help=", ".join(peer.name for peer in PEERS) + " (default: all)")
    parser.add_argument("--onnx", default=os.environ.get("ANIMESNAP_ONNX"),
                        help="folder of the float32 networks NAME.onnx (default: $ANIMESNAP_ONNX)")
    parser.add_argument("--photos", default=os.environ["SAMPLE_PHOTO"],
                        help="a photo or a folder of photos to calibrate the peers with, and to import our model with "
                             "where there is none yet (default: the sample photo)")
    parser.add_argument("--keep", action="store_true", help="put the table and the plot into the documentation")
    return parser.parse_args()


def main() -> None:
    chosen, root = arguments(), Path(os.environ["ROOT"])
    peers = [peer for peer in PEERS if not chosen.peers or peer.name in chosen.peers]
    weights = ours.model_file(chosen.model, chosen)
    result = {
        "date": datetime.date.today().isoformat(), "model": chosen.model, "size": chosen.size,
        "originals": not ours.is_shipped(chosen.model), "processors": chosen.processors,
        "command": os.environ["COMMAND_VERSION"],
        "versions": {peer.package: peer.version for peer in peers if peer.version}, "rows": {}, "reasons": {},
        "titles": {"animesnap": "animesnap"} | {peer.name: peer.title for peer in peers}}
    result["rows"]["animesnap"] = {name: animesnap(name, chosen, weights) for name in chosen.processors}
    for peer in peers:
        try:
            folder = model_of(peer, chosen)
            result["rows"][peer.name] = {name: executed_by(peer, name, folder, chosen) for name in chosen.processors}
        except NotPossible as reason:
            result["reasons"][peer.name] = str(reason)
    folder = root / ".build" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / ("originals-arm.json" if result["originals"] else "arm.json")
    file.write_text(json.dumps(result, indent=1) + "\n")
    report.write_arm(result, folder, root if chosen.keep else None)


def animesnap(processor: str, chosen: argparse.Namespace, weights: Path) -> float:
    """Million instructions for one picture: what two more pictures add, halved."""
    def count(repeats: int) -> int:
        words = [os.environ["ANIMESNAP_ARM"], "bench", "--model", str(weights),
                 "--size", str(chosen.size), "--threads", "1", "--repeat", str(repeats), "--json"]
        return counts(processor, os.environ["ARM_ROOT"], words)[-1]

    return report_count("animesnap", processor, (count(3) - count(1)) / 2)


def model_of(peer: Peer, chosen: argparse.Namespace) -> Path:
    network = Path(chosen.onnx or ".") / f"{chosen.model}.onnx"
    if not peer.version:
        raise NotPossible("its package is not installed here")
    if not chosen.onnx or not network.exists():
        raise NotPossible(f"the float32 network {network.name} is not here; --onnx names its folder")
    return prepared(peer.form, str(network), chosen.size, chosen.photos, Path(os.environ["PEERS_CACHE"]))


def executed_by(peer: Peer, processor: str, folder: Path, chosen: argparse.Namespace) -> float:
    """Million instructions between the worker's two marks: one picture after the first one."""
    arm = Path(os.environ["ARM_ROOT"])
    describe(processor, arm)
    words = [str(arm / "usr/bin/python3"), str(here / "worker.py"), peer.worker, str(folder), str(chosen.size),
             "1", "1", "0"]
    settings = {"PYTHONPATH": os.environ["ARM_SITE"], "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    numbers = counts(processor, str(arm), words, settings)
    if len(numbers) < 3:
        raise NotPossible(f"it ended early on {processor}")
    return report_count(peer.title, processor, numbers[1] - numbers[0])


def counts(processor: str, libraries: str, words: list[str], settings: dict[str, str] = {}) -> list[int]:
    """The counts at each mark and at the end."""
    command = [*os.environ["EMULATOR"].split(), "-cpu", processor, "-plugin", os.environ["PLUGIN"], "-L", libraries]
    for name, value in settings.items():
        command += ["-E", f"{name}={value}"]
    finished = subprocess.run(command + words, capture_output=True, text=True)
    if finished.returncode != 0:
        lines = finished.stderr.strip().splitlines()
        raise NotPossible(f"on {processor} it ended with '{lines[-1] if lines else finished.returncode}'")
    return [int(number) for number in re.findall(r"^instructions .*?(\d+)$", finished.stderr, flags=re.MULTILINE)]


def report_count(title: str, processor: str, count: float) -> float:
    print(f"{processor}  {title:24} {count / 1e6:8.1f} million instructions", flush=True)
    return round(count / 1e6, 2)


def describe(processor: str, arm: Path) -> None:
    """What the peers read to recognize the processor: the emulator shows the machine's own files otherwise."""
    part, features = PROCESSORS[processor]
    block = "processor\t: {}\nBogoMIPS\t: 108.00\nFeatures\t: " + features + "\nCPU implementer\t: 0x41\n" \
        "CPU architecture: 8\nCPU variant\t: 0x0\nCPU part\t: " + part + "\nCPU revision\t: 3\n"
    cores, system = range(4), arm / "sys/devices/system/cpu"
    files = {arm / "proc/cpuinfo": "\n".join(block.format(core) for core in cores)}
    files |= {system / name: "0-3\n" for name in ("possible", "present", "online")} | {system / "kernel_max": "7\n"}
    for core in cores:
        files[system / f"cpu{core}/topology/core_id"] = f"{core}\n"
        files[system / f"cpu{core}/topology/physical_package_id"] = "0\n"
        files[system / f"cpu{core}/cpufreq/cpuinfo_max_freq"] = "1500000\n"
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


if __name__ == "__main__":
    main()
