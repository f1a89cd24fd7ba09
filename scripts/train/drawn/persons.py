"""Where persons are, and what of them is skin, clothes and hair to a network."""

import cv2
import numpy as np

from drawn.common import smoothstep
from drawn.faces import Face
from drawn.mesh import OVAL, polygon
from drawn.networks import Networks


def person_matte(rgb: np.ndarray, faces: list[Face], networks: Networks) -> np.ndarray:
    """0 to 1; nothing without a face. Segmentation of the whole picture and of a crop per body, its edge led along the
    picture's edges by a guided filter (He, Sun and Tang, "Guided Image Filtering", 2010)."""
    height, width = rgb.shape[:2]
    if not faces:
        return np.zeros((height, width), np.float32)
    largest = max(face.size for face in faces) / max(height, width)
    matte = networks.persons(rgb) * smoothstep(largest, 0.05, 0.12)
    for face in faces:
        matte = np.maximum(matte, _body(rgb, face, networks))
    for face in faces:
        if face.is_read:
            matte = np.maximum(matte, polygon((height, width), face.landmarks[OVAL, :2], face.width * 0.01))
    guide = rgb.astype(np.float32) / 255
    radius = int(max(3, max(height, width) * 0.012))
    matte = cv2.ximgproc.guidedFilter(guide, matte.astype(np.float32), radius, 1e-3)
    return smoothstep(matte, 0.25, 0.75).astype(np.float32)


def _body(rgb: np.ndarray, face: Face, networks: Networks) -> np.ndarray:
    x, y, width, _ = face.box
    centre, size = x + width / 2, face.size
    left, right = centre - 1.9 * size, centre + 1.9 * size
    top, bottom = y - 1.2 * size, y + 3.0 * size
    into = np.float32([[256 / (right - left), 0, -left * 256 / (right - left)],
                       [0, 256 / (bottom - top), -top * 256 / (bottom - top)]])
    crop = cv2.warpAffine(rgb, into, (256, 256), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    down, across = np.mgrid[0:256, 0:256] / 255.
    inside = smoothstep(across, 0, .12) * smoothstep(1 - across, 0, .12)
    inside = inside * smoothstep(down, -.2, .1) * smoothstep(1 - down, 0, .15)
    return cv2.warpAffine(networks.persons(crop) * inside, into, rgb.shape[1::-1],
                          flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)


def parsed(rgb: np.ndarray, faces: list[Face], networks: Networks) -> np.ndarray:
    """Skin, clothes and hair: of the whole picture, and over it of a square per face."""
    height, width = rgb.shape[:2]
    scale = 512 / max(height, width)
    into = np.float32([[scale, 0, (512 - width * scale) / 2], [0, scale, (512 - height * scale) / 2]])
    back = dict(dsize=(width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    whole = cv2.warpAffine(rgb, into, (512, 512), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    result = cv2.warpAffine(networks.parts(whole), into, **back)
    down, across = np.mgrid[0:512, 0:512] / 511.
    inside = smoothstep(across, 0, .12) * smoothstep(1 - across, 0, .12)
    inside = (inside * smoothstep(down, 0, .12) * smoothstep(1 - down, 0, .12)).astype(np.float32)
    for face in faces:
        x, y, box_width, box_height = face.box
        half = face.size * 1.9
        centre = x + box_width / 2, y + box_height / 2 + 0.25 * face.size
        if 2 * half > 1.05 * max(height, width):
            continue
        scale = 512 / (2 * half)
        into = np.float32([[scale, 0, -(centre[0] - half) * scale], [0, scale, -(centre[1] - half) * scale]])
        crop = cv2.warpAffine(rgb, into, (512, 512), borderMode=cv2.BORDER_REPLICATE,
                              flags=cv2.INTER_AREA if half > 256 else cv2.INTER_CUBIC)
        part = cv2.warpAffine(np.dstack([networks.parts(crop), inside]), into, **back)
        result = result * (1 - part[..., 3:]) + part[..., :3] * part[..., 3:]
    return result.astype(np.float32)
