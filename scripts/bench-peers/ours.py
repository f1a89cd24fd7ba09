"""Our own model file of a network, and how close its picture comes to the float32 network's."""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

import photos


def is_shipped(name: str) -> bool:
    return _shipped(name).exists()


def _shipped(name: str) -> Path:
    return Path(os.environ["ROOT"]) / "weights" / f"{name}.safetensors"


def model_file(name: str, chosen) -> Path:
    """The shipped file, else the one beside the ONNX network, else one that is imported now and kept in the cache."""
    beside = Path(chosen.onnx or ".") / f"{name}.safetensors"
    for file in (_shipped(name), beside):
        if file.exists():
            return file
    network = beside.with_suffix(".onnx")
    if not chosen.onnx or not network.exists():
        sys.exit(f"error: {name} is neither in weights/ nor is {network.name} in the folder that --onnx names")
    if "ANIMESNAP" not in os.environ or not Path(chosen.photos).is_dir():
        sys.exit(f"error: {name} has to be imported: put {name}.safetensors beside the ONNX file, or let scripts/bench "
                 "make it with a folder of photos that --photos names")
    return _imported(network, os.environ["ANIMESNAP"], chosen.photos)


def _imported(network: Path, command: str, folder: str) -> Path:
    # Another build may import it otherwise.
    key = hashlib.sha256(network.read_bytes() + Path(command).read_bytes() + folder.encode()).hexdigest()[:12]
    file = Path(os.environ["PEERS_CACHE"]) / "models" / f"{network.stem}-ours-{key}" / f"{network.stem}.safetensors"
    if not file.exists():
        print(f"importing {network.name}: some minutes", file=sys.stderr)
        file.parent.mkdir(parents=True, exist_ok=True)
        words = [command, "model", "import", str(network), "--calibrate", folder, "--limit", "24", "--size", "256"]
        finished = subprocess.run([*words, "-o", str(file)], capture_output=True, text=True)
        if finished.returncode != 0:
            reasons = finished.stderr.strip().splitlines() or ["no reason given"]
            sys.exit(f"error: {network.name} cannot be imported: {reasons[-1]}")
    return file


def psnr(weights: Path, name: str, size: int, chosen) -> float | None:
    """Of our picture to the float32 network's, on the photo that the peers paint, in dB; None without a network."""
    network = Path(chosen.onnx or ".") / f"{name}.onnx"
    if not chosen.onnx or not network.exists():
        return None
    pixels = (photos.load(os.environ["SAMPLE_PHOTO"], size, 1)[0].transpose(1, 2, 0) + 1) * 127.5
    with tempfile.TemporaryDirectory() as temporary:
        photo = f"{temporary}/photo.jpg"
        Image.fromarray(pixels.round().astype("uint8")).save(photo, quality=100, subsampling=0)
        words = [os.environ["ANIMESNAP"], "model", "compare", str(weights), str(network), photo, "--size", str(size)]
        finished = subprocess.run(words, capture_output=True, text=True)
    found = re.search(r"([\d.]+) dB", finished.stdout)
    return float(found[1]) if found else None
