"""Writes ncnn's param and bin files for an INT8 network.

Its own tools for this are not part of the package; the files are simple. Scales follow its documentation: weights by
the largest value of each output channel, activations by the largest value seen in the calibration pictures.
"""

from pathlib import Path

import numpy as np
import onnx

import network as networks
from network import Network, Step, Unsupported

INT8_WEIGHTS = np.uint32(0x000D4B38).tobytes()


def ncnn_int8(path: str, pictures: np.ndarray, folder: Path) -> None:
    network = networks.read(path, pictures.shape[-1])
    convolutions = [step for step in network.steps if step.kind == "convolution"]
    largest = _largest_values(path, pictures, {step.inputs[0] for step in convolutions})
    renamed, data = _splits(network), []
    lines = [_line("Input", "input", [], [network.input], {}), *_split_line(network.input, renamed)]
    for step in network.steps:
        kind, values = _layer(step)
        if step.kind == "normalize":
            data += [step.weight.astype(np.float32).tobytes(), step.bias.astype(np.float32).tobytes()]
        if step.kind == "convolution":
            following = network.readers(step.output)
            # Between two convolutions the result stays INT8.
            joined = len(following) == 1 and following[0].kind == "convolution"
            values["8"] = (2 if step.groups == 1 else 1) + (100 if joined else 0)
            data += _weights(step, largest, following[0] if joined else None)
        inputs = [renamed[name].pop(0) if name in renamed else name for name in step.inputs]
        lines.append(_line(kind, step.output, inputs, [step.output], values))
        lines += _split_line(step.output, renamed)
    blobs = sum(int(line.split()[3]) for line in lines)
    (folder / "model.param").write_text("\n".join(["7767517", f"{len(lines)} {blobs}", *lines]) + "\n")
    (folder / "model.bin").write_bytes(b"".join(data))
    (folder / "names.txt").write_text(f"{_word(network.input)} {_word(network.output)}")


def _largest_values(path: str, pictures: np.ndarray, tensors: set[str]) -> dict[str, float]:
    import onnxruntime

    model = networks.fixed_size(path, pictures.shape[-1])
    model_input = model.graph.input[0].name
    extra = sorted(tensors - {model_input})
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in extra)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    largest = {model_input: 1.0} | dict.fromkeys(extra, 1e-6)
    for picture in pictures:
        for name, values in zip(extra, session.run(extra, {model_input: picture[None]})):
            largest[name] = max(largest[name], float(np.abs(values).max()))
    return largest


def _layer(step: Step) -> tuple[str, dict]:
    if step.kind == "convolution":
        values = {
            "0": step.weight.shape[0], "1": step.weight.shape[3], "11": step.weight.shape[2], "3": step.stride,
            "4": step.padding, "5": 1, "6": step.weight.size}
        if step.clip:
            values |= {"9": 3, "-23310": f"2,{step.clip[0]:e},{step.clip[1]:e}"}
        if step.groups == 1:
            return "Convolution", values
        if step.weight.shape[1] != 1:
            raise Unsupported("a grouped convolution that is not depthwise has no INT8 form here")
        return "ConvolutionDepthWise", values | {"7": step.groups}
    return {
        "add": ("BinaryOp", {"0": 0}),
        "clip": ("Clip", {"0": f"{step.clip[0]:e}", "1": f"{step.clip[1]:e}"} if step.clip else {}),
        "space_to_depth": ("Reorg", {"0": 2, "1": 1}),
        "depth_to_space": ("PixelShuffle", {"0": 2, "1": 0 if step.order == "CRD" else 1}),
        "leaky": ("ReLU", {"0": f"{step.slope:e}"}),
        "tanh": ("TanH", {}),
        "normalize": ("GroupNorm", {
            "0": 1, "1": step.weight.size if step.weight is not None else 0, "2": f"{step.epsilon:e}", "3": 1}),
        "pad": ("Padding", _numbered((0, 2, 1, 3), step.padding) | {"4": 2}),
        "resize": ("Interp", {"0": 2} | _numbered((3, 4), step.size) | {"6": 1}),
    }[step.kind]


def _numbered(numbers: tuple, values) -> dict:
    return {str(number): value for number, value in zip(numbers, values)} if isinstance(values, tuple) else {}


def _weights(step: Step, largest: dict[str, float], following: Step | None) -> list[bytes]:
    flat = step.weight.reshape(len(step.weight), -1)
    scales = (127 / np.maximum(np.abs(flat).max(1), 1e-9)).astype(np.float32)
    integers = np.clip(np.rint(flat * scales[:, None]), -127, 127).astype(np.int8).tobytes()
    parts = [INT8_WEIGHTS, integers + bytes(-len(integers) % 4), step.bias.astype(np.float32).tobytes()]
    activations = [step.inputs[0]] + ([following.inputs[0]] if following else [])
    return parts + [scales.tobytes()] + [np.float32(127 / largest[name]).tobytes() for name in activations]


def _splits(network: Network) -> dict[str, list[str]]:
    """ncnn wants a name of its own for each reader of a tensor."""
    counts = {name: len(network.readers(name)) for step in network.steps for name in step.inputs}
    return {name: [f"{name}_{i}" for i in range(count)] for name, count in counts.items() if count > 1}


def _split_line(name: str, renamed: dict[str, list[str]]) -> list[str]:
    return [_line("Split", f"split_{name}", [name], renamed[name], {})] if name in renamed else []


def _line(kind: str, name: str, inputs: list[str], outputs: list[str], values: dict) -> str:
    words = [kind, _word(name), str(len(inputs)), str(len(outputs)), *map(_word, [*inputs, *outputs])]
    return " ".join(words + [f"{key}={value}" for key, value in values.items()])


def _word(name: str) -> str:
    """ncnn's files are made of words."""
    return name.replace(" ", "_")
