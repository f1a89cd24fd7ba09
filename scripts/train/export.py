#!/usr/bin/env python3
"""Writes a trained student as ONNX, batch normalization folded, and checks it against PyTorch with ONNX Runtime."""

import argparse
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from distill import load
from enlarger import Enlarger
from student import Student
from underpainter import COLOURS, FIELDS, Underpainter


# PyTorch puts the colour first and the place in the square after it; ONNX the other way round.
ORDER = [colour * 4 + place for place in range(4) for colour in range(3)]


class Graph:
    """An ONNX graph that grows node by node."""

    def __init__(self):
        self.nodes, self.constants = [], []
        self.constant("zero", np.float32(0))
        self.constant("six", np.float32(6))
        self.constant("minus_one", np.float32(-1))
        self.constant("one", np.float32(1))

    def constant(self, name: str, value) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, *inputs: str, name: str, **attributes) -> str:
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def convolution(self, x: str, layer: nn.Conv2d, weight: torch.Tensor, bias: torch.Tensor, name: str) -> str:
        numbers = [self.constant(f"{name}.{kind}", value.detach().float().numpy())
                   for kind, value in (("weight", weight), ("bias", bias))]
        return self.node("Conv", x, *numbers, name=name, kernel_shape=list(layer.kernel_size),
                         strides=list(layer.stride), pads=[*layer.padding, *layer.padding], group=layer.groups)

    def folded(self, x: str, layers: nn.Sequential, name: str, order: list[int] | None = None) -> str:
        """A convolution, its normalization and, when there is one, its clip. `order` rearranges the inputs."""
        layer, norm = layers[0], layers[1]
        factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        weight = layer.weight * factor[:, None, None, None]
        if order is not None:
            weight = weight[:, order]
        made = self.convolution(x, layer, weight, norm.bias - norm.running_mean * factor, name)
        return self.node("Clip", made, "zero", "six", name=f"{name}.clip") if len(layers) > 2 else made

    def blocks(self, x: str, blocks, name: str) -> str:
        for number, block in enumerate(blocks):
            made = x
            for part, layers in enumerate(block.body):
                made = self.folded(made, layers, f"{name}.{number}.{part}")
            x = self.node("Add", x, made, name=f"{name}.{number}.add")
        return x


def graph_of_enlarger(student: Enlarger) -> Graph:
    graph = Graph()
    repeated = graph.node("Resize", "photo", "", graph.constant("scales", np.float32([1, 1, 2, 2])), name="repeated",
                          mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    start = graph.folded(graph.node("SpaceToDepth", "photo", name="folded", blocksize=2), student.stem, "stem", ORDER)
    last, head = graph.blocks(start, student.blocks, "body"), student.head
    head = graph.convolution(last, head, head.weight, head.bias, "head")
    made = graph.node("DepthToSpace", head, name="head.up", blocksize=4, mode="CRD")
    graph.node("Clip", graph.node("Add", made, repeated, name="head.add"), "minus_one", "one", name="anime")
    return graph


def graph_of(student: Student) -> Graph:
    graph = Graph()
    last, side = add_body(graph, student)
    head = student.head
    made = graph.node("DepthToSpace", graph.convolution(last, head, head.weight, head.bias, "head"), name="head.up",
                      blocksize=side, mode="CRD")
    graph.node("Clip", graph.node("Add", made, "photo", name="head.add"), "minus_one", "one", name="anime")
    return graph


def graph_of_underpainter(student: Underpainter) -> Graph:
    graph = Graph()
    last, _ = add_body(graph, student)
    repeated = graph.node("Resize", "photo", "", graph.constant("scales", np.float32([1, 1, 2, 2])), name="repeated",
                          mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    head = student.head
    made = [graph.node("DepthToSpace", graph.convolution(last, head, head.weight[part], head.bias[part], name),
                       name=f"{name}.up", blocksize=side, mode="CRD")
            for name, part, side in (("colours", slice(COLOURS), 4), ("marks", slice(COLOURS, None), 2))]
    graph.node("Clip", graph.node("Add", made[0], repeated, name="colours.add"), "minus_one", "one", name="picture")
    graph.node("Clip", made[1], "minus_one", "one", name="fields")
    return graph


def add_body(graph: Graph, student: Student) -> tuple[str, int]:
    """Adds everything before the head; the name of what it sees, and that one's stride."""
    shape = student.shape

    def up(x: str, name: str, side: int = 2) -> str:
        return graph.node("DepthToSpace", x, name=name, blocksize=side, mode="CRD")

    def joined(x: str, layers: nn.Sequential, skip: str, name: str) -> str:
        return graph.node("Add", up(graph.folded(x, layers, name), f"{name}.up"), skip, name=f"{name}.add")

    folded = graph.node("SpaceToDepth", "photo", name="folded", blocksize=2)
    at_2 = graph.folded(folded, student.stem, "stem", ORDER)
    at_4 = graph.blocks(graph.folded(at_2, student.down_4, "down4"), student.encode_4, "enc4")
    if not shape.at_8:
        at_4 = graph.blocks(at_4, student.body, "body")
    else:
        at_8 = graph.blocks(graph.folded(at_4, student.down_8, "down8"), student.encode_8, "enc8")
        if not shape.at_16:
            at_8 = graph.blocks(at_8, student.body, "body")
        else:
            at_16 = at_8
            for part, layers in enumerate(student.down_16):
                at_16 = graph.folded(at_16, layers, f"down16.{part}")
            at_8 = joined(graph.blocks(at_16, student.body, "body"), student.up_8, at_8, "up8")
            at_8 = graph.blocks(at_8, student.decode_8, "dec8")
        at_4 = joined(at_8, student.up_4, at_4, "up4")
    last = graph.blocks(at_4, student.decode_4, "dec4")
    if shape.decode_2 is None:
        return last, 4
    return graph.blocks(joined(last, student.up_2, at_2, "up2"), student.decode_2, "dec2"), 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path, help="STYLE-SIZE.pt")
    parser.add_argument("result", type=Path, help="STYLE-SIZE.onnx")
    chosen = parser.parse_args()
    student = load(chosen.checkpoint)
    if isinstance(student, Enlarger):
        graph, outputs = graph_of_enlarger(student), {"anime": (3, 2)}
    elif isinstance(student, Underpainter):
        graph, outputs = graph_of_underpainter(student), {"picture": (3, 2), "fields": (len(FIELDS), 1)}
    else:
        graph, outputs = graph_of(student), {"anime": (3, 1)}
    sides = lambda scale: [name if scale == 1 else f"{scale} * {name}" for name in ("height", "width")]
    value = lambda name, channels, scale: helper.make_tensor_value_info(
        name, TensorProto.FLOAT, [1, channels, *sides(scale)])
    model = helper.make_model(
        helper.make_graph(graph.nodes, chosen.result.stem, [value("photo", 3, 1)],
                          [value(name, *rest) for name, rest in outputs.items()], graph.constants),
        opset_imports=[helper.make_opsetid("", 17)], producer_name="animesnap")
    model.ir_version = 8
    onnx.checker.check_model(model)
    onnx.save(model, chosen.result)
    photo = torch.rand(1, 3, 272, 336) * 2 - 1
    with torch.no_grad():
        expected = student(photo)
    expected = expected if isinstance(expected, tuple) else (expected,)
    session = onnxruntime.InferenceSession(str(chosen.result), providers=["CPUExecutionProvider"])
    made = session.run(None, {"photo": photo.numpy()})
    error = max(np.abs(one - other.clamp(-1, 1).numpy()).max() for one, other in zip(made, expected))
    if error > 1e-4:
        raise SystemExit(f"{chosen.result} differs from the student by {error:.1e}")
    print(f"{chosen.result}: {len(graph.nodes)} nodes, differs from the student by {error:.1e} at most")


if __name__ == "__main__":
    main()
