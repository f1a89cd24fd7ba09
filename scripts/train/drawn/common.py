"""What all steps use. Pictures are float32: RGB from 0 to 1, or CIELAB with L from 0 to 100; masks are 0 to 1."""

import cv2
import numpy as np


def blur(picture: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian blur of any number of channels, mirrored at the border; nothing for a sigma of next to nothing."""
    if sigma <= 0.05:
        return picture
    return cv2.GaussianBlur(picture, (0, 0), float(sigma), borderType=cv2.BORDER_REFLECT)


def smoothstep(x, low: float, high: float):
    """0 below `low`, 1 above `high`, a cubic without corners between; the other way round for low > high."""
    t = np.clip((x - low) / (high - low + 1e-9), 0, 1)
    return t * t * (3 - 2 * t)


def to_lab(rgb: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(np.ascontiguousarray(rgb, np.float32), cv2.COLOR_RGB2LAB)


def to_rgb(lab: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(np.ascontiguousarray(lab, np.float32), cv2.COLOR_LAB2RGB).clip(0, 1)


def one_pixel(lab) -> np.ndarray:
    """A single colour as the picture's arithmetic has it: to RGB, clipped, and back."""
    return to_lab(to_rgb(np.float32([[lab]])))[0, 0]


def blend(first: np.ndarray, second: np.ndarray, share: np.ndarray) -> np.ndarray:
    """`second` where `share` is 1."""
    return first * (1 - share[..., None]) + second * share[..., None]


def masked_blur(picture: np.ndarray, mask: np.ndarray, sigma: float) -> np.ndarray:
    """The blur of what is in the mask; what is outside does not bleed in."""
    weight = mask[..., None] if picture.ndim == 3 else mask
    total = blur(mask, sigma) + 1e-4
    return blur(picture * weight, sigma) / (total[..., None] if picture.ndim == 3 else total)


def chroma(lab: np.ndarray) -> np.ndarray:
    return np.hypot(lab[..., 1], lab[..., 2])


def hue(lab: np.ndarray) -> np.ndarray:
    """In degrees, -180 to 180."""
    return np.degrees(np.arctan2(lab[..., 2], lab[..., 1]))


def chroma_ratio(lab) -> np.ndarray:
    """Chroma by lightness: light and shade change both alike, so it tells materials apart."""
    lab = np.asarray(lab)
    return chroma(lab) / np.maximum(lab[..., 0], 8)


def sampled(picture: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The pixels nearest to `points`, x and y."""
    height, width = picture.shape[:2]
    at = np.clip(np.round(points).astype(int), 0, [width - 1, height - 1])
    return picture[at[:, 1], at[:, 0]]


def disc(radius: int) -> np.ndarray:
    """A structuring element for morphology."""
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
