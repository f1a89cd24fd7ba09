"""Steps of tone with edges of a constant width, wherever the picture is steep or flat.

The soft quantization of Winnemoeller, Olsen and Gooch, "Real-Time Video Abstraction" (2006): a tanh whose steepness follows
the gradient.
"""

import cv2
import numpy as np

from drawn.common import blur, smoothstep


def _gradient(lightness: np.ndarray, sigma: float) -> np.ndarray:
    across = cv2.Sobel(lightness, cv2.CV_32F, 1, 0) / 8
    down = cv2.Sobel(lightness, cv2.CV_32F, 0, 1) / 8
    return blur(np.sqrt(across * across + down * down), sigma)


def soft_steps(lightness: np.ndarray, step: float, width: float = 1.3) -> np.ndarray:
    """Lightness in steps of `step` whose edges are about `width` pixels wide. Where it changes slowly, on walls and in skies,
    it stays as it is: steps there would be contour lines of nothing."""
    gradient = _gradient(lightness, 1.0)
    place = lightness / step
    floor = np.floor(place)
    edge = np.clip(gradient * width / step, 0.04, 0.5)
    quantized = (floor + 0.5 + 0.5 * np.tanh((place - floor - 0.5) / edge)) * step
    return lightness + (quantized - lightness) * smoothstep(blur(gradient, 3.0), 0.10, 0.45)


def soft_threshold(values: np.ndarray, threshold: float, width: float = 1.3, least: float = 0.6) -> np.ndarray:
    """1 above the threshold, with an edge of about `width` pixels, or of `least` units where `values` hardly change."""
    values = np.ascontiguousarray(values, np.float32)
    return 0.5 + 0.5 * np.tanh((values - threshold) / np.maximum(_gradient(values, 1.5) * width, least))
