"""Lines: the flow-based difference of Gaussians.

Kang, Lee and Chui, "Coherent Line Drawing" (2007): a difference of Gaussians across the flow, smoothed along it. The
separated form and its parameters follow Winnemoeller, Kyprianidis and Olsen, "XDoG" (2012).
"""

import numpy as np
from numba import njit

from drawn.flow import flow
from drawn.integral import along_flow


@njit(fastmath=True, cache=True)
def _across(lightness, flow_x, flow_y, sigma):
    height, width = lightness.shape
    result = np.empty_like(lightness)
    wide = 1.6 * sigma
    steps = int(np.ceil(2 * wide))
    for y in range(height):
        for x in range(width):
            normal_x = -flow_y[y, x]
            normal_y = flow_x[y, x]
            inner = 0.0
            outer = 0.0
            inner_weights = 0.0
            outer_weights = 0.0
            for k in range(-steps, steps + 1):
                px = min(max(x + k * normal_x, 0.0), width - 1.001)
                py = min(max(y + k * normal_y, 0.0), height - 1.001)
                x0 = int(px)
                y0 = int(py)
                fx = px - x0
                fy = py - y0
                above = lightness[y0, x0] * (1 - fx) + lightness[y0, x0 + 1] * fx
                below = lightness[y0 + 1, x0] * (1 - fx) + lightness[y0 + 1, x0 + 1] * fx
                value = above * (1 - fy) + below * fy
                weight = np.exp(-0.5 * k * k / (sigma * sigma))
                inner += weight * value
                inner_weights += weight
                weight = np.exp(-0.5 * k * k / (wide * wide))
                outer += weight * value
                outer_weights += weight
            result[y, x] = inner / inner_weights - outer / outer_weights
    return result


def line_response(
    lightness: np.ndarray, width: float, length: float, flow_sigma: float
) -> tuple[np.ndarray, np.ndarray]:
    """How much darker a pixel of `lightness` (0 to 1) is than what lies on both sides of it, negative where it is, and the
    anisotropy there. `width` and `length` are the sigmas across and along the flow, in pixels."""
    lightness = np.ascontiguousarray(lightness, np.float32)
    flow_x, flow_y, anisotropy = flow(lightness, flow_sigma)
    difference = _across(lightness, flow_x, flow_y, float(width))
    return along_flow(difference, flow_x, flow_y, float(length)), anisotropy
