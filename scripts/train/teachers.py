"""Runs a teacher network."""

from pathlib import Path

import numpy as np

from styles import Style


class Teacher:
    """Paints pictures: uint8 (height, width, 3) to the same."""

    def __init__(self, style: Style, folder: Path, threads: int):
        path = folder / style.teacher
        if not path.exists():
            raise SystemExit(f"the teacher {style.teacher} is not in {folder}")
        if path.suffix == ".tflite":
            self._run = _litert(path, threads)
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
