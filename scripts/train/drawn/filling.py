"""Whole shapes: inside a face everything is skin unless hair reaches in from outside or something covers it.

This closes wrinkles, highlights and dark corners, which would be holes in flat skin, and drops islands of hair; scalps of
little contrast become all hair or all skin, never patches.
"""

import cv2
import numpy as np

from drawn.common import blur, chroma, chroma_ratio, disc, hue, smoothstep
from drawn.faces import Face
from drawn.measures import beard_weights, full_beard


def fill(face: Face, lab: np.ndarray, person: np.ndarray, skin: np.ndarray, hair: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Skin and hair of the picture with the shapes of `face` made whole."""
    u, v, width, dark, weight = face.u, face.v, face.width, face.dark, face.weight
    before = skin
    inside = smoothstep(blur(face.oval, width * .015), .55, .95)
    lightness = blur(lab[..., 0], width * .02)
    middle = smoothstep(.46 - np.abs(u), 0, .06)

    # What hair hides. On dark skin the network takes the shaded side for hair; a beard is not hair.
    hidden = smoothstep(face.occlusion, .05, .5)
    hidden = hidden * (1 - dark * smoothstep(.42 - np.abs(u), 0, .06) * smoothstep(v, -.16, -.08))
    _, chin, sides = beard_weights(face.beard, dark)
    hidden = hidden * (1 - max(sides, chin) * smoothstep(v, .14, .22) * middle)
    filled = np.maximum(skin * (1 - hidden), face.clear * (1 - hidden) * weight)
    under_mask = inside * smoothstep(v, .07, .10) * (1 - smoothstep(blur(skin, width * .03), .6, .95))
    filled = filled * (1 - smoothstep(face.covered, .25, .6) * under_mask)
    hidden = hidden * (1 - full_beard(face) * smoothstep(v, .16, .24) * middle)

    if face.hair is not None:
        # Beside dark hair what is bright is a lit forehead.
        contrast = float(smoothstep(face.skin[0] - face.hair[0], 12, 24))
        bright = smoothstep(lightness, .5 * face.hair[0] + .5 * face.skin[0], .2 * face.hair[0] + .8 * face.skin[0])
        hidden = hidden * (1 - contrast * bright * inside * smoothstep(-v, .10, .16))
        forehead = smoothstep(.36 - np.abs(u), 0, .06) * smoothstep(v + .52, 0, .08) * (1 - inside)
        least = .55 + .22 * (1 - dark)
        forehead = forehead * contrast * smoothstep(lightness, least * face.skin[0], (least + .2) * face.skin[0])
        forehead = forehead * smoothstep(person, .3, .7) * (1 - smoothstep(face.hair_share, .5, .9) * (1 - dark))
        forehead = forehead * (1 - smoothstep(face.clothes_share, .3, .6))
        forehead = forehead * float(smoothstep(face.skin[0] * .8 - face.hair[0], 0, 12))
        filled = np.maximum(filled, forehead * hair * weight)
        hair = hair * (1 - forehead * weight)

    gap = smoothstep(.38 - np.abs(u), 0, .06) * smoothstep(v + .50, 0, .08) * smoothstep(-v, .1, .2)
    gap = gap * smoothstep(person, .3, .7) * (1 - smoothstep(hair, .2, .5))
    gap = gap * (1 - smoothstep(face.clothes_share, .25, .5)) * (1 - hidden)
    filled = np.maximum(filled, gap * dark * weight)

    # Islands of hair, holes, and what has no other colour than the skin.
    free = inside * (1 - hidden) * weight
    upper = np.maximum(face.mouth_visible, smoothstep(.06 - v, 0, .04))
    lower = np.maximum(face.mouth_visible, smoothstep(.10 - v, 0, .04))
    filled = np.maximum(filled, hair * free * upper)
    around = np.maximum(filled, 0.999 * (1 - inside) * (1 - hidden))
    closed = cv2.morphologyEx(np.ascontiguousarray(around), cv2.MORPH_CLOSE, disc(max(1, int(width * .055))))
    filled = np.maximum(filled, closed * free * lower)
    smooth = blur(lab, width * .02)
    off = np.hypot(smooth[..., 1] - face.skin[1], smooth[..., 2] - face.skin[2])
    light = float(face.cheeks[0])
    alike = np.maximum(dark, 0.9 * (1 - smoothstep(off, 9, 16)) * smoothstep(smooth[..., 0], light * .25, light * .5))
    filled = np.maximum(filled, free * (1 - smoothstep(off, 20, 30)) * lower * alike)
    hair = hair * (1 - free * upper)
    filled, hair = _scalp(face, lab, person, before, filled, hair, inside)
    return filled.astype(np.float32), hair.astype(np.float32)


def _scalp(face: Face, lab: np.ndarray, person: np.ndarray, before: np.ndarray, skin: np.ndarray, hair: np.ndarray,
           inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The top of the head: bald, or one cap of hair, or as it is."""
    u, v, tone = face.u, face.v, face.skin
    top = smoothstep(-v, .28, .36) * smoothstep(1.04 - np.hypot(u / .60, (v + .12) / .74), 0, .06)
    top = top * (1 - inside) * smoothstep(person, .3, .7)
    if top.sum() <= 20:
        return skin, hair
    core = top > .5 if (top > .5).sum() > 12 else top > .1
    colour = np.median(lab[core], 0)

    def like_skin(other: np.ndarray) -> float:
        turned = abs((hue(other) - hue(tone) + 180) % 360 - 180)
        return float((1 - smoothstep(abs(chroma_ratio(other) - chroma_ratio(tone)), .10, .20))
                     * (1 - smoothstep(turned, 16, 32)))

    haired = float((face.hair_share * top).sum() / top.sum())
    no_hat = float(1 - smoothstep((face.clothes_share * top).sum() / top.sum(), .25, .5))
    bare = like_skin(colour) * float(smoothstep(colour[0] / tone[0], .48, .70)) * no_hat
    black = float(1 - smoothstep(colour[0] / tone[0], .34, .52))
    contrast = 99. if face.hair is None else float(np.linalg.norm((face.hair - tone) * [1, 1.2, 1.2]))
    low = max(face.dark, 1 - float(smoothstep(contrast, 16, 30)))
    bald = max(float(1 - smoothstep(haired, .18, .34)), float(1 - smoothstep(haired, .30, .44)) * low) * bare * face.weight
    cap = max(float(smoothstep(haired, .42, .60)) * low, face.dark * black * no_hat) * face.weight * (1 - bald)
    kept = smoothstep(face.hair_share, .35, .6)
    kept = kept * (1 - smoothstep(blur(lab[..., 0], face.width * .02) / tone[0], .55, .75))
    bald_top = top * (1 - kept)
    cap_top = cap * top * (1 - smoothstep(blur(before, face.width * .05), .35, .65))
    skin = np.maximum(skin * (1 - cap_top), bald * bald_top)
    hair = np.maximum(hair * (1 - bald * bald_top), cap_top)
    if face.hair is not None and bald > 0:
        # What is left at the temples of a bald head and has the colour of shaded skin.
        pale = float(smoothstep(face.hair[0] / tone[0], 1.1, 1.4) * smoothstep(chroma(face.hair), 10, 16))
        temples = bald * max(like_skin(face.hair), pale) * smoothstep(1.15 - np.hypot(u, v), 0, .1)
        skin = np.maximum(skin, temples * hair)
        hair = hair * (1 - temples)
    return skin, hair


def fill_neck(face: Face, seen: np.ndarray, skin: np.ndarray, hair: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the network takes for hair under the chin and is near skin that is `seen`."""
    neck = smoothstep(face.v, .50, .58) * (1 - smoothstep(np.abs(face.u), .22, .34))
    neck = neck * (1 - smoothstep(face.v, .95, 1.15)) * face.weight
    neck = neck * smoothstep(blur(seen, face.width * 0.08), .15, .45)
    return np.maximum(skin, hair * neck), hair * (1 - neck)


def without_crumbs(hair: np.ndarray, faces: list[Face]) -> np.ndarray:
    """Hair without the pieces that are too small for a head, where no face in the picture is small itself."""
    drawn = [face for face in faces if face.points is not None]
    largest = max(face.width for face in drawn)
    _, parts, statistics, _ = cv2.connectedComponentsWithStats((hair > .3).astype(np.uint8))
    small = statistics[:, cv2.CC_STAT_AREA] < .035 * largest * largest
    small[0] = False
    if not small.any() or any(face.width <= .5 * largest for face in drawn):
        return hair
    return hair * (1 - np.minimum(1, cv2.dilate(small[parts].astype(np.float32), np.ones((3, 3), np.uint8))))
