"""A model file as PyTorch: the engine's own integers, which can be trained.

Every tensor holds whole numbers in [-128, 127] as floats; a layer computes what Sources/Engine/Engine.docc/Arithmetic.md
says. Rounding passes gradients on as if it were not there (straight-through estimator, arXiv:1308.3432), and clamping
passes those of what it leaves alone, as usual in quantization-aware training (arXiv:1712.05877). Scales stay as
calibration found them; weights and biases learn.
"""

from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from model_file import ModelFile


class Rounded(torch.autograd.Function):
    """To the nearest whole number, halves to even."""

    @staticmethod
    def forward(_, x: torch.Tensor) -> torch.Tensor:
        return x.round()

    @staticmethod
    def backward(_, gradient: torch.Tensor) -> torch.Tensor:
        return gradient


class IntegerLayer(nn.Module):
    def __init__(self, file: ModelFile, layer: dict):
        super().__init__()
        self.layer, self.groups = layer, layer.get("row_groups", 1)
        if layer["kind"] not in ("convolution", "depthwise"):
            raise SystemExit(f"layer '{layer['name']}' is of the kind {layer['kind']}, which cannot be trained")
        weights = torch.from_numpy(file.weights(layer).astype(np.float32))
        zeros = file.tensor(f"{file.graph['tensors'][layer['input']]['name']}.zero_point")
        inputs = file.channels(layer["input"])
        zeros = np.zeros(inputs) if zeros is None else zeros[:inputs]
        self.register_buffer("zeros", torch.from_numpy(zeros.astype(np.float32))[None, :, None, None])
        self.register_buffer("scale", torch.from_numpy(file.per_channel(layer, "scale"))[None, :, None, None])
        added = file.per_channel(layer, "residual_scale")
        self.register_buffer("residual_scale", None if added is None else torch.from_numpy(added)[None, :, None, None])
        self.weights = nn.Parameter(weights)
        # In units of the output, so that one learning rate fits all layers, and without what the zero points add; in double,
        # as single precision would not always find back to the same integer.
        bias = torch.from_numpy(file.per_channel(layer, "bias").astype(np.float64)) + self.zero_sums(weights.double())
        self.bias = nn.Parameter(bias * self.scale.flatten())

    def zero_sums(self, weights: torch.Tensor) -> torch.Tensor:
        """What the zero points of the input add to each sum."""
        zeros = self.zeros.to(weights.dtype)
        return (weights * (zeros.transpose(0, 1) if weights.shape[1] == 1 and zeros.shape[1] > 1 else zeros)).sum((1, 2, 3))

    def integers(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Weights and biases as the engine has them."""
        weights = Rounded.apply(self.weights.clamp(-127, 127))
        bias = self.bias / self.scale.flatten() - self.zero_sums(weights.double())
        return weights, Rounded.apply(bias.clamp(-(2.0**29), 2.0**29))

    @torch.no_grad()
    def largest_sum(self) -> float:
        """What no sum, nor any part of one, exceeds in magnitude."""
        weights, bias = self.integers()
        return (128 * weights.abs().sum((1, 2, 3)) + bias.abs()).max().item()

    def forward(self, q: torch.Tensor, residual: torch.Tensor | None) -> torch.Tensor:
        weights, bias = self.integers()
        layer, zeros = self.layer, self.zeros
        top, left, bottom, right = layer["padding"]
        padded = F.pad(q - zeros, (left, right, top, bottom)) + zeros
        groups = q.shape[1] if layer["kind"] == "depthwise" else 1
        sums = F.conv2d(padded.to(weights.dtype), weights, bias.to(weights.dtype), layer["stride"], groups=groups)
        result = sums.float() * self.scale
        if residual is not None:
            if self.groups > 1:
                residual = to_depth(residual, self.groups)
            result = result + residual * self.residual_scale
        result = Rounded.apply(result.clamp(-128, 127))
        return from_depth(result, self.groups) if self.groups > 1 else result


def from_depth(x: torch.Tensor, side: int) -> torch.Tensor:
    """Channels that are (row, column, channel) of a block become the block."""
    count, channels, height, width = x.shape
    x = x.view(count, side, side, channels // side**2, height, width).permute(0, 3, 4, 1, 5, 2)
    return x.reshape(count, channels // side**2, height * side, width * side)


def to_depth(x: torch.Tensor, side: int) -> torch.Tensor:
    count, channels, height, width = x.shape
    x = x.view(count, channels, height // side, side, width // side, side).permute(0, 3, 5, 1, 2, 4)
    return x.reshape(count, channels * side**2, height // side, width // side)


class Repeated(nn.Module):
    """Every pixel again in each place of a square: nothing that could be trained."""

    def __init__(self, layer: dict):
        super().__init__()
        self.layer, (self.factor,) = layer, layer["factor"]
        if layer["coordinates"] != "nearest":
            raise SystemExit(f"layer '{layer['name']}' blends pixels, which cannot be trained")

    def forward(self, q: torch.Tensor, _) -> torch.Tensor:
        return F.interpolate(q, scale_factor=self.factor, mode="nearest")


class IntegerNetwork(nn.Module):
    """Takes and gives pictures in [-1, 1] that are multiples of 1 / 127.5 away from -1."""

    def __init__(self, path: Path):
        super().__init__()
        self.file = ModelFile(path)
        self.layers = nn.ModuleList(Repeated(layer) if layer["kind"] == "resize" else IntegerLayer(self.file, layer)
                                    for layer in self.file.graph["layers"])

    def trained(self) -> list[IntegerLayer]:
        return [part for part in self.layers if isinstance(part, IntegerLayer)]

    def forward(self, photo: torch.Tensor) -> torch.Tensor:
        made = {0: Rounded.apply((photo + 1) * 127.5) - 128}
        for part in self.layers:
            layer = part.layer
            made[layer["output"]] = part(made[layer["input"]], made.get(layer.get("residual", -1)))
        return (made[len(self.file.graph["tensors"]) - 1] + 128) / 127.5 - 1

    @torch.no_grad()
    def exact(self, picture: np.ndarray) -> np.ndarray:
        """The engine's picture of uint8 (height, width, 3), byte for byte: sums that single precision could not hold are
        made in double."""
        made = {0: torch.from_numpy(picture.astype(np.float32)).permute(2, 0, 1)[None] - 128}
        weights = {part: part.weights for part in self.trained()}
        for part in weights:
            if part.largest_sum() >= 2**24:
                part.weights = nn.Parameter(part.weights.double())
        for part in self.layers:
            layer = part.layer
            made[layer["output"]] = part(made[layer["input"]], made.get(layer.get("residual", -1)))
        for part, own in weights.items():
            part.weights = own
        result = made[len(self.file.graph["tensors"]) - 1][0].permute(1, 2, 0) + 128
        return result.numpy().astype(np.uint8)

    def save(self, path: Path) -> None:
        for part in self.trained():
            weights, bias = part.integers()
            self.file.replace_weights(part.layer, weights.detach().numpy().astype(np.int8))
            self.file.replace_per_channel(part.layer, "bias", bias.detach().numpy().astype(np.int32))
        self.file.save(path)
