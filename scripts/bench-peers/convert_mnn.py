"""MNN models, made by the converters inside its package.

The package's command-line wrappers install a further package and report each conversion over the network; what they
wrap is called here directly. A converter that fails ends the process.
"""

import importlib
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
from PIL import Image

from network import fixed_size


def mnn_float32(path: str, pictures: np.ndarray, folder: Path) -> None:
    # The converters need its library loaded.
    importlib.import_module("MNN")
    import _tools

    with tempfile.TemporaryDirectory() as temporary:
        onnx.save(fixed_size(path, pictures.shape[-1]), f"{temporary}/model.onnx")
        _tools.mnnconvert([
            "mnnconvert", "-f", "ONNX", "--modelFile", f"{temporary}/model.onnx",
            "--MNNModel", str(folder / "model.mnn"), "--bizCode", "animesnap"])


def mnn_int8(path: str, pictures: np.ndarray, folder: Path) -> None:
    import _tools

    mnn_float32(path, pictures, folder)
    side = pictures.shape[-1]
    with tempfile.TemporaryDirectory() as temporary:
        for number, picture in enumerate(pictures):
            pixels = ((picture.transpose(1, 2, 0) + 1) * 127.5).round().astype(np.uint8)
            Image.fromarray(pixels).save(f"{temporary}/{number}.png")
        settings = {
            "format": "RGB", "mean": [127.5] * 3, "normal": [1 / 127.5] * 3, "width": side, "height": side,
            "path": f"{temporary}/", "used_image_num": len(pictures), "feature_quantize_method": "KL",
            "weight_quantize_method": "MAX_ABS"}
        (folder / "settings.json").write_text(json.dumps(settings))
        plain = (folder / "model.mnn").rename(folder / "plain.mnn")
        _tools.mnnquant(str(plain), str(folder / "model.mnn"), str(folder / "settings.json"))
