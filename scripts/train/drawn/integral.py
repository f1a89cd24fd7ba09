"""Line integral convolution: smoothing along the flow and not across it.

Cabral and Leedom, "Imaging Vector Fields Using Line Integral Convolution" (1993), with a Gaussian along the line, as
Kyprianidis and Doellner use it for flow-guided smoothing (2008).
"""

import numpy as np
from numba import njit


@njit(fastmath=True, cache=True)
def _smoothed(source, flow_x, flow_y, sigmas):
    height, width, channels = source.shape
    result = np.empty_like(source)
    total = np.zeros(channels)
    for y in range(height):
        for x in range(width):
            sigma = sigmas[y, x]
            if sigma < 0.3:
                for c in range(channels):
                    result[y, x, c] = source[y, x, c]
                continue
            steps = int(2.2 * sigma + 0.5)
            weights = 1.0
            for c in range(channels):
                total[c] = source[y, x, c]
            for way in range(2):
                px = float(x)
                py = float(y)
                step_x = flow_x[y, x]
                step_y = flow_y[y, x]
                if way == 1:
                    step_x = -step_x
                    step_y = -step_y
                for k in range(1, steps + 1):
                    px += step_x
                    py += step_y
                    near_x = int(px + 0.5)
                    near_y = int(py + 0.5)
                    if px < 0 or py < 0 or near_x >= width or near_y >= height:
                        break
                    weight = np.exp(-0.5 * k * k / (sigma * sigma))
                    x0 = int(px)
                    y0 = int(py)
                    x1 = min(x0 + 1, width - 1)
                    y1 = min(y0 + 1, height - 1)
                    fx = px - x0
                    fy = py - y0
                    for c in range(channels):
                        above = source[y0, x0, c] * (1 - fx) + source[y0, x1, c] * fx
                        below = source[y1, x0, c] * (1 - fx) + source[y1, x1, c] * fx
                        total[c] += weight * (above * (1 - fy) + below * fy)
                    weights += weight
                    # The flow has no sign: go on as before.
                    next_x = flow_x[near_y, near_x]
                    next_y = flow_y[near_y, near_x]
                    if next_x * step_x + next_y * step_y < 0:
                        next_x = -next_x
                        next_y = -next_y
                    step_x = next_x
                    step_y = next_y
            for c in range(channels):
                result[y, x, c] = total[c] / weights
    return result


def along_flow(picture: np.ndarray, flow_x: np.ndarray, flow_y: np.ndarray, sigma) -> np.ndarray:
    """The picture, of any number of channels, smoothed along the flow; `sigma` is a number or a map, in pixels."""
    sigmas = np.ascontiguousarray(np.broadcast_to(np.asarray(sigma, np.float32), picture.shape[:2]))
    source = np.ascontiguousarray(picture[..., None] if picture.ndim == 2 else picture, np.float32)
    result = _smoothed(source, flow_x, flow_y, sigmas)
    return result[..., 0] if picture.ndim == 2 else result
