"""Pictures made by code: a "photo" of somewhere with somebody in it, and what an anime camera might make of it."""

import functools
import hashlib
import io
import math
import os
import pathlib
import random

import numpy
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

# Drawing takes seconds, so drawn files are kept; a change of this file makes new ones.
KEPT = pathlib.Path(
    os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache"), "animesnap", "web-tests", "scenes"
)
VERSION = hashlib.sha256(pathlib.Path(__file__).read_bytes()).hexdigest()[:12]
WIDTH, HEIGHT = 960, 720
KINDS = 12
SKIES = [
    ((92, 156, 214), (250, 226, 205)),
    ((236, 138, 128), (255, 224, 178)),
    ((54, 70, 130), (226, 150, 170)),
    ((120, 190, 220), (238, 246, 240)),
]
LANDS = [(74, 112, 82), (104, 92, 120), (60, 96, 110), (120, 110, 70)]
SKINS = [(244, 206, 180), (224, 172, 138), (160, 112, 84), (110, 76, 58)]
HAIRS = [(52, 34, 32), (122, 74, 44), (28, 28, 40), (190, 140, 80)]
CLOTHES = [(206, 84, 110), (66, 110, 168), (240, 190, 90), (92, 150, 120), (230, 230, 236)]


def gradient(top, bottom):
    part = numpy.linspace(0, 1, HEIGHT)[:, None, None]
    rows = numpy.array(top) * (1 - part) + numpy.array(bottom) * part
    return Image.fromarray(numpy.broadcast_to(rows, (HEIGHT, WIDTH, 3)).astype("uint8"))


def hills(draw, chance, color, level):
    phases = [(chance.uniform(0, 7), chance.uniform(1, 4), chance.uniform(10, 60)) for _ in range(4)]
    ridge = [
        (x, level + sum(math.sin(x / WIDTH * speed * 3 + start) * size / speed for start, speed, size in phases))
        for x in range(0, WIDTH + 8, 8)
    ]
    draw.polygon([(0, HEIGHT), *ridge, (WIDTH, HEIGHT)], fill=color)


def person(draw, chance, x, size):
    skin, hair, cloth = chance.choice(SKINS), chance.choice(HAIRS), chance.choice(CLOTHES)
    y = HEIGHT - size * 2.1
    is_long = chance.random() < 0.5

    def disc(cx, cy, rx, ry, color):
        draw.ellipse(
            [
                x + cx * size - rx * size,
                y + cy * size - ry * size,
                x + cx * size + rx * size,
                y + cy * size + ry * size,
            ],
            fill=color,
        )

    disc(0, -0.05, 0.62, 0.66, hair)
    if is_long:
        draw.rounded_rectangle(
            [x - 0.62 * size, y - 0.1 * size, x + 0.62 * size, y + 1.1 * size], size * 0.3, fill=hair
        )
    disc(0, 1.75, 1.15, 1.0, cloth)
    draw.rectangle([x - 0.2 * size, y + 0.4 * size, x + 0.2 * size, y + 0.95 * size], fill=skin)
    disc(0, 0.12, 0.5, 0.58, skin)
    draw.pieslice([x - 0.6 * size, y - 0.72 * size, x + 0.6 * size, y + 0.55 * size], 185, 355, fill=hair)
    for side in (-0.2, 0.2):
        disc(side, 0.14, 0.06, 0.09, (40, 26, 30))
        disc(side + 0.02, 0.11, 0.02, 0.03, (255, 255, 255))
        disc(side * 1.6, 0.33, 0.08, 0.05, tuple(int(c * 0.6 + d * 0.4) for c, d in zip(skin, (255, 120, 120))))
    draw.arc(
        [x - 0.14 * size, y + 0.22 * size, x + 0.14 * size, y + 0.46 * size],
        20,
        160,
        fill=(150, 60, 60),
        width=max(2, int(size * 0.03)),
    )


@functools.lru_cache(KINDS)
def photo(kind):
    """The photo of a kind, 960 by 720."""
    chance = random.Random(kind * 7 + 3)
    top, bottom = SKIES[kind % 4]
    picture = gradient(top, bottom)
    draw = ImageDraw.Draw(picture)
    x, y, r = chance.uniform(100, 860), chance.uniform(80, 240), chance.uniform(30, 70)
    draw.ellipse([x - r, y - r, x + r, y + r], fill=(255, 244, 214))
    for _ in range(5):
        cx, cy = chance.uniform(0, WIDTH), chance.uniform(40, 260)
        for _ in range(7):
            dx, dy, s = chance.uniform(-70, 70), chance.uniform(-14, 14), chance.uniform(18, 42)
            draw.ellipse([cx + dx - s * 1.5, cy + dy - s, cx + dx + s * 1.5, cy + dy + s * 0.7], fill=(252, 246, 244))
    picture = picture.filter(ImageFilter.GaussianBlur(5))
    draw = ImageDraw.Draw(picture)
    land = LANDS[chance.randrange(4)]
    for layer in range(4):
        tone = tuple(int(c * (0.6 + 0.13 * (3 - layer)) + b * 0.1 * (3 - layer)) for c, b in zip(land, bottom))
        hills(draw, chance, tuple(min(255, c) for c in tone), 330 + layer * 85)
    for _ in range(220):
        fx, fy = chance.uniform(0, WIDTH), chance.uniform(560, HEIGHT)
        s = (fy - 480) / 40
        draw.ellipse(
            [fx - s, fy - s, fx + s, fy + s],
            fill=chance.choice([(250, 190, 206), (255, 236, 240), (244, 150, 178), (250, 220, 130)]),
        )
    people = chance.choice([1, 1, 2, 2, 3])
    for index in range(people):
        person(
            draw,
            chance,
            WIDTH * (index + 1) / (people + 1) + chance.uniform(-30, 30),
            chance.uniform(120, 170) - 14 * people,
        )
    picture = picture.filter(ImageFilter.GaussianBlur(1.4))
    grain = numpy.random.default_rng(kind).normal(0, 9, (HEIGHT, WIDTH, 1))
    yy, xx = numpy.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
    dim = (1 - 0.28 * (xx**2 + yy**2))[..., None]
    return ImageEnhance.Color(
        Image.fromarray(numpy.clip(numpy.asarray(picture) * dim * 0.92 + grain, 0, 255).astype("uint8"))
    ).enhance(0.72)


def anime(picture, style):
    """Flat areas, strong colours and lines; "cute" is lighter and pinker."""
    flat = picture.filter(ImageFilter.MedianFilter(7)).filter(ImageFilter.SMOOTH_MORE)
    flat = ImageEnhance.Color(flat).enhance(1.9 if style == "anime" else 1.6)
    flat = ImageEnhance.Brightness(flat).enhance(1.12)
    colors = numpy.asarray(flat).astype(float)
    colors = numpy.round(colors / 26) * 26
    edges = numpy.asarray(
        flat.convert("L").filter(ImageFilter.GaussianBlur(1.5)).filter(ImageFilter.FIND_EDGES)
    ).astype(float)
    edges[:4], edges[-4:], edges[:, :4], edges[:, -4:] = 0, 0, 0, 0
    line = numpy.clip((edges - 14) / 26, 0, 1)[..., None] * (0.75 if style == "anime" else 0.4)
    colors = colors * (1 - line) + numpy.array([50, 20, 45]) * line
    if style != "anime":
        colors = colors * 0.82 + numpy.array([255, 214, 228]) * 0.2
    return Image.fromarray(numpy.clip(colors, 0, 255).astype("uint8"))


def jpeg(picture, longest=None, quality=85):
    """The picture as JPEG, no side longer than wished."""
    if longest and max(picture.size) > longest:
        picture = picture.copy()
        picture.thumbnail((longest, longest))
    file = io.BytesIO()
    picture.convert("RGB").save(file, "JPEG", quality=quality)
    return file.getvalue()


def renditions(picture):
    """File, preview and thumbnail."""
    return {"": jpeg(picture, quality=90), "-preview": jpeg(picture, 960), "-thumb": jpeg(picture, 320, 78)}


@functools.lru_cache(KINDS * 4)
def kept_renditions(kind, part):
    """Those of a kind's photo, or of what a style makes of it."""
    folder = KEPT / VERSION
    files = {size: folder / f"{kind}-{part}{size}.jpg" for size in ("", "-preview", "-thumb")}
    if not all(file.exists() for file in files.values()):
        folder.mkdir(parents=True, exist_ok=True)
        for size, data in renditions(photo(kind) if part == "photo" else anime(photo(kind), part)).items():
            files[size].with_suffix(".part").write_bytes(data)
            files[size].with_suffix(".part").rename(files[size])
    return {size: file.read_bytes() for size, file in files.items()}
