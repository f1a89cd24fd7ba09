#!/usr/bin/env python3
"""Makes a student of an ONNX network that export.py wrote, to prune it, let it grow or train it on.

Normalizations were folded into the convolutions; they are put back with the mean and the deviation that each convolution
has on the pairs, so that training finds them as it would have left them.
"""

import argparse
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import nn

from distill import save
from export import ORDER
from losses import psnr
from pairs import Pairs
from student import Student
from styles import STYLES

def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("style", choices=STYLES)
    parser.add_argument("network", type=Path, help="an ONNX file")
    parser.add_argument("size", help="its size: s, m or l")
    parser.add_argument("result", type=Path, help="the student to write")
    parser.add_argument("--work", type=Path, required=True, help="folder of the pairs")
    chosen = parser.parse_args()

    student = Student(STYLES[chosen.style].sizes[chosen.size]).eval()
    graph = onnx.load(chosen.network).graph
    tensors = {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy()) for tensor in graph.initializer}
    with torch.no_grad():
        photo, target = Pairs(chosen.work, chosen.style).batch(0, 4)
        # Names differ from file to file; the order in which the convolutions run does not.
        nodes = [node for node in graph.node if node.op_type == "Conv"]
        layers = in_order(student, photo)
        if len(layers) != len(nodes):
            raise SystemExit(f"{chosen.network} has {len(nodes)} convolutions, the size {chosen.size} has {len(layers)}")
        for index, (node, (layer, norm)) in enumerate(zip(nodes, layers)):
            weight, bias = tensors[node.input[1]], tensors[node.input[2]]
            layer.weight.copy_(weight if index else weight[:, torch.tensor(ORDER).argsort()])
            if norm is None:
                layer.bias.copy_(bias)
            else:
                norm.bias.copy_(bias)
                norm.weight.fill_((1 + norm.eps) ** 0.5)
        before = student(photo)
        unfold(student, photo)
        change = (student(photo) - before).abs().max().item()
        close = psnr(before, target)
    print(f"{close:.1f} dB to the teacher on {chosen.batch} crops; putting normalizations back changed a sample by "
          f"{change:.1e} at most")
    save(chosen.result, student.state_dict(), student.shape)


def in_order(student: Student, photo: torch.Tensor) -> list[tuple[nn.Conv2d, nn.BatchNorm2d | None]]:
    """The convolutions as they run, each with its normalization."""
    found = []
    hooks = [part.register_forward_hook(lambda part, *_: found.append(part)) for part in student.modules()
             if isinstance(part, (nn.Conv2d, nn.BatchNorm2d))]
    student(photo)
    for hook in hooks:
        hook.remove()
    followers = [*found[1:], None]
    return [(part, follower if isinstance(follower, nn.BatchNorm2d) else None)
            for part, follower in zip(found, followers) if isinstance(part, nn.Conv2d)]


def unfold(student: Student, photo: torch.Tensor) -> None:
    seen = {}
    norms = [part for part in student.modules() if isinstance(part, nn.BatchNorm2d)]
    hooks = [norm.register_forward_hook(lambda norm, inputs, _: seen.__setitem__(norm, torch.var_mean(
        inputs[0], (0, 2, 3), unbiased=False))) for norm in norms]
    student(photo)
    for norm, hook in zip(norms, hooks):
        hook.remove()
        variance, mean = seen[norm]
        norm.bias += mean
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_(torch.sqrt(variance + norm.eps))


if __name__ == "__main__":
    main()
