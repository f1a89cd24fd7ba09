"""Skin: one tone and one shadow per face, as cel animation paints it, and every skin stays the skin it is."""

from dataclasses import dataclass

import cv2
import numpy as np

from drawn.common import blend, blur, masked_blur, one_pixel, smoothstep
from drawn.faces import Face
from drawn.mesh import polygon
from drawn.tones import soft_threshold


@dataclass
class SkinPaint:
    """Colours in CIELAB, as painted and without shadows; how much each pixel is in shadow; each drawn face's two tones."""

    colour: np.ndarray
    unshaded: np.ndarray
    shade: np.ndarray
    tones: list[tuple[Face, np.ndarray, np.ndarray]]


def skin_tones(skin: np.ndarray, cheek_lightness: float, dark: float) -> tuple[np.ndarray, np.ndarray]:
    """Light and shadow for skin of the colour `skin`: the hue stays within that of skin, nothing is bleached, and dark skin
    stays as dark as the cheeks in the photo."""
    lightness, strength = skin[0], np.hypot(skin[1], skin[2])
    angle = np.degrees(np.arctan2(skin[2], skin[1]))
    angle = 0.6 * (np.clip(angle, 44, 66) if strength > 5 else 56) + 0.4 * 57
    # Brown skin, of middle lightness and strong colour, stays brown.
    brown = float(smoothstep(strength, 26, 32) * (1 - smoothstep(lightness, 62, 72)))
    lift = float(np.interp(lightness, [10, 28, 40, 50, 60, 70, 80, 90, 95], [4, 4, 6, 13, 13.5, 11, 8, 2, 0]))
    light = min(lightness + (1 - 0.72 * brown) * lift, 92.)
    most = float(np.interp(cheek_lightness, [20, 30, 41, 50, 58, 70, 80, 92], [6, 8, 9, 16, 20, 20, 12, 2]))
    light = max(min(light, cheek_lightness + 4 * dark + (1 - dark) * most), cheek_lightness - 3)
    # Light skin in the shade has less colour once it is lifted.
    least = np.interp(light, [20, 40, 60, 75, 85, 92], [12, 18, 21, 21, 18, 14])
    strength = np.clip(strength * 1.08, least, 25 + 9 * brown)
    pale = float(smoothstep(light, 42, 66))
    # The shadow of brown skin stays brown and does not turn red.
    shadow_angle, shadow_strength = np.radians(angle - 5 - 6 * pale), strength * (1.02 + .13 * pale) + 1 + 2 * pale
    angle = np.radians(angle)
    return (np.array([light, strength * np.cos(angle), strength * np.sin(angle)]),
            np.array([light * (0.79 + .03 * pale) - 1.0, shadow_strength * np.cos(shadow_angle),
                      shadow_strength * np.sin(shadow_angle)]))


def painted_skin(lab: np.ndarray, skin: np.ndarray, hair: np.ndarray, faces: list[Face]) -> SkinPaint:
    """The skin of the whole picture; where faces are near each other their tones meet softly."""
    shape = skin.shape
    lights, shadows = np.zeros((*shape, 3), np.float32), np.zeros((*shape, 3), np.float32)
    shade, total = np.zeros(shape, np.float32), np.full(shape, 1e-6, np.float32)
    tones = []
    for face in faces:
        if face.points is None:
            continue
        light, shadow = skin_tones(face.skin, float(face.cheeks[0]), face.dark)
        tones.append((face, one_pixel(light), one_pixel(shadow)))
        near = np.exp(-np.hypot(face.u / 1.2, face.v / 1.8) ** 2) + 1e-5
        lights += near[..., None] * light
        shadows += near[..., None] * shadow
        shade += near * _shadow(lab[..., 0], skin, hair, face)
        total += near
    lights, shadows, shade = lights / total[..., None], shadows / total[..., None], shade / total
    return SkinPaint(blend(lights, shadows, shade).astype(np.float32), lights.astype(np.float32),
                     shade.astype(np.float32), tones)


def _shadow(lightness: np.ndarray, skin: np.ndarray, hair: np.ndarray, face: Face) -> np.ndarray:
    """Where one face is in shadow: a threshold of smooth lightness, and what is drawn under jaw and fringe."""
    shape, width, u, v = skin.shape, face.width, face.u, face.v
    valid = skin * (1 - face.clear * 0.97) * (1 - face.occlusion)
    smooth = masked_blur(lightness, valid + 1e-3, width * 0.020)
    chosen = valid * face.oval > .5
    if chosen.sum() < 30:
        chosen = face.oval > .5
    values = smooth[chosen]
    reference = np.percentile(values, 60)
    threshold = min(reference - (7 + 0.06 * reference), np.percentile(values, 34))
    threshold = max(threshold, reference - 16)
    smooth = masked_blur(smooth, valid + 1e-3, width * 0.045)
    # The middle of the face stays clean.
    smooth = smooth + face.weight * 10.0 * np.exp(-(u / .33) ** 2 - ((v - .22) / .36) ** 2)
    shadow = 1 - soft_threshold(smooth, threshold, 1.2, 0.9)
    shadow = soft_threshold(masked_blur(shadow, skin + 1e-3, width * 0.022), 0.52, 1.3, 0.05)
    shadow = _without_crumbs(shadow, face)
    jaw = polygon(shape, face.outline + face.down * 0.13 * face.height, width * .004)
    jaw = jaw * (1 - face.oval) * smoothstep(v, .30, .36)
    # The fringe's shadow falls down, and away from the light.
    fall = face.down * 0.035 * face.height
    aside = face.across[0] * 0.012 * width * np.sign(face.light + 1e-3)
    into = np.float32([[1, 0, fall[0] - aside], [0, 1, fall[1]]])
    fringe = smoothstep(cv2.warpAffine(blur(hair, width * .010), into, shape[::-1]), .40, .60)
    fringe = fringe * face.oval * smoothstep(-v, -.05, .12)
    return np.maximum(shadow, np.maximum(jaw * .95, fringe * 0.95) * face.weight)


def _without_crumbs(shadow: np.ndarray, face: Face) -> np.ndarray:
    """Without small spots of shadow inside the face."""
    _, parts, statistics, _ = cv2.connectedComponentsWithStats(((shadow > .4) & (face.oval > .5)).astype(np.uint8))
    small = statistics[:, cv2.CC_STAT_AREA] < .014 * face.width * face.width
    small[0] = False
    if not small.any():
        return shadow
    return shadow * (1 - blur(cv2.dilate(small[parts].astype(np.float32), np.ones((5, 5), np.uint8)), .8))
