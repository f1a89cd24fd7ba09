"""Points of MediaPipe's face mesh by what they outline, and shapes made of points."""

import cv2
import numpy as np
from scipy.interpolate import CubicSpline

from drawn.common import blur

OVAL = [10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150,
        136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109]
LIPS = [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185]
NOSE = [2, 98, 327, 97, 326, 129, 358, 4, 5, 195]
# Each eye from its inner to its outer corner.
EYES = [dict(upper=[133, 173, 157, 158, 159, 160, 161, 246, 33], lower=[133, 155, 154, 153, 145, 144, 163, 7, 33], iris=468,
             brow=[107, 66, 105, 63, 70, 55, 65, 52, 53, 46]),
        dict(upper=[362, 398, 384, 385, 386, 387, 388, 466, 263], lower=[362, 382, 381, 380, 374, 373, 390, 249, 263],
             iris=473, brow=[336, 296, 334, 293, 300, 285, 295, 282, 283, 276])]
# Where skin is seen: on most faces, and where the lower half is covered.
SKIN = [50, 280, 205, 425, 101, 330, 117, 346, 36, 266, 187, 411, 151, 9, 108, 337, 69, 299, 6, 197]
SKIN_ABOVE_A_MASK = [168, 8, 193, 417, 6, 116, 345, 111, 340, 244, 464, 117, 346]

BEARD_JAW = [132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361]
BEARD_LINE = [401, 435, 416, 434, 436, 322, 391, 393, 164, 167, 165, 92, 216, 214, 192, 215, 177]
BEARD_CHIN = [170, 140, 171, 175, 396, 369, 395, 431, 418, 421, 200, 201, 194, 211, 170]
BEARD_SIDES = [[92, 216, 212, 202, 210, 211, 194, 204, 106, 43, 57, 186],
               [322, 436, 432, 422, 430, 431, 418, 424, 335, 273, 287, 410]]
MOUSTACHE = [57, 92, 165, 167, 164, 393, 391, 322, 287, 409, 270, 269, 267, 0, 37, 39, 40, 185]


def polygon(shape: tuple[int, ...], points: np.ndarray, soft: float = 0) -> np.ndarray:
    """A mask of what is inside, its edge blurred by `soft` pixels."""
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(np.asarray(points) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    mask = mask.astype(np.float32) / 255
    return blur(mask, soft) if soft > 0 else mask


def hull(points: np.ndarray) -> np.ndarray:
    return cv2.convexHull(np.ascontiguousarray(points, np.float32))[:, 0]


def scaled(points: np.ndarray, factor: float, centre: np.ndarray | None = None) -> np.ndarray:
    points = np.asarray(points)
    centre = points.mean(0) if centre is None else centre
    return centre + (points - centre) * factor


def spline(points: np.ndarray, count: int) -> np.ndarray:
    """`count` points, evenly spaced by length, on a cubic spline through the points."""
    points = np.asarray(points, np.float64)
    lengths = np.r_[0, np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1) + 1e-6)]
    return CubicSpline(lengths, points)(np.linspace(0, lengths[-1], count)).astype(np.float32)


def silhouette(points: np.ndarray, count: int = 72) -> np.ndarray:
    """A closed smooth outline of the whole mesh, right for turned heads too, where the oval cuts through a cheek."""
    outline = hull(points)
    outline = np.concatenate([outline, outline[:1]])
    lengths = np.r_[0, np.cumsum(np.linalg.norm(np.diff(outline, axis=0), axis=1))]
    places = np.linspace(0, lengths[-1], count, endpoint=False)
    outline = np.stack([np.interp(places, lengths, outline[:, axis]) for axis in range(2)], 1)
    for _ in range(2):
        outline = sum(weight / 16 * np.roll(outline, shift, 0) for shift, weight in zip(range(-2, 3), (1, 4, 6, 4, 1)))
    return outline.astype(np.float32)
