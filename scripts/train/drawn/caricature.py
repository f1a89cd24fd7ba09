"""The warp: a narrower jaw and a shorter lower face, which is what leaves room for large eyes.

Displacements of landmarks are spread by normalized Gaussian weights, a smooth scattered interpolation after Shepard, "A
Two-Dimensional Interpolation Function for Irregularly-Spaced Data" (1968).
"""

import cv2
import numpy as np

from drawn.common import smoothstep
from drawn.faces import Face
from drawn.measures import full_beard
from drawn.mesh import LIPS, OVAL

_MOVED = np.unique(np.array(OVAL + LIPS + [1, 2, 4, 50, 280, 205, 425]))


def moved_points(face: Face) -> np.ndarray:
    """The landmarks as they are drawn, in two dimensions."""
    points = face.landmarks[:, :2]
    u = ((points - face.eyes) @ face.across) / face.width
    v = ((points - face.eyes) @ face.down) / face.height
    beard = full_beard(face)
    inwards = -u * 0.11 * (1 - 0.85 * beard) * smoothstep(v, 0.10, 0.55) * (1 - 0.5 * smoothstep(v, .5, .62))
    upwards = -0.055 * (1 - 0.55 * beard) * smoothstep(v, 0.12, 0.55)
    moved = points + np.outer(inwards * face.width, face.across) + np.outer(upwards * face.height, face.down)
    return points + (moved - points) * face.weight


class Warp:
    """Where in the photo each pixel of the drawing comes from. Gives every face its `points`."""

    def __init__(self, shape: tuple[int, int], faces: list[Face]) -> None:
        height, width = shape
        shift = np.zeros((2, height, width), np.float32)
        down, across = np.mgrid[0:height, 0:width].astype(np.float32)
        for face in faces:
            if not face.is_read:
                continue
            face.points = moved_points(face)
            sigma, reach = 0.11 * face.width, int(1.15 * face.width)
            x, y = face.centre
            rows = slice(int(max(0, y - reach * 1.2)), int(min(height, y + reach * 1.2)))
            columns = slice(int(max(0, x - reach)), int(min(width, x + reach)))
            near_x, near_y = across[rows, columns], down[rows, columns]
            weights = np.full(near_x.shape, 0.35, np.float32)
            sums = np.zeros((2, *near_x.shape), np.float32)
            for source, target in zip(face.landmarks[_MOVED, :2], face.points[_MOVED]):
                weight = np.exp(-((near_x - target[0]) ** 2 + (near_y - target[1]) ** 2) / (2 * sigma * sigma))
                weights += weight
                sums[0] += weight * (source[0] - target[0])
                sums[1] += weight * (source[1] - target[1])
            shift[:, rows, columns] += sums / weights
        self._x, self._y = across + shift[0], down + shift[1]

    def __call__(self, picture: np.ndarray) -> np.ndarray:
        way = cv2.INTER_CUBIC if picture.ndim == 3 else cv2.INTER_LINEAR
        return cv2.remap(picture, self._x, self._y, way, borderMode=cv2.BORDER_REFLECT)
