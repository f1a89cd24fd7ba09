"""The anisotropic Kuwahara filter: flat areas with brush-like edges along the flow.

Kyprianidis, Kang and Doellner, "Image and Video Abstraction by Anisotropic Kuwahara Filtering" (2009), with the polynomial
sector weights of Kyprianidis, Semmo, Kang and Doellner, "Anisotropic Kuwahara Filtering with Polynomial Weighting
Functions" (2010). An ellipse that follows the flow is cut into eight overlapping sectors; the result is the mean of the
sectors' means, each weighed by how even its sector is.
"""

import numpy as np
from numba import njit

from drawn.flow import flow


@njit(fastmath=True, cache=True)
def _filtered(source, flow_x, flow_y, anisotropy, radii, sharpness, hardness):
    height, width, _ = source.shape
    result = np.empty_like(source)
    means = np.zeros((8, 3))
    squares = np.zeros((8, 3))
    weights = np.zeros(8)
    sectors = np.zeros(8)
    crossing = 0.58
    for y in range(height):
        for x in range(width):
            radius = radii[y, x]
            # The polynomial (v + zeta - eta * v'^2)^2 is zero at the angle `crossing` from a sector's middle.
            zeta = 2.0 / max(radius, 2.0)
            eta = (zeta + np.cos(crossing)) / (np.sin(crossing) ** 2)
            stretch = anisotropy[y, x]
            cosine = flow_x[y, x]
            sine = flow_y[y, x]
            long = radius * min(max(1.0 + stretch, 0.1), 2.0)
            short = radius * min(max(1.0 / (1.0 + stretch), 0.1), 2.0)
            reach_x = int(np.sqrt(long * long * cosine * cosine + short * short * sine * sine))
            reach_y = int(np.sqrt(long * long * sine * sine + short * short * cosine * cosine))
            for k in range(8):
                weights[k] = 0.0
                for c in range(3):
                    means[k, c] = 0.0
                    squares[k, c] = 0.0
            for j in range(-reach_y, reach_y + 1):
                row = y + j
                if row < 0:
                    row = -row
                if row >= height:
                    row = 2 * height - 2 - row
                for i in range(-reach_x, reach_x + 1):
                    vx = (cosine * i + sine * j) / long
                    vy = (-sine * i + cosine * j) / short
                    distance = vx * vx + vy * vy
                    if distance > 1.0:
                        continue
                    column = x + i
                    if column < 0:
                        column = -column
                    if column >= width:
                        column = 2 * width - 2 - column
                    _weigh(vx, vy, zeta, eta, 0, sectors)
                    _weigh(0.70710678 * (vx - vy), 0.70710678 * (vx + vy), zeta, eta, 1, sectors)
                    total = 0.0
                    for k in range(8):
                        total += sectors[k]
                    if total <= 1e-9:
                        continue
                    near = np.exp(-3.125 * distance) / total
                    for k in range(8):
                        weight = sectors[k] * near
                        if weight > 0:
                            weights[k] += weight
                            for c in range(3):
                                value = source[row, column, c]
                                means[k, c] += weight * value
                                squares[k, c] += weight * value * value
            red = 0.0
            green = 0.0
            blue = 0.0
            total = 0.0
            for k in range(8):
                if weights[k] < 1e-9:
                    continue
                inverse = 1.0 / weights[k]
                unevenness = 0.0
                for c in range(3):
                    mean = means[k, c] * inverse
                    unevenness += abs(squares[k, c] * inverse - mean * mean)
                weight = 1.0 / (1.0 + (hardness * 1000.0 * unevenness) ** (0.5 * sharpness))
                total += weight
                red += weight * means[k, 0] * inverse
                green += weight * means[k, 1] * inverse
                blue += weight * means[k, 2] * inverse
            result[y, x, 0] = red / total
            result[y, x, 1] = green / total
            result[y, x, 2] = blue / total
    return result


@njit(fastmath=True, cache=True, inline="always")
def _weigh(x, y, zeta, eta, first, sectors):
    """The weights of the four sectors at right angles to each other, of which the first looks down."""
    along = zeta - eta * x * x
    across = zeta - eta * y * y
    z = max(0.0, y + along)
    sectors[first] = z * z
    z = max(0.0, -x + across)
    sectors[first + 2] = z * z
    z = max(0.0, -y + along)
    sectors[first + 4] = z * z
    z = max(0.0, x + across)
    sectors[first + 6] = z * z


def kuwahara(rgb: np.ndarray, radius, sigma: float, sharpness: float = 8, hardness: float = 8) -> np.ndarray:
    """`radius` is a number or a map, in pixels; `sigma` smooths the flow; `sharpness` and `hardness` say how much even
    sectors are preferred."""
    rgb = np.ascontiguousarray(rgb, np.float32)
    radii = np.broadcast_to(np.asarray(radius, np.float32), rgb.shape[:2])
    radii = np.ascontiguousarray(np.maximum(radii, 1))
    return _filtered(rgb, *flow(rgb, sigma), radii, float(sharpness), float(hardness))
