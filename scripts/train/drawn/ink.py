"""Ink: where lines go and how strong they are."""

import numpy as np

from drawn.common import blur, chroma, smoothstep
from drawn.faces import Face
from drawn.lines import line_response


def ink_strength(lines: np.ndarray, person: np.ndarray, skin: np.ndarray, hair: np.ndarray, faces: list[Face],
                 unit: float) -> np.ndarray:
    """0 to 1, of a picture in CIELAB without shadows' edges: strong on persons, weak on scenes, and hardly any inside a
    face and along its outline, where the pen draws."""
    # Edges of colour count a little.
    tone = lines[..., 0] / 100 + 0.25 * (chroma(lines) / 100)
    response, anisotropy = line_response(blur(tone, 0.5 * unit), 0.9 * unit, 3.5 * unit, 2.0 * unit)
    ink = smoothstep(-response, 0.0065, 0.022) * smoothstep(anisotropy, 0.15, 0.5)
    face_mask = np.zeros(ink.shape, np.float32)
    for face in faces:
        if face.points is not None:
            face_mask = np.maximum(face_mask, face.oval * face.weight)
    ink = ink * (person + (1 - person) * 0.55) * (1 - 0.35 * skin * (1 - face_mask)) * (1 - 0.9 * face_mask * skin)
    for face in faces:
        if face.points is None:
            continue
        edge = face.mouth_visible * blur(face.oval, face.width * .025)
        edge = smoothstep(1 - np.abs(2 * edge - 1), .10, .5) * face.mouth_visible * smoothstep(face.v, .0, .15)
        ink = ink * (1 - edge * face.weight * (1 - hair))
    # The border of the picture is no line.
    margin = int(2 * unit) + 1
    ink[:margin] = ink[-margin:] = ink[:, :margin] = ink[:, -margin:] = 0
    return ink
