"""Where the sky is: blue or bright, smooth, in the upper part, and no person."""

import cv2
import numpy as np

from drawn.common import blur, smoothstep


def sky_share(lab: np.ndarray, person: np.ndarray) -> np.ndarray:
    """0 to 1, soft."""
    height, width = lab.shape[:2]
    side = max(height, width)
    lightness, a, b = cv2.split(blur(lab, side * 0.004))
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    angle, strength = np.degrees(np.arctan2(b, a)) % 360, np.hypot(a, b)
    blue = smoothstep(angle, 205, 230) * (1 - smoothstep(angle, 290, 310)) * smoothstep(strength, 5, 12)
    blue = blue * smoothstep(lightness, 35, 55)
    white = smoothstep(lightness, 82, 92) * (1 - smoothstep(strength, 8, 16))
    texture = blur(np.abs(cv2.Laplacian(lab[..., 0], cv2.CV_32F)), side * 0.008)
    share = np.maximum(blue, 0.6 * white) * (1 - smoothstep(texture, 3, 9)) * (1 - smoothstep(down, .55, .85))
    return blur(share * (1 - person), side * 0.004)
