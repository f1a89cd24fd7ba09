"""Reads a float32 ONNX network into a plain list of steps, for the converters that have no ONNX reader of their own."""

import tempfile
from dataclasses import dataclass, field

import numpy as np
import onnx
from onnx import numpy_helper


class Unsupported(Exception):
    """A peer cannot take the network; the message is one sentence for the table."""


@dataclass
class Step:
    """One operation: `kind` is convolution, add, clip, space_to_depth or depth_to_space (blocks of 2), and in networks
    with normalization pad (mirrored), normalize (over the whole picture), leaky, resize (bilinear, corners aligned) or
    tanh."""

    kind: str
    inputs: list[str]
    output: str
    weight: np.ndarray | None = None  # out, in / groups, height, width
    bias: np.ndarray | None = None
    stride: int = 1
    padding: int | tuple = 0  # of a pad: top, left, bottom, right
    groups: int = 1
    clip: tuple[float, float] | None = None  # of a convolution's result, or the bounds of a clip
    order: str = "DCR"  # of depth_to_space: which of depth (D) and column-row (CR) varies slowest
    slope: float = 0.0  # of leaky: for values below 0
    epsilon: float = 0.0  # of normalize, whose weight and bias are one number per channel
    size: tuple[int, int] | None = None  # of resize: height and width


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
    shape = (1, size, size, 3) if channels_last(model) else (1, 3, size, size)
    for value in [*model.graph.input, *model.graph.output]:
        for dimension, extent in zip(value.type.tensor_type.shape.dim, shape):
            dimension.Clear()
            dimension.dim_value = extent
    return model


def channels_last(model: onnx.ModelProto) -> bool:
    """Whether the network takes its picture as TensorFlow does: rows, columns, channels."""
    return model.graph.input[0].type.tensor_type.shape.dim[-1].dim_value == 3


def in_order(pictures: np.ndarray, model: onnx.ModelProto) -> np.ndarray:
    """Pictures as the network takes them."""
    return np.ascontiguousarray(pictures.transpose(0, 2, 3, 1)) if channels_last(model) else pictures


def read(path: str, size: int) -> Network:
    """The steps of the file at `path` for one size, with each clip that follows a convolution drawn into it."""
    model = fixed_size(path, size)
    if channels_last(model):
        raise Unsupported("the network comes with the channels last and is not rebuilt here")
    graph = _without_arithmetic_of_shapes(model).graph
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    network = Network(graph.input[0].name, graph.output[0].name)
    nodes = list(graph.node)
    while nodes:
        normalization = _normalization(nodes[:5], constants)
        network.steps.append(normalization or _step(nodes[0], constants))
        del nodes[:5 if normalization else 1]
    _draw_clips_in(network)
    return network


def _without_arithmetic_of_shapes(model: onnx.ModelProto) -> onnx.ModelProto:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    with tempfile.TemporaryDirectory() as temporary:
        options.optimized_model_filepath = f"{temporary}/plain.onnx"
        onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        return onnx.load(f"{temporary}/plain.onnx")


def _normalization(nodes: list[onnx.NodeProto], constants: dict[str, np.ndarray]) -> Step | None:
    """A normalization with one group, as PyTorch's exporter writes it: that of a picture with one channel, which holds
    all of them, then a factor and a summand for each."""
    kinds = ["Reshape", "InstanceNormalization", "Reshape", "Mul", "Add"]
    if [node.op_type for node in nodes] != kinds or list(constants[nodes[0].input[1]]) != [0, 1, -1]:
        return None
    if any(before.output[0] != after.input[0] for before, after in zip(nodes, nodes[1:])):
        return None
    factors, summands = (constants[nodes[number].input[1]].reshape(-1) for number in (3, 4))
    return Step("normalize", [nodes[0].input[0]], nodes[4].output[0], weight=factors, bias=summands,
                epsilon=onnx.helper.get_attribute_value(nodes[1].attribute[0]))


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
    elif node.op_type == "Pad" and attributes.get("mode") == b"reflect":
        _, _, top, left, _, _, bottom, right = (int(count) for count in constants[node.input[1]])
        step.kind, step.padding = "pad", (top, left, bottom, right)
    elif node.op_type == "LeakyRelu":
        step.kind, step.slope = "leaky", attributes.get("alpha", 0.01)
    elif node.op_type == "Resize" and attributes.get("coordinate_transformation_mode") == b"align_corners" \
            and attributes.get("mode") == b"linear" and len(node.input) == 4:
        step.kind, step.size = "resize", tuple(int(extent) for extent in constants[node.input[3]][2:])
    elif node.op_type == "Tanh":
        step.kind = "tanh"
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
