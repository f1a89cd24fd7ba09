"""Beards as clean shapes of the mesh, in the colour of stubble or of hair."""

import numpy as np

from drawn.common import blend, smoothstep
from drawn.faces import Face
from drawn.measures import beard_weights
from drawn.mesh import BEARD_CHIN, BEARD_JAW, BEARD_LINE, BEARD_SIDES, LIPS, MOUSTACHE, polygon, scaled, spline


def with_beard(cel: np.ndarray, face: Face, light: np.ndarray, shadow: np.ndarray, hair: np.ndarray) -> np.ndarray:
    """The painting `cel`, in CIELAB, with the beard of one face of the tones `light` and `shadow`."""
    lip, chin, sides = (part * face.mouth_visible * face.weight for part in beard_weights(face.beard, face.dark))
    if max(lip, chin, sides) < .03:
        return cel
    points, shape, soft = face.points, cel.shape[:2], max(.5, face.width * .004)

    def closed(ids: list[int]) -> np.ndarray:
        return polygon(shape, spline(points[ids + ids[:1]], 60), soft)

    mouth = points[LIPS].mean(0) - face.down * .012 * face.height
    lips = polygon(shape, scaled(points[LIPS], .98, points[LIPS].mean(0)) + (mouth - points[LIPS].mean(0)),
                   face.width * .006)
    outline = np.concatenate([spline(points[BEARD_JAW], 40), spline(points[BEARD_LINE], 48)])
    full = polygon(shape, outline, soft)
    on_chin, on_lip = polygon(shape, spline(points[BEARD_CHIN], 60), soft), closed(MOUSTACHE)
    for side in BEARD_SIDES:
        # A goatee is joined around the mouth.
        on_chin = np.maximum(on_chin, lip * closed(side))
    weaker = min(face.beard[2:])

    def beyond(drop: float) -> np.ndarray:
        """Not a second time where the sides are painted already, unless it is darker."""
        return 1 - full * sides * (1 - smoothstep(drop - weaker, .10, .25))

    layers = ((full * np.clip(1 - on_lip * (1 - lip), 0, 1), sides, face.beard_colours[2], weaker),
              (on_chin * beyond(face.beard[1]), chin, face.beard_colours[1], face.beard[1]),
              (on_lip * beyond(face.beard[0]), lip, face.beard_colours[0], face.beard[0]))
    for mask, weight, colour, drop in layers:
        if weight < .03:
            continue
        long = smoothstep(drop, .22, .42)
        tone = _tone(face, colour, light, shadow, long)
        strength = mask * (1 - lips) * smoothstep(weight, .08, .75) * (.62 + .32 * long) * (1 - hair)
        cel = blend(cel, np.broadcast_to(tone.astype(np.float32), cel.shape), strength.astype(np.float32))
    return cel


def _tone(face: Face, seen: np.ndarray, light: np.ndarray, shadow: np.ndarray, long: float) -> np.ndarray:
    """Stubble is the skin's shadow with less colour; a beard has the colour that is seen, with a little of the hair's. Grey
    hair has a grey beard."""
    hair = face.hair if face.hair is not None else np.array([22., 5, 8])
    beard = np.array([np.clip(seen[0] * .92 + hair[0] * .08, 8, light[0] * .80), seen[1] * .85 + hair[1] * .15,
                      seen[2] * .85 + hair[2] * .15])
    stubble = np.array([shadow[0] * .97, shadow[1] * .70, shadow[2] * .62])
    tone = stubble * (1 - long) + beard * long
    grey = float((1 - smoothstep(np.hypot(hair[1], hair[2]), 7, 13)) * smoothstep(hair[0], 30, 42))
    silver = np.array([max(tone[0], min(hair[0] * 1.05, light[0] * 1.1)), hair[1] * .8, hair[2] * .8])
    return tone * (1 - grey) + silver * grey
