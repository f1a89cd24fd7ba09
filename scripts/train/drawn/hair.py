"""Hair: clumps along its flow, four soft tones around its colour, a ring of shine around the head, strands of ink.

Clumps come of line integral convolution and of the anisotropic Kuwahara filter; what is light and dark is measured against
the hair nearby, so that black and blond hair get as many tones.
"""

from dataclasses import dataclass

import numpy as np

from drawn.common import blend, blur, masked_blur, smoothstep, to_lab, to_rgb
from drawn.faces import Face
from drawn.flow import flow
from drawn.integral import along_flow
from drawn.kuwahara import kuwahara
from drawn.lines import line_response
from drawn.tones import soft_threshold

# The field of tones: below the first dark, above the second light, above the third shine.
TONE_EDGES = 0.22, 0.52, 0.74
# What the field is where there is no hair: neither dark nor light.
NO_TONE = 1 / 3


@dataclass
class HairPaint:
    """Colours in CIELAB: as painted, and without tones; the field of tones and the ink of strands, 0 to 1."""

    colour: np.ndarray
    plain: np.ndarray
    tone: np.ndarray
    strands: np.ndarray


@dataclass
class _Colour:
    """What the faces say about the hair at each pixel."""

    reference: np.ndarray
    # How surely the skin under it is dark; how grey it is.
    dark: np.ndarray
    grey: np.ndarray


def _nearness(face: Face) -> np.ndarray:
    return (np.exp(-np.hypot(face.u / 1.0, face.v / 1.3) ** 2) + 1e-4).astype(np.float32)


def _colour(shape: tuple[int, int], faces: list[Face]) -> _Colour:
    reference, dark = np.zeros((*shape, 3), np.float32), np.zeros(shape, np.float32)
    total = np.full(shape, 1e-6, np.float32)
    for face in faces:
        near = _nearness(face)
        colour = face.hair if face.hair is not None else [30, 6, 10]
        reference += near[..., None] * np.asarray(colour, np.float32)
        dark += near * face.dark
        total += near
    reference = (reference / total[..., None]).astype(np.float32)
    lightness, strength = reference[..., 0], np.hypot(reference[..., 1], reference[..., 2]) + 1e-3
    angle = np.degrees(np.arctan2(reference[..., 2], reference[..., 1]))
    # Pale blond is yellower than grey.
    pale = (1 - smoothstep(strength, 11, 17)) * smoothstep(lightness, 46, 56) * (1 - smoothstep(angle, 56, 68))
    grey = np.maximum((1 - smoothstep(strength, 6, 10)) * smoothstep(lightness, 30, 44), pale)
    warm = smoothstep(angle, 25, 45) * (1 - smoothstep(angle, 95, 115)) * smoothstep(strength, 4, 9) * (1 - grey)
    # Blond and brown: richer than in the photo.
    richer = 1 + warm * np.clip((9 + 0.9 * strength) / strength - 1, 0, 0.8) * smoothstep(lightness, 18, 36)
    reference[..., 1] *= richer
    reference[..., 2] *= richer
    reference[..., 0] += 4 * warm * smoothstep(lightness, 28, 42)
    return _Colour(reference, dark / total, grey)


def painted_hair(lab: np.ndarray, hair: np.ndarray, faces: list[Face], unit: float) -> HairPaint:
    """The hair of the whole picture, of the warped photo in CIELAB. `unit` is the longest side in units of 512 pixels."""
    faces = [face for face in faces if face.points is not None]
    width = max([face.width for face in faces] or [100 * unit])
    colour = _colour(hair.shape, faces)
    clumped = _clumped(lab, hair, colour, width, unit)
    lightness, around = clumped[..., 0], hair + 1e-4

    local = masked_blur(clumped, around, width * 0.40)
    own = np.float32([.35, .55, .55])
    local = (local * (1 - own) + colour.reference * own).astype(np.float32)
    short = (.7 * colour.dark)[..., None]
    local = (local * (1 - short) + colour.reference * short).astype(np.float32)

    # Strands and modelling, each in units of how much there is of it.
    wide = masked_blur(lightness, around, width * 0.09)
    strand, model = lightness - wide, wide - local[..., 0]
    strand_range = np.sqrt(masked_blur(strand ** 2, around, width * .4)) + 0.8
    model_range = np.sqrt(masked_blur(model ** 2, around, width * .5)) + 1.5
    tone = (0.75 * strand / strand_range + 0.75 * model / model_range).astype(np.float32)
    lit = (tone + 1.15 * _ring(hair.shape, faces)).astype(np.float32)

    # No shine on the hairline, which may be forehead, and hardly any on short dark hair.
    deep = smoothstep(blur(hair, width * .030), .62, .95)
    dark = 1 - soft_threshold(tone, -0.50, 1.1, 0.05)
    light = soft_threshold(lit, 0.85, 1.1, .05) * (1 - .5 * colour.dark) * deep
    shine = soft_threshold(lit, 1.85, 1.1, .05) * (1 - .9 * colour.dark) * deep

    painted, plain = _toned(local, colour, (dark, light, shine), 2.5 + 0.85 * model_range + 0.6 * strand_range)
    strands = _strands(lightness, width, unit)
    painted[..., 0] = painted[..., 0] * (1 - 0.50 * strands)
    field = np.where(lit > 0, lit * (1 - .5 * colour.dark) * (.4 + .6 * deep), tone)
    return HairPaint(painted.astype(np.float32), plain.astype(np.float32),
                     np.clip((field + 1.5) / 4.5, 0, 1).astype(np.float32), strands.astype(np.float32))


def _clumped(lab: np.ndarray, hair: np.ndarray, colour: _Colour, width: float, unit: float) -> np.ndarray:
    """The hair smoothed along its flow, in CIELAB; outside the mask is the mean colour, so that neither skin nor background
    is drawn into strands."""
    mask = smoothstep(blur(hair, 1.5 * unit), .55, .95)
    mean = masked_blur(lab, mask + 1e-5, width * 0.22) * 0.5 + colour.reference * 0.5
    rgb = to_rgb(blend(mean, lab, mask))
    flow_x, flow_y, _ = flow(blur(rgb, 0.8 * unit), width * 0.018)
    sigma = (np.clip(width * 0.050, 2.5, 15) * np.clip(hair * 1.3, 0, 1)).astype(np.float32)
    result = along_flow(rgb, flow_x, flow_y, sigma)
    result = kuwahara(result, np.clip(width * 0.012, 1.6, 4.5), sigma=width * 0.010, sharpness=10)
    return to_lab(along_flow(result, flow_x, flow_y, sigma))


def _ring(shape: tuple[int, int], faces: list[Face]) -> np.ndarray:
    """Where light shines on hair: a band around the upper head."""
    ring = np.zeros(shape, np.float32)
    for face in faces:
        radius = np.hypot(face.u / 0.74, (face.v + 0.16) / 0.80)
        band = np.exp(-((radius - 0.86) / 0.085) ** 2) * smoothstep(-face.v, .28, .48) * face.weight
        ring = np.maximum(ring, band)
    return ring


def _toned(local: np.ndarray, colour: _Colour, tones: tuple[np.ndarray, np.ndarray, np.ndarray],
           step: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Hair of the colour `local` with its tones, and without."""
    dark, light, shine = tones
    base_lightness, strength = local[..., 0], np.hypot(local[..., 1], local[..., 2])
    # Black hair is a little blue.
    black = (1 - smoothstep(strength, 4, 12)) * (1 - smoothstep(base_lightness, 22, 45)) * (1 - 0.9 * colour.dark)
    lightness = base_lightness + 0.22 * np.clip(30 - base_lightness, 0, 30) + 3.0 * smoothstep(base_lightness, 20, 45)
    pale = local[..., 1:] * (1 - .45 * colour.grey)[..., None]
    strength = np.hypot(pale[..., 0], pale[..., 1])
    gain = 1.30 - 0.15 * smoothstep(strength, 25, 40) - 0.45 * colour.grey
    plain = np.dstack([lightness, pale[..., 0] * gain + black * 0.6, pale[..., 1] * gain - black * 4])
    step = np.clip(step, 5.5, 13) + 3.0 * (1 - smoothstep(base_lightness, 15, 35))
    saturation = 1 + .12 * dark + .10 * light - .25 * shine
    painted = np.dstack([
        lightness - dark * step * 1.05 + light * step * 1.15 + shine * step * 1.4, plain[..., 1] * saturation,
        plain[..., 2] * saturation - black * (light * 3 + shine * 3)])
    return painted, plain


def _strands(lightness: np.ndarray, width: float, unit: float) -> np.ndarray:
    response, anisotropy = line_response(lightness / 100, max(0.9 * unit, width * 0.0045), width * 0.030, width * 0.012)
    return smoothstep(-response, 0.0022, 0.010) * smoothstep(anisotropy, .2, .6)
