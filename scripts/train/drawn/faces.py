"""Faces: where they are, their points, and which of them can be drawn."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from drawn.common import blur, chroma, hue, sampled, smoothstep, to_lab
from drawn.mesh import EYES, OVAL, SKIN, SKIN_ABOVE_A_MASK
from drawn.networks import Networks


@dataclass
class Face:
    """One face. Lengths are pixels; u and v are face coordinates, in widths and heights of the face, 0 between the eyes, v
    down. What is None or 0 at first is filled in by the steps that measure it."""

    box: tuple[float, float, float, float]
    # The longer side of the box.
    size: float
    # 0 for animals and toys, which the detector is less sure of.
    human: float = 0
    # How surely a mask or a scarf covers the lower half.
    covered: float = 0
    # 478 points in the photo, None where none fit the detector's eyes.
    landmarks: np.ndarray | None = None
    # The same in two dimensions after the warp.
    points: np.ndarray | None = None
    yaw: float = 0
    width: float = 0
    height: float = 0
    # Unit vectors from eye to eye and down, the middle of the eyes and of the oval.
    across: np.ndarray | None = None
    down: np.ndarray | None = None
    eyes: np.ndarray | None = None
    centre: np.ndarray | None = None
    # How far it is drawn: 0 for profiles and for the tiny.
    weight: float = 0
    u: np.ndarray | None = None
    v: np.ndarray | None = None
    # Colours in CIELAB: of the skin and hair in the exposed photo, and of the cheeks in the photo itself.
    skin: np.ndarray | None = None
    hair: np.ndarray | None = None
    cheeks: np.ndarray | None = None
    # How surely the skin is dark, and not only dimly lit.
    dark: float = 0
    # Darkness of moustache, chin, left and right side against the cheeks, and their colours.
    beard: tuple[float, float, float, float] = (0, 0, 0, 0)
    beard_colours: list = field(default_factory=list)
    beard_map: np.ndarray | None = None
    # The parser's clothes and hair.
    clothes_share: np.ndarray | None = None
    hair_share: np.ndarray | None = None
    outline: np.ndarray | None = None
    oval: np.ndarray | None = None
    # Hair over the face, and where features lie.
    occlusion: np.ndarray | None = None
    clear: np.ndarray | None = None
    mouth_visible: float = 0
    # Which side is lit, -1.5 to 1.5.
    light: float = 0

    @property
    def is_read(self) -> bool:
        return self.landmarks is not None

    def skin_points(self) -> np.ndarray:
        """Where its skin is seen."""
        return self.landmarks[SKIN if self.covered < .4 else SKIN_ABOVE_A_MASK, :2]

    def eye(self, which: int, points: np.ndarray | None = None) -> np.ndarray:
        """The outline of an eye."""
        points = self.points if points is None else points
        return points[EYES[which]["upper"] + EYES[which]["lower"]]

    def measure(self) -> None:
        """Axes, sizes and weight, from the landmarks."""
        points = self.landmarks[:, :2]
        eyes = [self.eye(which, points).mean(0) for which in (0, 1)]
        ears = self.landmarks[454] - self.landmarks[234]
        self.yaw = float(np.degrees(np.arctan2(ears[2], np.hypot(ears[0], ears[1]))))
        self.width = float(np.linalg.norm(ears))
        self.height = float(np.linalg.norm(self.landmarks[152] - self.landmarks[10]))
        across = eyes[1] - eyes[0]
        self.across = across / (np.linalg.norm(across) + 1e-6)
        self.down = np.array([-self.across[1], self.across[0]], np.float32)
        self.eyes = (eyes[0] + eyes[1]) / 2
        self.centre = points[OVAL].mean(0)
        self.weight = float((1 - smoothstep(abs(self.yaw), 47, 54)) * smoothstep(self.width, 22, 36) * self.human)


def found_faces(rgb: np.ndarray, networks: Networks) -> list[Face]:
    """The faces of a photo, uint8, with landmarks where these agree with the detector's eyes."""
    factor = min(1.0, 1280 / max(rgb.shape[:2]))
    factor = max(factor, min(2.0, 640 / max(rgb.shape[:2])))
    faces = []
    for row in networks.detect(cv2.resize(rgb, None, fx=factor, fy=factor)):
        score, row = float(row[14]), row / factor
        size = max(row[2:4])
        if size < 24:
            continue
        face = Face(box=tuple(row[:4]), size=float(size), human=float(smoothstep(score, 0.85, 0.885)))
        error, landmarks = _mesh(rgb, row, size, networks)
        if landmarks is not None and error < 0.30:
            # A covered face scores low too, but what is left of it is skin.
            face.covered = covered(rgb, landmarks)
            face.human = max(face.human, float(smoothstep(score, 0.60, 0.72)) * face.covered)
        if landmarks is not None and error <= 0.35 and face.human >= 0.05:
            face.landmarks = landmarks
            face.measure()
        faces.append(face)
    return faces


def _mesh(rgb: np.ndarray, row: np.ndarray, size: float, networks: Networks) -> tuple[float, np.ndarray | None]:
    """How far the mesh's eyes are from the detector's, in distances of the eyes, and the mesh: the nearest of three crops."""
    eyes = row[4:8].reshape(2, 2)
    apart = max(np.linalg.norm(eyes[0] - eyes[1]), 0.2 * size)
    x, y = row[0] + row[2] / 2, row[1] + row[3] / 2
    best = (np.inf, None)
    for factor in (1.0, 1.5, 0.75):
        half = size * factor
        scale = 512 / (2 * half)
        into = np.float32([[scale, 0, -(x - half) * scale], [0, scale, -(y - half) * scale]])
        points = networks.mesh(cv2.warpAffine(rgb, into, (512, 512), borderMode=cv2.BORDER_REPLICATE,
                                              flags=cv2.INTER_AREA if half > 256 else cv2.INTER_CUBIC))
        if points is None:
            continue
        points *= 2 * half / 512
        points[:, 0] += x - half
        points[:, 1] += y - half
        found = [points[eye["upper"] + eye["lower"], :2].mean(0) for eye in EYES]
        error = sum(np.linalg.norm(mine - its) for mine, its in zip(found, eyes)) / 2 / apart
        if error < best[0]:
            best = (error, points)
        if error < 0.15:
            break
    return best


def covered(rgb: np.ndarray, landmarks: np.ndarray) -> float:
    """How surely the lower face is one smooth surface in another colour than the skin around the eyes: a mask. Cloth is
    less yellow than skin in the same light; skin that is shaded or bearded is not."""
    points = landmarks[:, :2]
    width = float(np.linalg.norm(landmarks[454] - landmarks[234]))
    smooth = blur(to_lab(rgb.astype(np.float32) / 255), max(.6, width * .02))
    above = sampled(smooth, points[SKIN_ABOVE_A_MASK])
    upper = np.median(above, 0)
    places = ([1, 2, 164], [0, 13, 14, 17], [18, 200, 199], [205, 206, 216], [425, 426, 436])
    groups = [np.median(sampled(smooth, points[place]), 0) for place in places]
    lower = np.median(groups, 0)
    angle, strength = hue(upper), chroma(upper)
    is_skin = smoothstep(angle, 12, 28) * (1 - smoothstep(angle, 72, 86)) * smoothstep(strength, 6, 10)
    is_skin = is_skin * smoothstep(upper[1], 3, 6)
    shade = np.clip(lower[0] / max(upper[0], 8), .2, 1.15)
    less_yellow = smoothstep((upper[2] * shade - lower[2]) / max(shade, .5), 9, 15)
    uneven = max(np.hypot(.5 * (group[0] - lower[0]), np.hypot(group[1] - lower[1], group[2] - lower[2]))
                 for group in groups)
    lips = groups[1][1] - np.median([groups[0][1], groups[2][1]])
    mixed = np.median(np.hypot(above[:, 1] - upper[1], above[:, 2] - upper[2]))
    return float(is_skin * less_yellow * (1 - smoothstep(uneven, 8, 14)) * (1 - smoothstep(abs(lips), 3, 6))
                 * (1 - smoothstep(mixed, 7, 12)))
