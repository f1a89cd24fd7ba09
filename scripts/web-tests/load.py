"""Fifty phones at once: starts a server with an album of a thousand pictures, and prints figures as JSON.

    ~/.cache/animesnap/web-tests/bin/python scripts/web-tests/load.py [--program .build/release/animesnap]

Phones look through the album, each at an address of its own, and listen to events. Pictures are uploaded and painted
one after another all the time; phones come and go, so that the machine's own moods fall on all paintings alike.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import pathlib
import random
import re
import resource
import statistics
import subprocess
import tempfile
import time

import scenes
from conftest import ROOT
from page_files import page_files
from server_process import ServerProcess, free_port

STYLE = "anime"
ASSETS = ["/"] + [
    f"/assets/{path}"
    for path in page_files()
    if re.fullmatch(r"script/[^/]*|script/pages/gallery\.js|style/.*|languages/en\.json", path)
]
# What a phone shows at once, and the connections that its browser opens for it.
SCREEN, CONNECTIONS = 12, 4
QUIET, CROWDED = "quiet", "crowded"


def fill(album, count):
    """Gives the same few files many names."""
    album.mkdir(parents=True)
    first = {}
    for number in range(1, count + 1):
        for part in ("photo", STYLE):
            for size, data in scenes.kept_renditions(number % scenes.KINDS, part).items():
                file = album / f"{number:04}-{part}{size}.jpg"
                key = (number % scenes.KINDS, part, size)
                if key in first:
                    os.link(first[key], file)
                else:
                    first[key] = file
                    file.write_bytes(data)


class Connection:
    """Asks for one thing after another."""

    def __init__(self, port, source):
        self.port = port
        self.source = source
        self.writer = None

    async def get(self, path, *fields, method="GET", body=b""):
        if not self.writer:
            self.reader, self.writer = await asyncio.open_connection(
                "127.0.0.1", self.port, local_addr=(self.source, 0), limit=1 << 20
            )
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Accept-Encoding: gzip", *fields]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self.writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.I)
        content = await self.reader.readexactly(int(length[1])) if length else b""
        return int(head[9:12]), head, content

    def close(self):
        if self.writer:
            self.writer.close()
        self.writer = None


class Phone:
    def __init__(self, port, place, load):
        self.source = f"127.0.1.{place + 1}"
        self.port = port
        self.load = load
        self.connections = [Connection(port, self.source) for _ in range(CONNECTIONS)]

    async def visit(self):
        """One visit: the pages, then screen by screen through the album until somebody calls it back."""
        events = asyncio.create_task(self.listen())
        try:
            await asyncio.sleep(random.random())
            await self.fetch(ASSETS)
            before = ""
            while True:
                page = json.loads(await self.fetch_one(self.connections[0], f"/api/pictures?limit=100{before}"))
                before = f"&before={page['next']}" if page["next"] else ""
                files = [(one["anime"] or [one["photo"]])[0]["thumb"] for one in page["pictures"]]
                files = [file for file in files if file]
                for first in range(0, len(files), SCREEN):
                    await self.fetch(files[first : first + SCREEN])
                    await asyncio.sleep(random.uniform(0.5, 1.5))
        finally:
            events.cancel()
            for connection in self.connections:
                connection.close()

    async def fetch(self, paths):
        """Fetches files over all connections, as browsers do."""
        waiting = list(reversed(paths))

        async def work(connection):
            while waiting:
                await self.fetch_one(connection, waiting.pop())

        await asyncio.gather(*(work(connection) for connection in self.connections))

    async def fetch_one(self, connection, path):
        began = time.perf_counter()
        status, _, content = await connection.get(path)
        took = time.perf_counter() - began
        self.load.requests += 1
        if status != 200:
            self.load.failures[status] = self.load.failures.get(status, 0) + 1
        if path.startswith("/files/"):
            self.load.thumbnails.append(1000 * took)
        return content

    async def listen(self):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(self.source, 0))
        try:
            writer.write(f"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode())
            while data := await reader.read(65536):
                self.load.event_bytes += len(data)
        finally:
            writer.close()


class Load:
    def __init__(self, port, pin, process):
        self.port = port
        self.pin = pin
        self.process = process
        self.thumbnails, self.requests, self.failures, self.event_bytes = [], 0, {}, 0
        self.paintings = {QUIET: [], CROWDED: []}
        self.phase = QUIET
        self.most_memory = 0

    def memory(self):
        status = pathlib.Path(f"/proc/{self.process}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def processor(self):
        """Seconds that the server has had."""
        fields = pathlib.Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def enter(self):
        self.host = Connection(self.port, "127.0.0.1")
        body = json.dumps({"pin": self.pin}).encode()
        _, head, _ = await self.host.get("/api/session", "Content-Type: application/json", method="POST", body=body)
        self.cookie = "Cookie: " + re.search(rb"set-cookie: (session=\w+)", head, re.I)[1].decode()

    async def stages(self):
        return json.loads((await self.host.get("/api/history", self.cookie))[2])["stages_ms"]

    async def paint(self):
        """Uploads photos one after another; a painting counts where it is in one phase from its begin to its end."""
        photos = [scenes.kept_renditions(kind, "photo")[""] for kind in range(scenes.KINDS)]
        for turn in itertools.count():
            phase, photo = self.phase, photos[turn % len(photos)]
            status, *_ = await self.host.get(
                f"/api/uploads?style={STYLE}", "Content-Type: image/jpeg", method="POST", body=photo
            )
            assert status == 201, status
            while json.loads((await self.host.get("/api/jobs"))[2])["jobs"]:
                await asyncio.sleep(0.03)
            last = (await self.stages())[-1]
            if phase == self.phase:
                self.paintings[phase].append(sum(time for stage, time in last.items() if stage != "time"))

    async def watch_memory(self):
        while True:
            self.most_memory = max(self.most_memory, self.memory())
            await asyncio.sleep(0.25)

    async def run(self, phones, seconds, rounds):
        await self.enter()
        await asyncio.sleep(5)
        idle = self.memory()
        painting = asyncio.create_task(self.paint())
        await asyncio.sleep(3)
        # The first painting prepares things for all others.
        self.paintings[QUIET].clear()
        painted = self.memory()
        watching = asyncio.create_task(self.watch_memory())
        crowd = [Phone(self.port, place, self) for place in range(phones)]
        busy = own = 0.0
        for _ in range(rounds):
            await asyncio.sleep(seconds / rounds)
            self.phase = CROWDED
            busy -= self.processor()
            own -= time.process_time()
            visits = [asyncio.create_task(phone.visit()) for phone in crowd]
            await asyncio.sleep(seconds / rounds)
            busy += self.processor()
            own += time.process_time()
            self.phase = QUIET
            for visit in visits:
                visit.cancel()
            for outcome in await asyncio.gather(*visits, return_exceptions=True):
                if isinstance(outcome, Exception):
                    self.failures[repr(outcome)] = self.failures.get(repr(outcome), 0) + 1
        for task in (painting, watching):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        return self.figures(phones, seconds, idle, painted, busy, own)

    def figures(self, phones, seconds, idle, painted, busy, own):
        thumbnails = sorted(self.thumbnails)
        quiet, crowded = (statistics.median(self.paintings[phase]) for phase in (QUIET, CROWDED))
        return {
            "phones": phones,
            "crowded_s": seconds,
            "requests_per_second": round(self.requests / seconds, 1),
            "thumbnail_ms": {
                "count": len(thumbnails),
                "p50": round(thumbnails[len(thumbnails) // 2], 2),
                "p99": round(thumbnails[len(thumbnails) * 99 // 100], 2),
                "max": round(thumbnails[-1], 2),
            },
            "painting_ms": {
                "alone": round(quiet, 1),
                "crowded": round(crowded, 1),
                "slower_percent": round(100 * (crowded / quiet - 1), 1),
                "counts": [len(self.paintings[QUIET]), len(self.paintings[CROWDED])],
            },
            "memory_mb": {
                "idle": round(idle, 1),
                "after_a_painting": round(painted, 1),
                "most": round(self.most_memory, 1),
            },
            # Of one core each; the client's share is part of what slows the paintings down.
            "processor_percent": {"server": round(100 * busy / seconds), "client": round(100 * own / seconds)},
            "failures": self.failures,
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / ".build" / "release" / "animesnap"))
    parser.add_argument("--pictures", type=int, default=1000)
    parser.add_argument("--phones", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30, help="how long phones are there, all rounds together")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1, help="of the painter")
    parser.add_argument("--size", default="1280", help="longest side of the paintings")
    options = parser.parse_args()
    # Each phone has a socket for each connection.
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    with tempfile.TemporaryDirectory() as place:
        fill(pathlib.Path(place, "album"), options.pictures)
        port = free_port()
        folders = ["--album", f"{place}/album", "--set", f"state.folder={place}/state"]
        command = [options.program, "pin", *folders]
        pin = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        settings = {
            "button.pin": "none",
            "lamp.pin": "none",
            "retention.free-space": 0,
            "retention.pictures": "all",
            "camera.size": "1280x960",
            "engine.threads": options.threads,
            "picture.size": options.size,
            "web.address": "127.0.0.1",
            "log.level": "error",
        }
        words = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
        command = [options.program, "run", "--camera", "virtual", *folders, *words, "--port", str(port)]
        server = ServerProcess(command, f"http://127.0.0.1:{port}").start()
        try:
            load = Load(port, pin, server.process.pid)
            print(json.dumps(asyncio.run(load.run(options.phones, options.seconds, options.rounds)), indent=2))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
