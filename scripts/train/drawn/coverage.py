"""What of a face is seen: hair that lies over it, where its features are, and whether a hand or a mask hides the mouth."""

import cv2
import numpy as np

from drawn.common import blur, disc, smoothstep
from drawn.faces import Face
from drawn.mesh import EYES, LIPS, NOSE, OVAL, hull, polygon, scaled, silhouette


def look(face: Face, lab: np.ndarray, skin: np.ndarray, hair: np.ndarray) -> None:
    """Fills in outline, oval, occlusion, clear zone, mouth and light of a face whose points are placed."""
    shape, points = skin.shape, face.points
    face.outline = silhouette(points[:468])
    face.oval = polygon(shape, face.outline, face.width * 0.008)
    face.occlusion = _occlusion(face, hair)
    clear = np.zeros(shape, np.float32)
    for eye in EYES:
        lids = points[eye["upper"] + eye["lower"]]
        clear = np.maximum(clear, polygon(shape, scaled(hull(lids), 1.45, lids.mean(0)), face.width * .010))
        brow = scaled(points[eye["brow"]], 1.12) - face.down * .010 * face.height
        above = hull(np.concatenate([brow, points[eye["upper"]]]))
        clear = np.maximum(clear, polygon(shape, above, face.width * .008))
    lips, middle = points[LIPS], points[LIPS].mean(0)
    ring = polygon(shape, scaled(lips, 1.75, middle)) * (1 - polygon(shape, scaled(lips, 1.15, middle))) * face.oval
    seen = (ring * np.maximum(skin, face.beard_map)).sum() / (ring.sum() + 1e-3)
    face.mouth_visible = float(smoothstep(seen, .25, .55)) * (1 - float(smoothstep(face.covered, .25, .6)))
    mouth = polygon(shape, scaled(lips, 1.10, middle), face.width * .010)
    nose = polygon(shape, scaled(hull(points[NOSE]), 1.08), face.width * .010)
    face.clear = np.maximum(clear, face.mouth_visible * np.maximum(mouth, nose)) * face.oval
    face.light = _light(face, lab[..., 0])


def _occlusion(face: Face, hair: np.ndarray) -> np.ndarray:
    """Hair that is connected with hair outside the face. Brows and lashes that only touch it are cut off by an opening."""
    opened = cv2.morphologyEx((hair > 0.45).astype(np.uint8), cv2.MORPH_OPEN, disc(max(1, int(face.width * 0.020))))
    _, parts = cv2.connectedComponents(opened)
    outside = np.unique(parts[polygon(hair.shape, scaled(face.points[OVAL], 1.04)) < .5])
    return blur(np.isin(parts, outside[outside > 0]).astype(np.float32), face.width * 0.008)


def _light(face: Face, lightness: np.ndarray) -> float:
    smooth = blur(lightness, face.width * .06)
    height, width = smooth.shape

    def mean(ids: list[int]) -> float:
        # Whole pixels, as for the threshold that depends on the sign.
        return np.mean([smooth[int(np.clip(y, 0, height - 1)), int(np.clip(x, 0, width - 1))]
                        for x, y in face.points[ids]])

    return float(np.clip((mean([280, 425, 330]) - mean([50, 205, 101])) / 14, -1.5, 1.5))
