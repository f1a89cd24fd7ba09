"""What the stand-in server has in place of a camera: an album of drawn pictures, a queue, and the models' styles."""

import asyncio
import contextlib
import datetime
import json
import time

import scenes
from page_files import ROOT

CAPACITY = 8


def known_styles():
    """The styles that come with the program: style files, and models that paint by themselves. Models tell their styles at
    their heads, as safetensors files with JSON."""
    files = [file for file in (ROOT / "weights" / "styles").glob("*.json") if "." not in file.stem]
    drawn = {file.stem: json.loads(file.read_text()) for file in files}
    for name, facts in drawn.items():
        yield described(name, facts, drawn=True)
    networks = {facts.get("network", "drawn") for facts in drawn.values()}
    for file in (ROOT / "weights").glob("*-m.safetensors"):
        if file.stem.removesuffix("-m") in networks:
            continue
        with file.open("rb") as model:
            head = json.loads(model.read(int.from_bytes(model.read(8), "little")))
        graph = json.loads(head["__metadata__"]["graph"])
        yield described(graph["style"], graph, drawn=False)


def described(name, facts, drawn):
    return {
        "name": name,
        "title": facts["title"],
        "licence": facts["licence"],
        "drawn": drawn,
        "sample": f"/styles/{name}.jpg",
    }


STYLES = sorted(known_styles(), key=lambda style: style["name"])
# Standard, least and most of the main numbers of drawn styles.
NUMBERS = {
    "eyes": (1.5, 1, 1.8),
    "line": (1, 0.3, 2),
    "shadow": (1, 0, 1.5),
    "blush": (0.42, 0, 1),
    "background": (0.75, 0, 1.5),
    "saturation": (1, 0.5, 1.5),
    "glow": (0.08, 0, 0.4),
}
COLOURS = {"photo", "black", "brown", "blond", "red", "pink", "violet", "blue", "teal", "green", "silver"}


class Booth:
    """The album, the queue and the state in one."""

    def __init__(self, count, pace):
        self.pace = pace
        self.files = {}
        self.pictures = {}
        self.queue = []
        self.running = None
        self.listeners = set()
        self.told = []
        self.state = {"state": "ready"}
        self.settings = {
            "style": "anime",
            "size": 1280,
            "faces": "auto",
            "uploads": True,
            "countdown": 0,
            "keep_pictures": 1000,
        }
        # What the host set of the drawn styles, and what was tried.
        self.values = {style["name"]: {} for style in STYLES if style["drawn"]}
        self.trials = []
        self.wrong = 0
        self.locked_until = 0
        self.started = time.time()
        now = datetime.datetime.now(datetime.timezone.utc)
        for number in range(1, count + 1):
            taken = now - datetime.timedelta(minutes=3 * (count - number))
            self.pictures[number] = {
                "number": number,
                "taken": None if number % 9 == 0 else taken.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "pinned": number % 11 == 5,
                "styles": ["anime", "cute"] if number % 3 == 0 else ["anime"],
                "waiting": [],
                "failed": [],
            }
        self.next = count + 1

    def style_values(self, name):
        """The main numbers of a drawn style; None for other styles."""
        if name not in self.values:
            return None
        return {
            "values": [
                {
                    "key": key,
                    "value": self.values[name].get(key, standard),
                    "standard": standard,
                    "least": least,
                    "most": most,
                }
                for key, (standard, least, most) in NUMBERS.items()
            ]
        }

    def describe(self, number):
        picture = self.pictures[number]
        editions = picture.get("editions", {})
        ending = lambda part: f".jpg?v={editions[part]}" if part in editions else ".jpg"
        files = lambda part: {
            "file": f"/files/{number:04}-{part}{ending(part)}",
            "preview": f"/files/{number:04}-{part}-preview{ending(part)}",
            "thumb": f"/files/{number:04}-{part}-thumb{ending(part)}",
        }
        known = {key: picture[key] for key in ("number", "taken", "pinned", "waiting", "failed")}
        return {
            **known,
            "photo": files("photo"),
            "anime": [{"style": style, **files(style)} for style in picture["styles"]],
        }

    def image(self, number, part):
        """The files of one part, made when somebody asks."""
        own = self.pictures[number].get("image")
        if own is None:
            return scenes.kept_renditions(number % scenes.KINDS, part)
        if (number, part) not in self.files:
            self.files[number, part] = scenes.renditions(own if part == "photo" else scenes.anime(own, part))
        return self.files[number, part]

    def tell(self, kind, data):
        self.told.append((len(self.told) + 1, kind, json.dumps(data)))
        for listener in self.listeners:
            listener.put_nowait(self.told[-1])

    def set_state(self, state, **more):
        self.state = {"state": state, **more}
        self.tell("state", self.state)

    def add(self, image, style):
        number, self.next = self.next, self.next + 1
        taken = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.pictures[number] = {
            "number": number,
            "taken": taken,
            "pinned": False,
            "styles": [],
            "waiting": [style],
            "failed": [],
            "image": image,
        }
        self.queue.append((number, style))
        self.tell("picture", self.describe(number))
        return self.describe(number)

    async def work(self):
        while True:
            await asyncio.sleep(0.05)
            if not self.queue:
                continue
            number, style = self.queue.pop(0)
            self.set_state("converting")
            steps = max(1, int(self.pace * 5))
            for step in range(steps + 1):
                self.running = {"number": number, "style": style, "progress": step / steps}
                self.tell("progress", self.running)
                await asyncio.sleep(self.pace / steps)
            self.running = None
            picture = self.pictures.get(number)
            with contextlib.suppress(KeyError):
                await asyncio.to_thread(self.image, number, style)
            # It may have been deleted meanwhile.
            if number in self.pictures:
                picture["waiting"] = [one for one in picture["waiting"] if one != style]
                if style in picture["styles"]:
                    picture.setdefault("editions", {}).setdefault(style, 0)
                    picture["editions"][style] += 1
                else:
                    picture["styles"].append(style)
                self.tell("done", {"number": number, "style": style})
                self.tell("picture", self.describe(number))
            self.set_state("ready")

    async def beat(self):
        while True:
            await asyncio.sleep(15)
            self.tell("health", self.health())

    def health(self):
        return {
            "state": self.state["state"],
            "camera": {"name": "virtual camera", "frame_age_ms": 41, "restarts": 0},
            "queue": {"waiting": len(self.queue), "capacity": CAPACITY},
            "last_shot": None,
            "temperature_c": 51.5,
            "throttled": False,
            "memory_free_mb": 212,
            "memory_rss_mb": 48,
            "cma_free_mb": None,
            "disk_free_mb": 24117,
            "pictures": len(self.pictures),
            "uptime_s": int(time.time() - self.started) + 4000,
            "problems": [],
        }
