"""The steps in their order, from a photo to what a student learns from it."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from drawn.background import painted
from drawn.beards import with_beard
from drawn.caricature import Warp
from drawn.common import blend, blur, smoothstep, to_lab, to_rgb
from drawn.coverage import look
from drawn.exposure import exposed
from drawn.faces import Face, found_faces
from drawn.filling import fill, fill_neck, without_crumbs
from drawn.hair import NO_TONE, painted_hair
from drawn.ink import ink_strength
from drawn.masks import skin_and_hair
from drawn.measures import measure
from drawn.networks import Networks
from drawn.persons import parsed, person_matte
from drawn.skin import painted_skin
from drawn.sky import sky_share

# Hair includes what of it lies over the face. Shade is shadow on skin; the tone of hair is dark below 0.22, light above
# 0.52 and shine above 0.74; strands are ink in hair.
FIELDS = ["person", "skin", "hair", "ink", "sky", "shade", "hair_tone", "strands"]


@dataclass
class Drawn:
    """What comes of one photo, of its size."""

    # The warped photo, uint8: what the student sees.
    raw: np.ndarray
    # The painting without ink and features, uint8.
    under: np.ndarray
    # Height x width x FIELDS, uint8.
    fields: np.ndarray
    # Of each drawn face 478 points in `raw`, x and y.
    points: np.ndarray


class Renderer:
    """Draws photos. `networks` is the folder of what finds things (see drawn/networks.py)."""

    def __init__(self, networks: Path, detector: Path | None = None) -> None:
        cv2.setNumThreads(1)
        self._networks = Networks(networks, detector)

    def __call__(self, photo: np.ndarray) -> Drawn:
        """Of uint8 RGB of any size; radii grow with the longest side, and 512 pixels is what they are made for."""
        unit = max(photo.shape[:2]) / 512
        faces = found_faces(photo, self._networks)
        person = person_matte(photo, faces, self._networks)
        original = photo.astype(np.float32) / 255
        bright = exposed(original, person, unit)
        lab = to_lab(bright)
        if faces:
            parts = parsed((bright * 255 + .5).astype(np.uint8), faces, self._networks)
        else:
            parts = np.zeros((*photo.shape[:2], 3), np.float32)
        skin, hair = skin_and_hair(lab, faces, person, parts)
        unlit = to_lab(original)
        for face in faces:
            if face.is_read:
                measure(face, unlit)
        warp = Warp(photo.shape[:2], faces)
        bright, person, skin, hair = warp(bright).clip(0, 1), warp(person), warp(skin), warp(hair)
        for face in faces:
            if face.is_read:
                face.u, face.v, face.beard_map = warp(face.u), warp(face.v), warp(face.beard_map)
                face.clothes_share, face.hair_share = warp(parts[..., 1]), warp(parts[..., 2])
        lab = to_lab(bright)
        skin, hair = _whole_shapes(lab, faces, person, skin, hair, unit)
        under, lines, fields = _painted(bright, lab, faces, person, skin, hair, unit)
        fields["ink"] = ink_strength(lines, person, skin, hair, faces, unit)
        fields["sky"] = sky_share(lab, person)
        points = [face.points for face in faces if face.points is not None]
        return Drawn(raw=warp(photo), under=_bytes(under), fields=_bytes(np.dstack([fields[name] for name in FIELDS])),
                     points=np.stack(points) if points else np.zeros((0, 478, 2), np.float32))


def _bytes(numbers: np.ndarray) -> np.ndarray:
    return (np.clip(numbers, 0, 1) * 255 + .5).astype(np.uint8)


def _whole_shapes(lab: np.ndarray, faces: list[Face], person: np.ndarray, skin: np.ndarray, hair: np.ndarray,
                  unit: float) -> tuple[np.ndarray, np.ndarray]:
    """Skin and hair in clean shapes that do not overlap."""
    drawn = [face for face in faces if face.points is not None]
    seen = skin
    for face in drawn:
        look(face, lab, seen, hair)
        skin, hair = fill(face, lab, person, skin, hair)
    for face in drawn:
        skin, hair = fill_neck(face, seen, skin, hair)
    contour = max(0.8 * unit, 0.016 * max([face.width for face in drawn] or [0]))
    hair = smoothstep(blur(hair, contour), .40, .60)
    beard = np.zeros_like(skin)
    if drawn:
        hair = without_crumbs(hair, faces)
    for face in drawn:
        beard = np.maximum(beard, blur(face.beard_map, face.width * .022) * face.weight)
    skin = _without_features(lab[..., 0], faces, skin, unit)
    hair = hair * (1 - skin) * (1 - smoothstep(beard, .36, .56))
    return np.minimum(smoothstep(blur(skin, 0.8 * contour), .36, .60), 1 - hair), hair


def _without_features(lightness: np.ndarray, faces: list[Face], skin: np.ndarray, unit: float) -> np.ndarray:
    """Skin without the dark details of faces whose features are not drawn, profiles and the tiny: these keep the photo's."""
    down, across = np.mgrid[0:skin.shape[0], 0:skin.shape[1]].astype(np.float32)
    fine = blur(lightness, 0.7 * unit)
    for face in faces:
        weight = face.weight if face.points is not None else 0.0
        if weight > .98:
            continue
        x, y, width, height = face.box
        radius = np.hypot(across - x - width / 2, down - y - height / 2) / face.size
        details = smoothstep(blur(lightness, face.size * .10) - fine, 3, 10)
        skin = skin * (1 - details * (1 - smoothstep(radius, .55, .75)) * (1 - weight))
    return skin


def _painted(bright: np.ndarray, lab: np.ndarray, faces: list[Face], person: np.ndarray, skin: np.ndarray,
             hair: np.ndarray, unit: float) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """The painting in RGB, what lines are found in, and the fields that come of painting."""
    shape = skin.shape
    widths = [face.width for face in faces if face.is_read]
    scene = painted(bright, person, max(widths or [0]), bool(faces), unit)
    cel, lines = scene.cel, scene.lines
    fields = dict(person=person, skin=skin, hair=hair, shade=np.zeros(shape, np.float32),
                  hair_tone=np.full(shape, NO_TONE, np.float32), strands=np.zeros(shape, np.float32))
    if faces and hair.max() > .1:
        paint = painted_hair(lab, hair, faces, unit)
        cel, lines = blend(cel, paint.colour, hair), blend(lines, paint.plain, hair)
        fields |= dict(hair_tone=paint.tone, strands=paint.strands)
    if faces and skin.max() > .05:
        paint = painted_skin(lab, skin, hair, faces)
        cel = blend(cel, paint.colour, skin)
        fields["shade"] = paint.shade * skin
        # Outside faces, on hands and arms, lines are found in the photo's own shading.
        face_mask = np.max([face.oval * face.weight for face, _, _ in paint.tones] or [np.zeros(shape, np.float32)], 0)
        shading = (scene.smooth - blur(scene.smooth, 12 * unit)) * skin * (1 - face_mask) * 0.9
        plain = paint.unshaded.copy()
        plain[..., 0] += shading
        lines = blend(lines, plain, skin)
        for face, light, shadow in paint.tones:
            cel = with_beard(cel, face, light, shadow, hair)
    return to_rgb(cel), lines, fields
