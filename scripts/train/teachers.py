"""Runs a teacher network."""

from pathlib import Path

import numpy as np

from styles import Style


class Teacher:
    """Paints pictures: uint8 (height, width, 3) to the same, or to twice the sides."""

    def __init__(self, style: Style, folder: Path, threads: int):
        path = folder / style.teacher
        if not path.exists():
            raise SystemExit(f"the teacher {style.teacher} is not in {folder}")
        if path.suffix == ".tflite":
            self._run = _litert(path, threads)
        elif path.suffix == ".param":
            self._run = _ncnn(path, threads)
        else:
            self._run = _onnx(path, threads)

    def __call__(self, photo: np.ndarray) -> np.ndarray:
        made = self._run(photo[None].astype(np.float32) / 127.5 - 1)[0]
        return ((made.clip(-1, 1) + 1) * 127.5).round().astype(np.uint8)


def _onnx(path: Path, threads: int):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda photo: session.run(None, {name: photo})[0]


def _litert(path: Path, threads: int):
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(path), num_threads=threads)
    interpreter.allocate_tensors()
    source, result = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]

    def run(photo: np.ndarray) -> np.ndarray:
        interpreter.set_tensor(source, photo)
        interpreter.invoke()
        return interpreter.get_tensor(result)

    return run


def _ncnn(path: Path, threads: int):
    import ncnn

    network = ncnn.Net()
    network.opt.num_threads = threads
    network.opt.use_fp16_storage = False
    if network.load_param(str(path)) or network.load_model(str(path.with_suffix(".bin"))):
        raise SystemExit(f"{path} or the .bin file beside it cannot be read")

    def run(photo: np.ndarray) -> np.ndarray:
        # These networks take and give samples from 0 to 1, colour by colour. Such a Mat does not keep its array alive.
        samples = np.ascontiguousarray((photo[0].transpose(2, 0, 1) + 1) / 2)
        extractor = network.create_extractor()
        extractor.input("data", ncnn.Mat(samples))
        return np.array(extractor.extract("output")[1]).transpose(1, 2, 0)[None] * 2 - 1

    return run
