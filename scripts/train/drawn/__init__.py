"""A renderer that draws photos as an animator would, step by step and without a network of style: the teacher of the
drawn styles.

It makes what a student is to learn: the picture as it is painted before ink and features are on it (`under`), and soft
planes that say where things are (`FIELDS`). Features are drawn on the device, from landmarks and from these planes.

Every step is a published filter or a rule of drawing; the file of each names its source. Networks only find things: faces
and their points, persons, and where skin, clothes and hair are.
"""

from drawn.renderer import FIELDS, Drawn, Renderer

__all__ = ["FIELDS", "Drawn", "Renderer"]
