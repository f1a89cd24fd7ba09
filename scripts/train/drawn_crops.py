"""Crops of photos as the renderer of drawn targets gets them: faces in their place, and scenes."""

import random
from dataclasses import dataclass

import cv2
import numpy as np

SIDE = 512
# Where an aligned face has its eyes, in parts of the side: how far apart, and how far down.
EYES_APART = 0.19
EYES_DOWN = 0.44


@dataclass
class Eyes:
    """The right eye (left in the picture) and the left one, x and y in pixels of the photo, and the height and width of the
    face."""

    right: np.ndarray
    left: np.ndarray
    width: float
    height: float

    @property
    def apart(self) -> float:
        return float(np.hypot(*(self.left - self.right)))


def largest_face(found: np.ndarray) -> Eyes | None:
    """Of a detector's rows."""
    if not len(found):
        return None
    row = max(found, key=lambda row: row[3])
    return Eyes(row[4:6], row[6:8], float(row[2]), float(row[3]))


def portrait(photo: np.ndarray, eyes: Eyes, chance: random.Random) -> np.ndarray | None:
    """The face with level eyes in their place, nearly so, as a detector's eyes are never quite where they are. None for a
    profile, and for a face that is too small to be enlarged."""
    if eyes.apart < 0.22 * eyes.width:
        return None
    middle, (across, down) = (eyes.right + eyes.left) / 2, eyes.left - eyes.right
    angle = np.degrees(np.arctan2(down, across)) + chance.uniform(-4, 4)
    zoom = SIDE * EYES_APART / eyes.apart * chance.uniform(.82, 1.15)
    if zoom > 3.2:
        return None
    into = cv2.getRotationMatrix2D((float(middle[0]), float(middle[1])), float(angle), float(zoom))
    shift = [chance.uniform(-14, 14), chance.uniform(-14, 14)]
    into[:, 2] += np.array([SIDE * .5 + shift[0], SIDE * EYES_DOWN + shift[1]]) - middle
    return cv2.warpAffine(photo, into, (SIDE, SIDE), flags=cv2.INTER_AREA if zoom < 1 else cv2.INTER_CUBIC,
                          borderMode=cv2.BORDER_REPLICATE)


def scene(photo: np.ndarray, chance: random.Random) -> np.ndarray:
    """A square of the photo's shorter side."""
    factor = SIDE / min(photo.shape[:2])
    size = [max(SIDE, round(side * factor)) for side in photo.shape[1::-1]]
    small = cv2.resize(photo, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)
    top, left = (chance.randint(0, side - SIDE) for side in small.shape[:2])
    return small[top:top + SIDE, left:left + SIDE]


def interleaved(people: list, scenes: list) -> list:
    """All people, and after every third a scene while there are any."""
    result, left = [], list(scenes)
    for index, person in enumerate(people):
        result.append(person)
        if index % 3 == 2 and left:
            result.append(left.pop(0))
    return result
