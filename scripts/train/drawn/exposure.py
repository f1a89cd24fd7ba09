"""Light: dim photos become as bright as drawings are, and well exposed ones stay."""

import cv2
import numpy as np

from drawn.common import smoothstep, to_lab, to_rgb


def exposed(rgb: np.ndarray, person: np.ndarray, unit: float) -> np.ndarray:
    """The picture with its large-scale lightness moved towards a bright mean, and its local contrast kept.

    The large scale is what a guided filter (He, Sun and Tang 2010) leaves, as in the base and detail layers of Durand and
    Dorsey, "Fast Bilateral Filtering for the Display of High-Dynamic-Range Images" (2002). `unit` is the longest side in
    units of 512 pixels.
    """
    strength = 0.85
    lab = to_lab(rgb)
    lightness = lab[..., 0] / 100
    base = cv2.ximgproc.guidedFilter(lightness, lightness, int(28 * unit), 0.02)
    weight = 1 - 0.4 * person
    mean = float(np.clip((base * weight).mean() / weight.mean(), 0.10, 0.9))
    bright = float(np.clip(np.percentile(base, 92), .2, .98))
    gamma = float(np.clip(np.log(0.35 + 0.34 * mean) / np.log(mean), 0.58, 1.0))
    gamma = 1 + (gamma - 1) * strength
    # Dark pictures: stretch the top too.
    gain = min(1 / bright ** gamma * 0.93, 1.35) if bright < .8 else 1.0
    gain = 1 + (gain - 1) * 0.6 * strength
    result = np.clip(base, 1e-3, 1) ** gamma * gain + (lightness - base) * (1 + 0.15 * (1 - gamma) / 0.4)
    black = float(np.clip(np.percentile(result, 2) - 0.05, 0, 0.10))
    result = (result - black) / (1 - black)
    colour = np.clip(result / np.maximum(lightness, 0.04), 1, 1.6) ** 0.6
    return to_rgb(np.dstack([np.clip(result, 0, 1) * 100, lab[..., 1] * colour, lab[..., 2] * colour]))


def darkness(cheek_lightness: float, eye_white: float, openness: float, covered: float) -> float:
    """How surely skin is dark, and not only in dim light: 0 to 1, from the lightness of the cheeks in the photo itself and
    how much lighter the white of the eyes is. Closed or covered faces tell half of it."""
    dark = max((1 - smoothstep(cheek_lightness, 38, 54))
               * max(smoothstep(eye_white, -2, 8), 1 - smoothstep(cheek_lightness, 20, 30)),
               (1 - smoothstep(cheek_lightness, 46, 58)) * smoothstep(eye_white, 6, 18),
               (1 - smoothstep(cheek_lightness, 62, 74)) * smoothstep(eye_white, 16, 24))
    shut = 1 - smoothstep(openness, .13, .20)
    dark = max(dark, shut * 0.6 * (1 - smoothstep(cheek_lightness, 50, 66)))
    return float(max(dark, .85 * smoothstep(covered, .25, .6) * (1 - smoothstep(cheek_lightness, 62, 76))))
