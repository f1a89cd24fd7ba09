"""Where skin and hair are: a network's opinion, corrected by a colour model of each face.

Skin in light and shade keeps its ratio of chroma to lightness, so colours are compared at their own lightness; the edges
are led along the picture's by a guided filter (He, Sun and Tang 2010).
"""

from dataclasses import dataclass

import cv2
import numpy as np

from drawn.common import blur, chroma, disc, sampled, smoothstep
from drawn.faces import Face
from drawn.mesh import LIPS, OVAL, polygon, scaled


@dataclass
class _Likeness:
    """How well each pixel fits the skin of one face: seen strictly, inside the face, and outside it."""

    strict: np.ndarray
    inside: np.ndarray
    outside: np.ndarray


def skin_and_hair(lab: np.ndarray, faces: list[Face], person: np.ndarray, parts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both masks of a picture, of the exposed photo `lab` and the parser's `parts`. Measures each face's skin, hair and
    coordinates on the way."""
    shape = lab.shape[:2]
    skin, hair = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for face in faces:
        if face.is_read:
            its_skin, its_hair = _of_face(lab, face, person, parts)
            skin, hair = np.maximum(skin, its_skin), np.maximum(hair, its_hair)
    if faces:
        guide = np.ascontiguousarray(lab / 100., np.float32)
        radius = int(max(2, max(shape) * 0.006))
        skin = np.clip(cv2.ximgproc.guidedFilter(guide, skin.astype(np.float32), radius, 4e-4), 0, 1)
        hair = np.clip(cv2.ximgproc.guidedFilter(guide, hair.astype(np.float32), radius * 2, 4e-4), 0, 1)
        skin = smoothstep(skin, 0.25, 0.65)
        hair = smoothstep(hair, 0.25, 0.65) * (1 - skin)
    return skin.astype(np.float32), hair.astype(np.float32)


def _of_face(lab: np.ndarray, face: Face, person: np.ndarray, parts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    shape = lab.shape[:2]
    smooth = blur(lab, face.width * 0.012)
    face.skin = _skin_colour(smooth, face)
    down, across = np.mgrid[0:shape[0], 0:shape[1]].astype(np.float32)
    across, down = across - face.eyes[0], down - face.eyes[1]
    u = face.u = (across * face.across[0] + down * face.across[1]) / face.width
    v = face.v = (across * face.down[0] + down * face.down[1]) / face.height
    outline = face.landmarks[OVAL, :2]
    oval = polygon(shape, outline, face.width * 0.015)
    likeness = _likeness(smooth, face.skin)
    by_colour, head = _hair_likeness(smooth, face, person, parts[..., 2], likeness.outside)
    beard = _beard(smooth, face, oval)
    face.beard_map = oval * beard

    # Skin against hair by relative likelihood; dark pixels inside the face are hair only where a fringe can be.
    fringe = smoothstep(-v, 0.10, 0.20) * smoothstep(by_colour - likeness.strict, -0.05, 0.35)
    relative = likeness.outside / (likeness.outside + by_colour + 0.05)
    around = likeness.outside * relative * person * (1 - 0.85 * smoothstep(-v, 0.30, 0.55) * (1 - oval))
    reach = 1 - smoothstep(np.hypot(u / 2.2, v / 3.2), 0.8, 1.2)
    skin = np.maximum(oval * likeness.inside * (1 - np.maximum(fringe, beard)), around * reach * (1 - oval))
    long = np.exp(-0.5 * np.maximum(0, np.abs(u) - 0.75) ** 2 / 0.2 ** 2) * smoothstep(v, -.2, 0.0)
    long = long * (1 - smoothstep(v, 1.2, 1.9))
    hair = person * (1 - skin) * (1 - face.beard_map) * np.maximum(head, long * by_colour)
    hair = hair * np.clip(by_colour * 1.3 + 0.35 * head * (v < -.25), 0, 1)

    # The network calls blond hair skin: around the head, skin must have skin's colour too, or be as smooth as a bald head.
    sure = parts.max(2)
    beside = smoothstep(np.abs(u), .50, .60) * (1 - smoothstep(v, .35, .6))
    zone = np.maximum(smoothstep(-v, .02, .15), beside) * (1 - oval) * smoothstep(1.6 - np.hypot(u, v), 0, .3)
    agrees = smoothstep(likeness.outside * (1 - 0.6 * smoothstep(by_colour - likeness.outside, 0, .4)), 0.06, 0.30)
    lightness = lab[..., 0]
    texture = blur(np.abs(blur(lightness, max(.6, face.width * .004)) - blur(lightness, face.width * .022)),
                   face.width * .05)
    lost = parts[..., 0] * zone * (1 - agrees) * sure * smoothstep(texture, .45, 1.1)
    skin = sure * parts[..., 0] + (1 - sure) * skin * 0.75 - lost
    hair = sure * parts[..., 2] + (1 - sure) * hair * 0.8 + lost * head
    skin = skin * np.maximum(smoothstep(person, .2, .6), oval)
    over = _over_the_face(face, oval, likeness.inside, hair)
    return skin, np.maximum(hair, over * (by_colour > .25))


def _skin_colour(smooth: np.ndarray, face: Face) -> np.ndarray:
    """The median of where skin is seen, without strands of hair and highlights."""
    values = sampled(smooth, face.skin_points())
    lightness = values[:, 0]
    if face.covered >= .4:
        # Hair and mask shade the strip that is free.
        return np.median(values[lightness >= np.percentile(lightness, 35)], 0)
    kept = (lightness >= np.percentile(lightness, 20)) & (lightness <= np.percentile(lightness, 85))
    colour = np.median(values[kept], 0)
    colour[0] = np.percentile(lightness, 50)
    return colour


def _likeness(smooth: np.ndarray, skin: np.ndarray) -> _Likeness:
    scale = np.clip(smooth[..., 0] / max(skin[0], 10), 0.35, 1.25)
    light = smooth[..., 0] - skin[0]
    a, b = smooth[..., 1] - skin[1] * scale, smooth[..., 2] - skin[2] * scale
    spread = np.where(light < 0, 28., 36.)

    def fit(width: float, wide_a: float, wide_b: float, free: float) -> np.ndarray:
        distance = (light / (spread * width)) ** 2 + (a / wide_a) ** 2 + (b / wide_b) ** 2
        return np.exp(-0.5 * np.maximum(distance - free, 0))

    return _Likeness(strict=fit(0.95, 11, 12, 1.0), inside=fit(1.45, 13, 14, 1.0), outside=fit(1, 7.5, 8.5, 0.6))


def _hair_likeness(smooth: np.ndarray, face: Face, person: np.ndarray, share: np.ndarray,
                   skin: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How well each pixel fits the colour of the hair, which is taken from a ring above the forehead, and where a head of
    hair can be."""
    shape, u, v = smooth.shape[:2], face.u, face.v
    head = np.exp(-0.5 * np.maximum(0, np.hypot(u / 0.80, (v + 0.10) / 0.86) - 1) ** 2 / 0.16 ** 2)
    outline = face.landmarks[OVAL, :2]
    ring = polygon(shape, scaled(outline, 1.38, face.centre) - face.down * 0.06 * face.height)
    ring = ring * (1 - polygon(shape, scaled(outline, 1.04))) * (v < 0.05) * person
    candidates = (ring > .5) & (skin < 0.35)
    area = face.width * face.height
    face.hair = None
    if candidates.sum() <= 0.02 * area:
        return np.zeros(shape, np.float32), head
    near = (share > .7) & (np.hypot(u, v) < 1.0)
    likely = candidates & (share > .35)
    chosen = candidates
    if near.sum() > min(candidates.sum() * 0.3, .012 * area):
        chosen = near
    elif likely.sum() > .008 * area:
        chosen = likely
    values = smooth[chosen]
    # The lit part is the colour that people name; of dark skin's hair the darker part.
    low, high = (np.percentile(values[:, 0], np.interp(face.skin[0], [30, 52], ends)) for ends in ([12, 45], [62, 92]))
    colour = np.median(values[(values[:, 0] >= low) & (values[:, 0] <= high)], 0)
    # The sky's light on black hair is not the hair's colour.
    black = (1 - smoothstep(np.hypot(colour[1], colour[2]), 12, 20)) * (1 - smoothstep(colour[0], 40, 60))
    colour[1] = max(colour[1], colour[1] * (1 - black))
    colour[2] = max(colour[2], colour[2] * (1 - .85 * black))
    face.hair = colour
    distance = (((smooth[..., 0] - colour[0]) / 20.) ** 2 + ((smooth[..., 1] - colour[1]) / 9.) ** 2
                + ((smooth[..., 2] - colour[2]) / 11.) ** 2)
    return np.exp(-0.5 * np.maximum(distance - 0.8, 0)), head


def _beard(smooth: np.ndarray, face: Face, oval: np.ndarray) -> np.ndarray:
    """Dark grey pixels of the lower face, where chin and both sides have them."""
    u, v = face.u, face.v
    dark = smoothstep(face.skin[0] - smooth[..., 0], 9, 18)
    dark = dark * smoothstep(np.hypot(face.skin[1], face.skin[2]) * 0.92 - chroma(smooth), 1, 6)

    def share(zone: np.ndarray) -> float:
        zone = zone & (oval > .5)
        return float(dark[zone].mean()) if zone.any() else 0.

    side = (v > .30) & (v < .60) & (np.abs(u) < .36)
    left, right = share(side & (u < -.04)), share(side & (u > .04))
    no_lips = polygon(smooth.shape, scaled(face.landmarks[LIPS, :2], 1.12)) < .5
    chin = share((np.abs(u) < .15) & (v > .47) & (v < .60) & no_lips)
    certain = smoothstep(chin, .06, .13) * smoothstep(min(left, right), .06, .14)
    certain = certain * smoothstep(max(left, right), .18, .34) * smoothstep(face.skin[0], 51, 58)
    return smoothstep(v, 0.12, 0.24) * float(certain) * dark


def _over_the_face(face: Face, oval: np.ndarray, skin: np.ndarray, hair: np.ndarray) -> np.ndarray:
    """What is no skin inside the face and connected with hair outside it."""
    inner = polygon(oval.shape, scaled(face.landmarks[OVAL, :2], 0.92))
    other = ((1 - skin) * inner > 0.5).astype(np.uint8)
    opened = cv2.morphologyEx(other, cv2.MORPH_OPEN, disc(max(1, int(face.width * 0.022))))
    outside = (oval < .5) & (hair > .4)
    _, parts = cv2.connectedComponents(opened | outside.astype(np.uint8))
    seeds = np.unique(parts[outside])
    over = np.isin(parts, seeds[seeds > 0]) & (oval > .05)
    return blur(over.astype(np.float32), face.width * 0.012)
