"""Reads and writes AnimeSnap model files: the container, the packed weights, the checksum.

The format is described in Sources/Engine/Engine.docc/ModelFiles.md.
"""

import json
import struct
import zlib
from pathlib import Path

import numpy as np

TYPES = {"I8": np.int8, "I32": np.int32, "F32": np.float32}


class ModelFile:
    """The graph and the tensors of a model file; `save` writes them as they then are."""

    def __init__(self, path: Path):
        data = path.read_bytes()
        length = struct.unpack("<Q", data[:8])[0]
        header = json.loads(data[8:8 + length])
        self.metadata = header.pop("__metadata__")
        self.graph = json.loads(self.metadata["graph"])
        self._header, self._head, self._body = header, data[:8 + length], bytearray(data[8 + length:])

    def tensor(self, name: str) -> np.ndarray | None:
        """A copy of a tensor, flat."""
        if name not in self._header:
            return None
        first, last = self._header[name]["data_offsets"]
        return np.frombuffer(bytes(self._body[first:last]), TYPES[self._header[name]["dtype"]]).copy()

    def replace(self, name: str, values: np.ndarray) -> None:
        first, last = self._header[name]["data_offsets"]
        data = np.ascontiguousarray(values, TYPES[self._header[name]["dtype"]]).tobytes()
        if len(data) != last - first:
            raise ValueError(f"{name} has {last - first} bytes, not {len(data)}")
        self._body[first:last] = data

    def save(self, path: Path) -> None:
        # The checksum is that of the whole file with its own digits read as zeros.
        old = f'"checksum":"{self.metadata["checksum"]}"'.encode()
        if self._head.count(old) != 1:
            raise ValueError("the header does not hold its checksum as expected")
        head = self._head.replace(old, b'"checksum":"00000000"')
        checksum = f"{zlib.crc32(head + self._body):08x}"
        part = path.with_suffix(".part")
        part.write_bytes(head.replace(b'"checksum":"00000000"', f'"checksum":"{checksum}"'.encode()) + self._body)
        part.replace(path)

    def channels(self, index: int) -> int:
        return self.graph["tensors"][index]["channels"]

    def per_channel(self, layer: dict, kind: str) -> np.ndarray | None:
        """A layer's numbers per output channel, without what pads every row group to a multiple of 16."""
        values = self.tensor(f"{layer['name']}.{kind}")
        if values is None:
            return None
        groups, channels = self._groups(layer)
        return values.reshape(groups, -1)[:, :channels].reshape(-1)

    def replace_per_channel(self, layer: dict, kind: str, values: np.ndarray) -> None:
        groups, channels = self._groups(layer)
        padded = np.zeros((groups, -(-channels // 16) * 16), values.dtype)
        padded[:, :channels] = values.reshape(groups, channels)
        self.replace(f"{layer['name']}.{kind}", padded)

    def weights(self, layer: dict) -> np.ndarray:
        """Of a convolution: int8 (outputs, inputs, height, width); of a depthwise one: (channels, 1, height, width)."""
        packed = self.tensor(f"{layer['name']}.weights")
        index, shape = self._places(layer)
        return packed[index].reshape(shape).transpose(0, 3, 1, 2)

    def replace_weights(self, layer: dict, weights: np.ndarray) -> None:
        index, shape = self._places(layer)
        packed = np.zeros_like(self.tensor(f"{layer['name']}.weights"))
        packed[index] = weights.transpose(0, 2, 3, 1).reshape(-1)
        self.replace(f"{layer['name']}.weights", packed)

    def _groups(self, layer: dict) -> tuple[int, int]:
        groups = layer.get("row_groups", 1)
        return groups, self.channels(layer["output"]) * groups

    def _places(self, layer: dict) -> tuple[np.ndarray, tuple[int, int, int, int]]:
        """Where each weight, in the order output, row, column, input, lies in the packed ones."""
        height, width = layer["kernel"]
        groups, channels = self._groups(layer)
        if layer["kind"] == "depthwise":
            padded = -(-channels // 16) * 16
            output, tap = np.indices((channels, height * width))
            return (tap * padded + output).reshape(-1), (channels, height, width, 1)
        inputs = self.channels(layer["input"])
        run = width * inputs
        segment = -(-run // 4) * 4
        places = []
        start = 0
        for _ in range(groups):
            for block in range(0, channels, 16):
                wide = 8 if channels - block <= 8 else 16
                output, row, column = np.indices((min(wide, channels - block), height, run))
                position = row * segment + column
                places.append((start + (position // 4) * wide * 4 + output * 4 + position % 4).reshape(-1))
                start += wide * height * segment
            start = -(-start // 64) * 64
        return np.concatenate(places), (groups * channels, height, width, inputs)
