"""A perceptual distance and a Fréchet distance on the features of a network.

The field takes LPIPS (arXiv:1801.03924) and FID (arXiv:1706.08500) with networks trained on ImageNet, whose weights are not
at hand everywhere. In their place stands the encoder of AnimeGANv3's "Hayao 36" generator, which is the teacher of none of
the styles: figures compare with each other and not with published ones.
"""

import tempfile
from pathlib import Path

import numpy as np

NETWORK = "AnimeGANv3_Hayao_36_512.onnx"
# After the first, third and fourth activation: strides 2, 4 and 4.
LAYERS = [f"generator_1/base/LeakyRelu{number}" for number in ("_1", "_3", "_4")]


class Features:
    """Takes uint8 (512, 512, 3), gives a list of (pixels, channels), each pixel's vector of length 1."""

    def __init__(self, folder: Path, threads: int):
        import onnx.utils
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        with tempfile.TemporaryDirectory() as place:
            part = f"{place}/encoder.onnx"
            onnx.utils.extract_model(str(folder / NETWORK), part, ["AnimeGANv3_input"], LAYERS)
            self._session = onnxruntime.InferenceSession(part, options, providers=["CPUExecutionProvider"])

    def __call__(self, picture: np.ndarray) -> list[np.ndarray]:
        found = self._session.run(None, {"AnimeGANv3_input": picture[None].astype(np.float32) / 127.5 - 1})
        maps = [values[0].reshape(values.shape[1], -1).T for values in found]
        return [values / np.linalg.norm(values, axis=1, keepdims=True).clip(1e-6) for values in maps]


def distance(one: list[np.ndarray], other: list[np.ndarray]) -> float:
    """The squared distance of the vectors of a pixel, averaged over pixels and layers: 0 to 4."""
    return float(np.mean([np.square(a - b).sum(1).mean() for a, b in zip(one, other)]))


class Moments:
    """Mean and covariance of the vectors of many pictures, of the last layer."""

    def __init__(self):
        self.count, self.sum, self.products = 0, 0.0, 0.0

    def add(self, features: list[np.ndarray]) -> None:
        values = features[-1].astype(np.float64)
        self.count += len(values)
        self.sum = self.sum + values.sum(0)
        self.products = self.products + values.T @ values

    def frechet(self, other: "Moments") -> float:
        """Of two normal distributions: |difference of means|^2 + trace(A + B - 2 (A B)^(1/2)), times 1000."""
        (mean_a, a), (mean_b, b) = self._normal(), other._normal()
        # The eigenvalues of A B are those of a product of semidefinite matrices: real, none negative.
        root = np.sqrt(np.linalg.eigvals(a @ b).real.clip(0)).sum()
        return float(1000 * (np.square(mean_a - mean_b).sum() + np.trace(a) + np.trace(b) - 2 * root))

    def _normal(self) -> tuple[np.ndarray, np.ndarray]:
        mean = self.sum / self.count
        return mean, self.products / self.count - np.outer(mean, mean)
