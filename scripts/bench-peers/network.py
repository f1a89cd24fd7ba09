"""Reads a float32 ONNX network into a plain list of steps, for the converters that have no ONNX reader of their own."""

from dataclasses import dataclass, field

import numpy as np
import onnx
from onnx import numpy_helper


class Unsupported(Exception):
    """A peer cannot take the network; the message is one sentence for the table."""


@dataclass
class Step:
    """One operation: `kind` is convolution, add, clip, space_to_depth or depth_to_space (blocks of 2)."""

    kind: str
    inputs: list[str]
    output: str
    weight: np.ndarray | None = None  # out, in / groups, height, width
    bias: np.ndarray | None = None
    stride: int = 1
    padding: int = 0
    groups: int = 1
    clip: tuple[float, float] | None = None  # of a convolution's result, or the bounds of a clip
    order: str = "DCR"  # of depth_to_space: which of depth (D) and column-row (CR) varies slowest


@dataclass
class Network:
    input: str
    output: str
    steps: list[Step] = field(default_factory=list)

    def readers(self, tensor: str) -> list[Step]:
        return [step for step in self.steps if tensor in step.inputs]


def fixed_size(path: str, size: int) -> onnx.ModelProto:
    """The network for one square picture: every peer plans better for sides that it knows."""
    model = onnx.load(path)
    for value in [*model.graph.input, *model.graph.output]:
        for dimension, extent in zip(value.type.tensor_type.shape.dim, (1, 3, size, size)):
            dimension.Clear()
            dimension.dim_value = extent
    return model


def read(path: str) -> Network:
    """The steps of the file at `path`, with each clip that follows a convolution drawn into it."""
    graph = onnx.load(path).graph
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    network = Network(graph.input[0].name, graph.output[0].name)
    for node in graph.node:
        network.steps.append(_step(node, constants))
    _draw_clips_in(network)
    return network


def _step(node: onnx.NodeProto, constants: dict[str, np.ndarray]) -> Step:
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    inputs = [name for name in node.input if name and name not in constants]
    step = Step(node.op_type, inputs, node.output[0])
    if node.op_type == "Conv":
        strides, pads = attributes.get("strides", [1, 1]), attributes.get("pads", [0, 0, 0, 0])
        if len(set(strides)) > 1 or len(set(pads)) > 1 or set(attributes.get("dilations", [1])) != {1}:
            raise Unsupported(f"the convolution {node.name} has uneven strides, padding or dilations")
        step.kind, step.stride, step.padding = "convolution", strides[0], pads[0]
        step.groups, step.weight = attributes.get("group", 1), constants[node.input[1]]
        step.bias = constants[node.input[2]] if len(node.input) > 2 else np.zeros(len(step.weight), np.float32)
    elif node.op_type == "Add" and len(inputs) == 2:
        step.kind = "add"
    elif node.op_type == "Clip":
        step.kind, step.clip = "clip", tuple(float(constants[name].item()) for name in node.input[1:3])
    elif node.op_type == "SpaceToDepth" and attributes["blocksize"] == 2:
        step.kind = "space_to_depth"
    elif node.op_type == "DepthToSpace" and attributes["blocksize"] == 2:
        step.kind, step.order = "depth_to_space", attributes.get("mode", b"DCR").decode()
    else:
        raise Unsupported(f"the operator {node.op_type} has no counterpart in this benchmark's converter")
    return step


def _draw_clips_in(network: Network) -> None:
    made_by = {step.output: step for step in network.steps}
    for step in list(network.steps):
        source = made_by.get(step.inputs[0]) if step.kind == "clip" else None
        if source and source.kind == "convolution" and len(network.readers(source.output)) == 1:
            network.steps.remove(step)
            source.output, source.clip = step.output, step.clip


def crd_to_dcr(channels: int) -> np.ndarray:
    """The order in which to take a convolution's outputs so that DCR of them equals CRD of the original ones."""
    return np.arange(channels).reshape(channels // 4, 4).T.reshape(-1)
