"""Writes AnimeGANv2's generator as ONNX, with random weights or those of a PyTorch checkpoint; see make-animeganv2-onnx.

The generator is described once, as a list of steps, from which both the ONNX graph and a PyTorch module are made. The
graph is written node by node, so that no exporter's version matters. Both then run on the same picture.
"""

import argparse
import sys

import numpy
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn import functional

# The same in PyTorch and here: left, right, top, bottom.
ALL_AROUND = (1, 1, 1, 1)
FAR_SIDES = (0, 1, 0, 1)


def unit(name, inputs, outputs, kernel=3, stride=1, padding=ALL_AROUND, groups=1, bias=False):
    """Reflected padding, a convolution, normalization over the whole picture, LeakyReLU: the names are NAME.1 and NAME.2."""
    return {"kind": "unit", "conv": f"{name}.1", "norm": f"{name}.2", "inputs": inputs, "outputs": outputs, "kernel": kernel,
            "stride": stride, "padding": padding, "groups": groups, "bias": bias, "leaky": True}


def inverted(name, inputs, outputs, ratio=2):
    """Wider by `ratio`, a depthwise convolution, narrower again, and the input added where the channels are equal."""
    wide = inputs * ratio
    narrow = unit("", wide, outputs, kernel=1, padding=(0, 0, 0, 0))
    narrow.update(conv=f"{name}.layers.2", norm=f"{name}.layers.3", leaky=False)
    steps = [unit(f"{name}.layers.0", inputs, wide, kernel=1, padding=(0, 0, 0, 0)),
             unit(f"{name}.layers.1", wide, wide, groups=wide, bias=True), narrow]
    return [{"kind": "mark"}] * (inputs == outputs) + steps + [{"kind": "add"}] * (inputs == outputs)


GENERATOR = [
    unit("block_a.0", 3, 32, kernel=7, padding=(3, 3, 3, 3)),
    unit("block_a.1", 32, 64, stride=2, padding=FAR_SIDES),
    unit("block_a.2", 64, 64),
    {"kind": "remember"},
    unit("block_b.0", 64, 128, stride=2, padding=FAR_SIDES),
    unit("block_b.1", 128, 128),
    unit("block_c.0", 128, 128),
    *inverted("block_c.1", 128, 256),
    *inverted("block_c.2", 256, 256),
    *inverted("block_c.3", 256, 256),
    *inverted("block_c.4", 256, 256),
    unit("block_c.5", 256, 128),
    {"kind": "resize", "like": "half"},
    unit("block_d.0", 128, 128),
    unit("block_d.1", 128, 128),
    {"kind": "resize", "like": "picture"},
    unit("block_e.0", 128, 64),
    unit("block_e.1", 64, 64),
    unit("block_e.2", 64, 32, kernel=7, padding=(3, 3, 3, 3)),
]
LAST = {"conv": "out_layer.0", "inputs": 32, "outputs": 3, "kernel": 1, "groups": 1, "bias": False}


def parameter_shapes():
    shapes = {}
    for step in [step for step in GENERATOR if step["kind"] == "unit"] + [LAST]:
        kernel = step["kernel"]
        shapes[step["conv"] + ".weight"] = (step["outputs"], step["inputs"] // step["groups"], kernel, kernel)
        if step["bias"]:
            shapes[step["conv"] + ".bias"] = (step["outputs"],)
        if "norm" in step:
            shapes[step["norm"] + ".weight"] = shapes[step["norm"] + ".bias"] = (step["outputs"],)
    return shapes


def random_weights(seed):
    """Weights whose sums have a variance of about 1, and normalizations near the identity; the last layer stays well
    inside the range in which tanh is nearly straight."""
    numbers = numpy.random.default_rng(seed)
    weights = {}
    for name, shape in parameter_shapes().items():
        if len(shape) == 4:
            deviation = (0.5 if name.startswith("out_layer") else 1.0) / numpy.sqrt(numpy.prod(shape[1:]))
            weights[name] = numbers.normal(0, deviation, shape)
        elif name.endswith(".weight"):
            weights[name] = numbers.uniform(0.7, 1.3, shape)
        else:
            weights[name] = numbers.normal(0, 0.1, shape)
    return {name: values.astype(numpy.float32) for name, values in weights.items()}


def read_checkpoint(path):
    try:
        # Only tensors: a checkpoint from elsewhere must not be able to run code.
        loaded = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as problem:
        sys.exit(f"error: {path} cannot be read as a PyTorch checkpoint that holds nothing but tensors ({type(problem).__name__})")
    if not isinstance(loaded, dict) or not all(isinstance(value, torch.Tensor) for value in loaded.values()):
        sys.exit(f"error: {path} is not a plain list of named tensors, as the checkpoints of animegan2-pytorch are")
    wanted = parameter_shapes()
    missing, surplus = sorted(wanted.keys() - loaded.keys()), sorted(loaded.keys() - wanted.keys())
    if missing or surplus:
        sys.exit(f"error: {path} is not AnimeGANv2's generator: it lacks {missing[:3]} and has {surplus[:3]} too much")
    for name, shape in wanted.items():
        if tuple(loaded[name].shape) != shape:
            sys.exit(f"error: {path} has {name} of the shape {tuple(loaded[name].shape)}, and {shape} is needed")
    return {name: loaded[name].float().numpy() for name in wanted}


class GraphWriter:
    """Collects the nodes of an ONNX graph."""

    def __init__(self, weights):
        self.nodes, self.constants, self.count = [], {}, 0
        for name, values in weights.items():
            # A normalization's parameters are multiplied and added after it, to every channel.
            is_norm = name.rsplit(".", 1)[0] in {step.get("norm") for step in GENERATOR}
            self.constant(name, values.reshape(-1, 1, 1) if is_norm else values)

    def constant(self, name, values):
        self.constants[name] = numpy_helper.from_array(numpy.ascontiguousarray(values), name)
        return name

    def numbers(self, values, kind=numpy.int64):
        values = numpy.asarray(values, kind)
        return self.constant("numbers " + kind.__name__ + " " + " ".join(map(str, values)), values)

    def node(self, kind, inputs, name=None, **attributes):
        self.count += 1
        name = name or f"{kind} {self.count}"
        self.nodes.append(helper.make_node(kind, inputs, [name + " out"], name, **attributes))
        return name + " out"

    def convolution(self, value, step):
        inputs = [value, step["conv"] + ".weight"] + [step["conv"] + ".bias"] * step["bias"]
        stride = step.get("stride", 1)
        return self.node("Conv", inputs, step["conv"], kernel_shape=[step["kernel"]] * 2, strides=[stride] * 2,
                         group=step["groups"])

    def unit(self, value, step):
        left, right, top, bottom = step["padding"]
        if any(step["padding"]):
            value = self.node("Pad", [value, self.numbers([0, 0, top, left, 0, 0, bottom, right])], mode="reflect")
        value = self.convolution(value, step)
        # Normalization with one group is that of a picture with one channel, which holds all of them.
        flat = self.node("Reshape", [value, self.numbers([0, 1, -1])])
        one, zero = self.numbers([1], numpy.float32), self.numbers([0], numpy.float32)
        flat = self.node("InstanceNormalization", [flat, one, zero], step["norm"], epsilon=1e-5)
        value = self.node("Reshape", [flat, self.node("Shape", [value])])
        value = self.node("Mul", [value, step["norm"] + ".weight"])
        value = self.node("Add", [value, step["norm"] + ".bias"])
        return self.node("LeakyRelu", [value], alpha=0.2) if step["leaky"] else value

    def resize(self, value, like):
        sizes = self.node("Concat", [
            self.node("Slice", [self.node("Shape", [value]), self.numbers([0]), self.numbers([2])]),
            self.node("Slice", [self.node("Shape", [like]), self.numbers([2]), self.numbers([4])])], axis=0)
        return self.node("Resize", [value, "", "", sizes], mode="linear", coordinate_transformation_mode="align_corners")


def write_graph(weights, size):
    writer = GraphWriter(weights)
    value, marks, places = "photo", [], {"picture": "photo"}
    for step in GENERATOR:
        if step["kind"] == "unit":
            value = writer.unit(value, step)
        elif step["kind"] == "mark":
            marks.append(value)
        elif step["kind"] == "add":
            value = writer.node("Add", [marks.pop(), value])
        elif step["kind"] == "remember":
            places["half"] = value
        else:
            value = writer.resize(value, places[step["like"]])
    writer.node("Tanh", [writer.convolution(value, LAST)])
    writer.nodes[-1].output[0] = "anime"
    height, width = size or ("height", "width")
    shape = [1, 3, height, width]
    graph = helper.make_graph(
        writer.nodes, "AnimeGANv2", [helper.make_tensor_value_info("photo", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("anime", TensorProto.FLOAT, shape)], list(writer.constants.values()))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="animesnap")
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model


class Generator(nn.Module):
    """The same in PyTorch."""

    def __init__(self, weights):
        super().__init__()
        self.weights = {name: torch.from_numpy(values) for name, values in weights.items()}

    def convolution(self, value, step):
        name = step["conv"]
        return functional.conv2d(value, self.weights[name + ".weight"], self.weights.get(name + ".bias"),
                                 step.get("stride", 1), groups=step["groups"])

    def forward(self, picture):
        value, marks, places = picture, [], {"picture": picture}
        for step in GENERATOR:
            if step["kind"] == "unit":
                value = self.convolution(functional.pad(value, step["padding"], "reflect"), step)
                norm = step["norm"]
                value = functional.group_norm(value, 1, self.weights[norm + ".weight"], self.weights[norm + ".bias"])
                value = functional.leaky_relu(value, 0.2) if step["leaky"] else value
            elif step["kind"] == "mark":
                marks.append(value)
            elif step["kind"] == "add":
                value = marks.pop() + value
            elif step["kind"] == "remember":
                places["half"] = value
            else:
                size = places[step["like"]].shape[-2:]
                value = functional.interpolate(value, size, mode="bilinear", align_corners=True)
        return torch.tanh(self.convolution(value, LAST))


def largest_difference(path, weights, size):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    module, worst = Generator(weights).eval(), 0.0
    for height, width in [size] if size else [(128, 128), (96, 160)]:
        y, x = numpy.mgrid[0:height, 0:width] / 40
        waves = numpy.stack([numpy.sin(x * (k + 1) + y) * numpy.cos(y * (3 - k)) for k in range(3)])[None]
        picture = waves.astype(numpy.float32)
        made = session.run(None, {"photo": picture})[0]
        with torch.no_grad():
            wanted = module(torch.from_numpy(picture)).numpy()
        worst = max(worst, float(numpy.abs(made - wanted).max()))
    return worst


def main():
    parser = argparse.ArgumentParser(prog="make-animeganv2-onnx", description="Writes AnimeGANv2's generator as ONNX.")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--seed", type=int, default=1, help="of random weights, 0 or more (1)")
    source.add_argument("--checkpoint", help="a checkpoint of animegan2-pytorch, such as face_paint_512_v2.pt")
    parser.add_argument("--size", type=int, nargs=2, metavar=("HEIGHT", "WIDTH"), help="fix the picture's size")
    parser.add_argument("output", help="the ONNX file to write")
    arguments = parser.parse_args()
    if arguments.seed < 0:
        parser.error("--seed must be 0 or more")
    if arguments.size and any(side < 16 or side % 4 for side in arguments.size):
        parser.error("--size takes multiples of 4 from 16 on")
    weights = read_checkpoint(arguments.checkpoint) if arguments.checkpoint else random_weights(arguments.seed)
    onnx.save(write_graph(weights, arguments.size), arguments.output)
    difference = largest_difference(arguments.output, weights, arguments.size)
    count = sum(values.size for values in weights.values())
    print(f"{arguments.output}: {count} parameters; differs from PyTorch by at most {difference:.1e}")
    if not difference < 1e-3:
        sys.exit("error: the ONNX file and the PyTorch module differ by more than 1e-3")


if __name__ == "__main__":
    main()
