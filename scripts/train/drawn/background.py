"""Everything that is neither skin nor hair: smoothed, flattened and painted in steps of tone.

Flattening is Xu, Lu, Xu and Jia, "Image Smoothing via L0 Gradient Minimization" (2011), in OpenCV's ximgproc.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from drawn.common import blend, disc, smoothstep, to_lab
from drawn.flow import flow
from drawn.integral import along_flow
from drawn.kuwahara import kuwahara
from drawn.tones import soft_steps


@dataclass
class Painting:
    """Both in CIELAB: what is painted so far, and what lines are found in, which has no shadows' edges."""

    cel: np.ndarray
    lines: np.ndarray
    # The smoothed picture's lightness.
    smooth: np.ndarray


def painted(rgb: np.ndarray, person: np.ndarray, face_width: float, has_faces: bool, unit: float) -> Painting:
    """`face_width` is that of the largest face in pixels, 0 without one; `unit` the longest side in units of 512 pixels."""
    near = np.clip(0.020 * face_width, 2.5 * unit, 5 * unit) if face_width else 4 * unit
    radius = 4.6 * unit * (1 - person) + near * person
    base = kuwahara(rgb, radius, sigma=2.0 * unit, sharpness=10, hardness=10)
    base = kuwahara(base, radius * 0.8, sigma=2.5 * unit, sharpness=10, hardness=10)
    # Keeps wires and window bars.
    fine = to_lab(kuwahara(rgb, 2.0 * unit, sigma=1.5 * unit, sharpness=8, hardness=6))
    smooth = to_lab(base)
    flat = cv2.ximgproc.l0Smooth(base, None, 0.005, 1.8)
    areas = to_lab(flat) * 0.75 + smooth * 0.25
    if has_faces:
        areas = blend(areas, to_lab(cv2.ximgproc.l0Smooth(flat, None, 0.010, 1.8)), person)
    lightness = areas[..., 0]
    scene = soft_steps(lightness, 11.0) * 0.65 + lightness * 0.35
    clothes = soft_steps(lightness, 15.0) * 0.85 + lightness * 0.15
    cel = areas.copy()
    cel[..., 0] = scene * (1 - person) + clothes * person
    cel[..., 0] = np.clip(cel[..., 0] - 22 * _thin(fine, unit) * (1 - person), 0, 100)
    return Painting(cel=cel, lines=blend(fine, areas, person * 0.8), smooth=smooth[..., 0])


def _thin(fine: np.ndarray, unit: float) -> np.ndarray:
    """Dark wires and bars that smoothing takes away: black hats (Meyer's top-hat transform, of valleys) less white ones,
    smoothed along their direction."""
    window = disc(int(round(2.2 * unit)))
    dark = cv2.morphologyEx(fine[..., 0], cv2.MORPH_BLACKHAT, window)
    bright = cv2.morphologyEx(fine[..., 0], cv2.MORPH_TOPHAT, window)
    flow_x, flow_y, anisotropy = flow(np.ascontiguousarray(fine / 100, np.float32), 2.0 * unit)
    thin = (smoothstep(dark, 6, 18) - 0.8 * smoothstep(bright, 8, 22)).astype(np.float32)
    return along_flow(thin * smoothstep(anisotropy, .45, .8), flow_x, flow_y, 4.0 * unit)
