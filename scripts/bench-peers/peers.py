"""Who is measured beside animesnap, and how each one's model is made and kept."""

import hashlib
import importlib.metadata
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

here = Path(__file__).parent


@dataclass(frozen=True)
class Peer:
    name: str
    title: str
    package: str
    worker: str  # a function of worker.py
    form: str  # a function of convert.py or convert_*.py
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def version(self) -> str | None:
        try:
            return importlib.metadata.version(self.package)
        except importlib.metadata.PackageNotFoundError:
            return None


def all_peers() -> list[Peer]:
    no_amx = {"ONEDNN_MAX_CPU_ISA": "AVX512_CORE_FP16"}
    peers = [
        Peer("litert-int8", "LiteRT INT8 (XNNPACK)", "ai-edge-litert", "litert", "litert-int8"),
        Peer("onnxruntime-int8", "ONNX Runtime INT8", "onnxruntime", "onnxruntime", "onnxruntime-int8"),
        Peer("onnxruntime-float32", "ONNX Runtime float32", "onnxruntime", "onnxruntime", "onnxruntime-float32"),
        Peer("openvino-int8", "OpenVINO INT8", "openvino", "openvino", "openvino-int8"),
        Peer("openvino-bf16", "OpenVINO bfloat16", "openvino", "openvino_bf16", "openvino-float32"),
        Peer("ncnn-int8", "ncnn INT8", "ncnn", "ncnn", "ncnn-int8"),
        Peer("mnn-int8", "MNN INT8", "MNN", "mnn", "mnn-int8"),
        Peer("mnn-float32", "MNN float32", "MNN", "mnn", "mnn-float32"),
    ]
    if has_amx():
        # Elsewhere it would be the same program as plain OpenVINO INT8.
        peers.insert(3, Peer(
            "openvino-int8-no-amx", "OpenVINO INT8, AMX off", "openvino", "openvino", "openvino-int8", no_amx))
    return peers


def has_amx() -> bool:
    return "amx_int8" in Path("/proc/cpuinfo").read_text()


class NotPossible(Exception):
    """Why a peer does not take part: one sentence for the table."""


def prepared(form: str, model: str, size: int, photos: str, cache: Path) -> Path:
    """The folder of the peer's model, made now unless an earlier run kept it."""
    makers = sorted([*here.glob("convert*.py"), here / "network.py", here / "photos.py"])
    source = Path(model).read_bytes() + photos.encode() + b"".join(file.read_bytes() for file in makers)
    folder = cache / "models" / f"{Path(model).stem}-{size}-{form}-{hashlib.sha256(source).hexdigest()[:12]}"
    if (folder / "done").exists():
        return folder
    print(f"converting {Path(model).stem} at {size} for {form}", file=sys.stderr)
    command = [sys.executable, str(here / "convert.py"), form, model, str(size), photos, str(folder)]
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    finished = subprocess.run(command, capture_output=True, text=True, env=environment)
    if finished.returncode != 0:
        lines = finished.stderr.strip().splitlines()
        # An exception of C++ that nobody caught ends with "  what():  REASON".
        reason = lines[-1].strip().removeprefix("what():").strip() if lines else f"status {finished.returncode}"
        raise NotPossible(f"its converter stopped with '{reason}'")
    return folder
