#!/usr/bin/env python3
"""Makes one peer's own model from a float32 ONNX network: convert.py FORMAT NETWORK SIZE PHOTOS OUTPUT-FOLDER

Run as a process of its own per model, since converters are large and some end the process instead of raising.
Prints nothing when it works; otherwise the last line on standard error says why.
"""

import importlib
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx

import photos
from network import Unsupported, fixed_size, in_order


def onnxruntime_float32(network: str, pictures: np.ndarray, folder: Path) -> None:
    onnx.save(fixed_size(network, pictures.shape[-1]), folder / "model.onnx")


def onnxruntime_int8(network: str, pictures: np.ndarray, folder: Path, activations: str = "QUInt8") -> None:
    """Static QDQ with per-channel weights, as its documentation advises for convolutional networks on x86-64."""
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    model = fixed_size(network, pictures.shape[-1])

    class Reader(CalibrationDataReader):
        rest = iter([{model.graph.input[0].name: picture[None]} for picture in in_order(pictures, model)])

        def get_next(self):
            return next(self.rest, None)

    with tempfile.TemporaryDirectory() as temporary:
        plain, prepared = f"{temporary}/plain.onnx", f"{temporary}/prepared.onnx"
        onnx.save(model, plain)
        quant_pre_process(plain, prepared)
        quantize_static(
            prepared, folder / "model.onnx", Reader(), quant_format=QuantFormat.QDQ, per_channel=True,
            activation_type=QuantType[activations], weight_type=QuantType.QInt8)


def onnxruntime_int8_arm(network: str, pictures: np.ndarray, folder: Path) -> None:
    """The same with signed activations, which its kernels for ARM want."""
    onnxruntime_int8(network, pictures, folder, activations="QInt8")


def openvino_float32(network: str, pictures: np.ndarray, folder: Path) -> None:
    import openvino

    with tempfile.TemporaryDirectory() as temporary:
        onnx.save(fixed_size(network, pictures.shape[-1]), f"{temporary}/model.onnx")
        openvino.save_model(openvino.convert_model(f"{temporary}/model.onnx"), folder / "model.xml")


def openvino_int8(network: str, pictures: np.ndarray, folder: Path) -> None:
    import nncf
    import openvino

    with tempfile.TemporaryDirectory() as temporary:
        fixed = fixed_size(network, pictures.shape[-1])
        onnx.save(fixed, f"{temporary}/model.onnx")
        model = openvino.convert_model(f"{temporary}/model.onnx")
    data = nncf.Dataset([picture[None] for picture in in_order(pictures, fixed)])
    model = nncf.quantize(
        model, data, preset=nncf.QuantizationPreset.PERFORMANCE, subset_size=len(pictures))
    openvino.save_model(model, folder / "model.xml", compress_to_fp16=False)


def other(name: str):
    """The converters with a file of their own."""
    return getattr(importlib.import_module(f"convert_{name.split('_')[0]}"), name)


def main() -> None:
    form, network, size, source, output = sys.argv[1:]
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    pictures = photos.load(source, int(size))
    name = form.replace("-", "_")
    try:
        (globals().get(name) or other(name))(network, pictures, folder)
    except Unsupported as reason:
        sys.exit(str(reason))
    (folder / "done").touch()


if __name__ == "__main__":
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    main()
