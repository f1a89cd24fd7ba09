"""In which direction things run: the smoothed structure tensor.

The tensor of colour gradients follows Di Zenzo (1986), its use as a flow field for painterly filters Kyprianidis and Kang,
"Image and Video Abstraction by Anisotropic Kuwahara Filtering" (2009), and Brox et al. (2006).
"""

import cv2
import numpy as np

from drawn.common import blur


def flow(picture: np.ndarray, sigma: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Per pixel the direction of least change as x and y, and how much there is one (anisotropy, 0 to 1). `sigma` is how
    far the tensor is smoothed, in pixels."""
    across = cv2.Scharr(picture, cv2.CV_32F, 1, 0) / 32
    down = cv2.Scharr(picture, cv2.CV_32F, 0, 1) / 32
    if picture.ndim == 2:
        across, down = across[..., None], down[..., None]
    xx, xy, yy = (blur(product.sum(2), sigma) for product in (across * across, across * down, down * down))
    root = np.sqrt((xx - yy) ** 2 + 4 * xy * xy) + 1e-12
    larger, smaller = (xx + yy + root) / 2, (xx + yy - root) / 2
    angle = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2
    anisotropy = (larger - smaller) / (larger + smaller + 1e-6)
    return tuple(part.astype(np.float32) for part in (np.cos(angle), np.sin(angle), anisotropy))
