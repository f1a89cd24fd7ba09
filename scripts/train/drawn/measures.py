"""What is measured on the photo of each face: the colour of its cheeks, how dark its skin is, and where a beard is.

Nothing here guesses what a person is. A beard counts only where it is unmistakable: moustache, chin and both sides are all
darker and greyer than the cheeks.
"""

import numpy as np

from drawn.common import blur, chroma_ratio, sampled, smoothstep
from drawn.exposure import darkness
from drawn.faces import Face
from drawn.mesh import EYES

_CHEEKS = [50, 280, 205, 425, 101, 330, 36, 266]
_MOUSTACHE = [164, 167, 393, 165, 391]
_CHIN = [199, 200, 175, 171, 396, 208, 428, 18]
_SIDES = [138, 169, 135, 192, 214, 136], [367, 394, 364, 416, 434, 365]


def measure(face: Face, lab: np.ndarray) -> None:
    """Fills in cheeks, darkness and beard; `lab` is the photo before it was exposed, of which the skin must stay."""
    cheeks = sampled(blur(lab, face.width * .012), face.skin_points())
    if face.covered >= .4:
        # Hair and mask shade the strip that is free.
        cheeks = cheeks[cheeks[:, 0] >= np.percentile(cheeks[:, 0], 35)]
    face.cheeks = np.median(cheeks, 0)
    lightness = float(face.cheeks[0])
    face.dark = darkness(lightness, _eye_white(face, lab) - lightness, _openness(face), face.covered)
    _measure_beard(face, lab)
    lift = float(np.interp(lightness, [15, 35, 55, 70], [22, 14, 8, 6]))
    face.skin[0] = min(face.skin[0], lightness + lift)


def _openness(face: Face) -> float:
    """Height by width of the eyes."""
    points = face.landmarks[:, :2]
    return float(np.mean([
        max((points[eye["lower"][4]] - points[eye["upper"][4]]) @ face.down, 0)
        / np.linalg.norm(points[eye["upper"][0]] - points[eye["upper"][-1]]) for eye in EYES]))


def _eye_white(face: Face, lab: np.ndarray) -> float:
    """Lightness of the white on both sides of both irises, without the darkest."""
    points, places = face.landmarks[:, :2], []
    for eye in EYES:
        inner, outer, iris = points[eye["upper"][0]], points[eye["upper"][-1]], points[eye["iris"]]
        places += [iris * .40 + inner * .60, iris * .45 + outer * .55]
    smooth = blur(lab[..., 0], max(0.5, face.width * .006))
    return float(np.median(sorted(sampled(smooth, np.array(places)))[1:]))


def _measure_beard(face: Face, lab: np.ndarray) -> None:
    points, smooth = face.landmarks[:, :2], blur(lab, face.width * .016)
    cheeks = np.median(sampled(smooth, points[_CHEEKS]), 0)
    reference = max(cheeks[0], 12)

    def part(ids: list[int]) -> tuple[float, np.ndarray]:
        """How much darker than the cheeks, with what it lost of their colour, and its own colour."""
        values = sampled(smooth, points[ids])
        lost = np.clip(chroma_ratio(cheeks) - chroma_ratio(values), -.08, .2) * np.clip(reference / 60, .4, 1)
        return float(np.median((cheeks[0] - values[:, 0]) / reference + 0.9 * lost)), np.median(values, 0)

    parts = [part(ids) for ids in (_MOUSTACHE, _CHIN, *_SIDES)]
    face.beard = tuple(drop for drop, _ in parts)
    face.beard_colours = [parts[0][1], parts[1][1], (parts[2][1] + parts[3][1]) / 2]


def beard_weights(beard: tuple[float, float, float, float], dark: float) -> tuple[float, float, float]:
    """Moustache, chin and sides, 0 to 1. On dark skin shading looks like a beard, so that more is asked for there; light
    from one side is none."""
    moustache, chin, left, right = beard
    more, weaker, uneven = 0.16 * dark, min(left, right), abs(left - right)
    around = smoothstep(moustache, .25 + more, .45 + more) * smoothstep(chin, .2 + more, .4 + more)
    sides = smoothstep(weaker + .14 * around, .13 + more, .30 + more) * smoothstep(uneven, .45, .25)
    on_lip = smoothstep(moustache, .16 + more, .32 + more)
    on_chin = smoothstep(chin, .12 + more, .28 + more)
    sides = sides * smoothstep(on_chin, .25, .6)
    on_chin = on_chin * max(smoothstep(on_lip, .1, .5), smoothstep(chin, .30 + more, .45 + more))
    on_chin = on_chin * max(smoothstep(on_lip, .2, .7), smoothstep(chin, .5, .7))
    sure = smoothstep(min(weaker, moustache), .45, .65) * (1 - dark)
    even = max(1 - smoothstep(uneven, .38, .65), sure)
    certain = smoothstep(min(beard), .28, .48)
    return tuple(float(part * certain) for part in (on_lip * max(even, .5), on_chin * even, sides * even))


def full_beard(face: Face) -> float:
    """How surely the jaw is under a beard, which keeps its shape."""
    moustache, _, left, right = face.beard
    return .8 * face.weight * float(smoothstep(min(moustache, left, right), .45, .65) * (1 - face.dark)
                                    * smoothstep(min(face.beard), .28, .48))
