"""Clients that mean harm, or behave as if they did: meanwhile and afterwards others are served within a second."""

import asyncio
import concurrent.futures
import contextlib
import io
import json
import os
import pathlib
import re
import socket
import time
import urllib.parse

import pytest
from PIL import Image

from server_process import PATIENCE

HONEST = "127.0.0.1"
# They can take all 320 connections and all 100 event streams: who comes then is given one of theirs.
HOSTILE = ["127.0.0.2", "127.0.0.5", "127.0.0.6", "127.0.0.7"]
# How long others may wait, in seconds; on a machine that is busy with other things this many times of what they wait anyway.
KINDNESS, TIMES = 1.0, 20
SECRET = "the-secret-beside-the-album"


class Target:
    """The server under test with its process, of which memory and album are read."""

    def __init__(self, address, pin):
        self.port = urllib.parse.urlsplit(address).port
        self.host = f"127.0.0.1:{self.port}"
        self.pin = pin
        self.process = self.find_process()
        words = (self.process / "cmdline").read_text().split("\0")
        self.album = pathlib.Path(words[words.index("--album") + 1])
        self.kindness = KINDNESS

    def find_process(self):
        local = f"{self.port:04X}"
        rows = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
        sockets = {f"socket:[{row[9]}]" for row in rows if row[1].endswith(f":{local}") and row[3] == "0A"}
        for link in pathlib.Path("/proc").glob("[0-9]*/fd/*"):
            with contextlib.suppress(OSError):
                if os.readlink(link) in sockets:
                    return link.parents[1]
        pytest.skip("the server is not on this machine")

    def memory(self):
        """Resident memory in MB."""
        return int(re.search(r"VmRSS:\s+(\d+)", (self.process / "status").read_text())[1]) / 1024

    async def connect(self, source=HOSTILE[0], room=None):
        client = socket.socket()
        if room:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        client.setblocking(False)
        client.bind((source, 0))
        await asyncio.get_running_loop().sock_connect(client, ("127.0.0.1", self.port))
        return client

    def head(self, method, path, *fields, host=None):
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host or self.host}", *fields, "", ""]
        return "\r\n".join(lines).encode("latin-1")

    async def ask(self, method, path, *fields, body=b"", source=HOSTILE[0], host=None):
        """Status, head and body of the answer on a connection of its own."""
        fields = [*fields, "Connection: close"] + ([f"Content-Length: {len(body)}"] if body else [])
        return await self.talk(self.head(method, path, *fields, host=host) + body, source)

    async def talk(self, data, source=HOSTILE[0]):
        """Sends as much as the server takes, and reads until it ends the connection."""
        client = await self.connect(source)
        sending = asyncio.ensure_future(send(client, data))
        got = await read(client)
        sending.cancel()
        await asyncio.wait([sending])
        client.close()
        head, _, body = got.partition(b"\r\n\r\n")
        status = int(head[9:12]) if head.startswith(b"HTTP/1.1 ") else None
        if b"chunked" in head.lower():
            body = body.split(b"\r\n", 1)[-1]
        return status, head.decode("latin-1").lower(), body

    async def is_kind_to_others(self):
        """Serves the health and a thumbnail to somebody else in time."""
        began = time.monotonic()
        for path in ("/api/health", self.thumbnail):
            status, _, body = await self.ask("GET", path, source=HONEST)
            assert status == 200 and body, path
        took = time.monotonic() - began
        assert took < self.kindness, f"{took:.2f} s of {self.kindness:.2f}"
        return took

    async def host_cookie(self):
        body = json.dumps({"pin": self.pin}).encode()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            status, head, _ = await self.ask(
                "POST", "/api/session", "Content-Type: application/json", body=body, source=HONEST
            )
            if status == 204:
                return re.search(r"set-cookie: (session=[0-9a-f]+)", head)[1]
            assert status == 429
            await asyncio.sleep(0.5)
        raise AssertionError("the host is locked out")

    async def figure(self, name):
        """What the server counts itself."""
        metrics = (await self.ask("GET", "/metrics", source=HONEST))[2].decode()
        return int(re.search(rf"^animesnap_{name} (\d+)", metrics, re.M)[1])

    async def until(self, name, is_so):
        """Waits until what the server counts is so."""
        deadline = time.monotonic() + PATIENCE
        while not is_so(count := await self.figure(name)):
            assert time.monotonic() < deadline, f"{name}: {count}"
            await asyncio.sleep(0.1)

    async def pictures(self):
        return json.loads((await self.ask("GET", "/api/pictures?limit=1", source=HONEST))[2])


# A client that sends a byte a second has that many.
SLOW_BYTES = 120


async def send(client, data):
    with contextlib.suppress(OSError):
        await asyncio.get_running_loop().sock_sendall(client, data)


async def read(client, until=None):
    """What comes until the end of the connection, or until this has come."""
    got = b""
    with contextlib.suppress(OSError, asyncio.TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while part := await asyncio.get_running_loop().sock_recv(client, 1 << 16):
                got += part
                if until and until in got:
                    break
    return got


async def is_ended(client):
    """Whether the server ends a connection, whatever it said before."""
    try:
        async with asyncio.timeout(SLOW_BYTES / 2):
            while await asyncio.get_running_loop().sock_recv(client, 1 << 16):
                pass
    except TimeoutError:
        return False
    except OSError:
        pass
    return True


async def are_ended(clients):
    """For each whether the server ends it."""
    return await asyncio.gather(*(is_ended(client) for client in clients))


async def connect_many(target, count, data=b"", room=None):
    """Connections from all hostile addresses; those that are refused at once are among them."""
    clients = []
    for place in range(count):
        with contextlib.suppress(OSError):
            client = await target.connect(HOSTILE[place % len(HOSTILE)], room)
            clients.append(client)
            await send(client, data)
    return clients


def run(coroutine):
    """Runs it in a thread of its own: the browser's loop runs in this one."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def close_all(clients):
    for client in clients:
        client.close()


@pytest.fixture(scope="module")
def target(site):
    if site.is_stand_in or not site.address.startswith("http://127.0.0.1:"):
        pytest.skip("needs the real server on this machine")
    target = Target(site.address, site.pin)

    async def warm_up():
        page = json.loads((await target.ask("GET", "/api/pictures?limit=20", source=HONEST))[2])
        target.thumbnail = next(one["photo"]["thumb"] for one in page["pictures"] if one["photo"]["thumb"])
        # What is made at the first time and kept is no leak.
        for path in ["/", "/api/styles", "/preview.jpg", "/api/archive.zip?numbers=1,2,3"]:
            await target.ask("GET", path, source=HONEST)
        target.kindness = max([KINDNESS, *[TIMES * await target.is_kind_to_others() for _ in range(5)]])
        # The first crowd makes the server's lists grow; the following ones find them grown.
        clients = await connect_many(target, 250, target.head("GET", "/api/events"))
        await target.until("event_streams", lambda count: count >= 8)
        close_all(clients)
        await target.until("connections", lambda count: count < 20)
        await target.is_kind_to_others()

    run(warm_up())
    target.memory_before = target.memory()
    return target


def test_half_open_connections(target):
    async def attack():
        clients = await connect_many(target, 200)
        await target.is_kind_to_others()
        # Ten seconds are all they have for a first request.
        ended = await are_ended(clients)
        assert all(ended), ended.count(False)
        close_all(clients)
        await target.is_kind_to_others()

    run(attack())


def test_one_byte_a_second(target):
    """Heads, and bodies of JSON and of photos; a body may be slow for 15 seconds."""

    async def drip(client, data):
        for byte in data:
            await send(client, bytes([byte]))
            await asyncio.sleep(1)

    async def attack():
        heads = await connect_many(target, 50)
        json_head = target.head("POST", "/api/session", "Content-Type: application/json", "Content-Length: 4000")
        photo_head = target.head("POST", "/api/uploads", "Content-Type: image/jpeg", "Content-Length: 4000000")
        bodies = await connect_many(target, 40, json_head) + await connect_many(target, 10, photo_head)
        request = target.head("GET", "/", "X-Slow: " + "a" * SLOW_BYTES)
        drips = [asyncio.ensure_future(drip(client, request)) for client in heads]
        drips += [asyncio.ensure_future(drip(client, b"x" * SLOW_BYTES)) for client in bodies]
        for _ in range(4):
            await asyncio.sleep(3)
            await target.is_kind_to_others()
        ended_heads, ended_bodies = await are_ended(heads), await are_ended(bodies)
        await target.is_kind_to_others()
        for task in drips:
            task.cancel()
        await asyncio.wait(drips)
        assert all(ended_heads), f"{ended_heads.count(False)} slow heads are still waited for"
        assert all(ended_bodies), f"{ended_bodies.count(False)} slow bodies are still waited for"
        close_all(heads + bodies)

    run(attack())


def test_heads_without_measure(target):
    async def attack():
        status, *_ = await target.ask("GET", "/api/health", *(f"X-Field-{place}: 1" for place in range(10_000)))
        assert status in (431, None)
        status, *_ = await target.talk(target.head("GET", "/api/health")[:-2] + b"X-Endless: " + b"a" * 20_000_000)
        assert status in (431, None)
        status, *_ = await target.talk(b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: " + target.host.encode())
        assert status in (400, 414, 431, None)
        await target.is_kind_to_others()

    run(attack())


@pytest.mark.parametrize(
    "fields",
    [
        ["Content-Length: 5", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: chunked", "Content-Length: 5"],
        ["Content-Length: 5", "Content-Length: 60"],
        ["Content-Length: 5, 60"],
        ["Content-Length: +5"],
        ["Content-Length: -5"],
        ["Transfer-Encoding: chunked, identity"],
        ["Transfer-Encoding: xchunked"],
        ["Transfer-Encoding : chunked"],
    ],
    ids=lambda fields: " ".join(fields),
)
def test_requests_that_can_be_read_in_two_ways(target, fields):
    """None is answered as two requests, and none of them well."""

    async def attack():
        hidden = target.head("GET", "/metrics")
        data = target.head("POST", "/api/session", "Content-Type: application/json", *fields) + b"0\r\n\r\n" + hidden
        status, _, body = await target.talk(data)
        assert status is None or status >= 400
        assert b"HTTP/1.1 " not in body and b"animesnap_" not in body
        await target.is_kind_to_others()

    run(attack())


def test_lines_that_end_in_bare_line_feeds(target):
    async def attack():
        lines = f"POST /api/session HTTP/1.1\nHost: {target.host}\nContent-Length: 0\nX: y\r\n\n"
        status, _, body = await target.talk(lines.encode() + target.head("GET", "/metrics"))
        assert status == 400 and b"animesnap_" not in body
        await target.is_kind_to_others()

    run(attack())


def traversals(name):
    """Ways to write "../NAME"."""
    ups = ["..", "%2e%2e", "%2E.", "..%00", "%252e%252e", "..;", "%c0%ae%c0%ae", "%uff0e%uff0e", "．．", "...."]
    slashes = ["/", "%2f", "%2F", "\\", "%5c", "%255c", "%252f", "%c0%af", "//", "/./"]
    for up in ups:
        for slash in slashes:
            yield up + slash + name
            yield (up + slash) * 6 + name


def test_paths_out_of_the_album(target):
    beside = target.album.parent / "secret.jpg"
    inside = target.album / "secret.jpg"
    link = target.album / "0001-secret.jpg"
    beside.write_text(SECRET)
    inside.write_text(SECRET)
    link.symlink_to(beside)

    async def attack():
        bases = ["/files/", "/files/0001-photo.jpg/", "/assets/", "/styles/", "/"]
        names = ["secret.jpg", "secret.jpg%00-photo.jpg", "state/pin"]
        paths = [base + way for base in bases for name in names for way in traversals(name)]
        paths += ["/files/secret.jpg", "/files/0001-secret.jpg", f"/files/{beside}", f"/files//{beside}"]
        paths += ["/files/.animesnap-counter", "/files/0001.pin", "//etc/passwd", "/files/%2fetc%2fpasswd"]
        client = await target.connect()
        for path in paths:
            await send(client, target.head("GET", path.encode().decode("latin-1")))
            got = b""
            while b"\r\n\r\n" not in got and (part := await asyncio.get_running_loop().sock_recv(client, 1 << 16)):
                got += part
            assert int(got[9:12]) in (400, 404), path
            assert SECRET.encode() not in got and b"root:" not in got, path
            if b"connection: close" in got.lower() or not got:
                client.close()
                client = await target.connect()
        client.close()
        print(len(paths), "paths")
        await target.is_kind_to_others()

    try:
        run(attack())
    finally:
        for file in (beside, inside, link):
            file.unlink()


def test_uploads_of_50_megabytes(target):
    async def attack():
        count = (await target.pictures())["count"]
        body = bytes(50_000_000)
        status, *_ = await target.ask("POST", "/api/uploads", "Content-Type: image/jpeg", body=body)
        assert status == 413
        head = target.head("POST", "/api/uploads", "Content-Type: image/jpeg", "Transfer-Encoding: chunked")
        chunk = b"100000\r\n" + bytes(1 << 20) + b"\r\n"
        status, *_ = await target.talk(head + chunk * 50 + b"0\r\n\r\n")
        assert status in (413, None)
        form = "Content-Type: multipart/form-data; boundary=b"
        part = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'
        status, *_ = await target.ask("POST", "/api/uploads", form, body=part + body + b"\r\n--b--\r\n")
        assert status in (413, None)
        await target.is_kind_to_others()
        assert (await target.pictures())["count"] == count

    run(attack())


def jpeg(picture, **options):
    out = io.BytesIO()
    picture.save(out, "JPEG", **options)
    return bytearray(out.getvalue())


def bombs():
    """Small files that ask for much memory or time."""
    claims = jpeg(Image.new("RGB", (16, 16)))
    size = claims.index(b"\xff\xc0") + 5
    claims[size : size + 4] = b"\xff\xdc\xff\xdc"
    yield "claims 65500 x 65500", claims
    yield "has 64 million pixels", jpeg(Image.new("L", (8000, 8000)), quality=20)
    scans = jpeg(Image.new("L", (6000, 6000), 90), progressive=True)
    last = scans.rindex(b"\xff\xda")
    yield "has 2000 scans", scans[:-2] + scans[last:-2] * 2000 + b"\xff\xd9"


def test_pictures_that_are_bombs(target):
    async def attack():
        count = (await target.pictures())["count"]
        for name, bomb in bombs():
            began = time.monotonic()
            sent = asyncio.ensure_future(
                target.ask("POST", "/api/uploads", "Content-Type: image/jpeg", body=bytes(bomb))
            )
            await asyncio.sleep(0.1)
            await target.is_kind_to_others()
            status, _, text = await sent
            print(f"{name}: {len(bomb)} bytes, {time.monotonic() - began:.2f} s, {text.decode()}")
            assert status in (413, 422), name
        assert (await target.pictures())["count"] == count

    run(attack())


def test_requests_from_other_sites(target):
    async def attack():
        cookie = "Cookie: " + await target.host_cookie()
        count = (await target.pictures())["count"]
        evil = "Origin: http://evil.example"
        kinds = [
            [evil, cookie],
            ["Origin: null", cookie],
            ["Sec-Fetch-Site: cross-site", cookie],
            ["Sec-Fetch-Site: same-site", cookie],
            [f"Origin: http://{target.host}.evil.example", cookie],
            [f"Origin: https://{target.host}", cookie],
            [cookie],
            [evil],
        ]
        wishes = [
            ("POST", "/api/wipe", b'{"confirm":"wipe"}'),
            ("POST", "/api/snap", b"{}"),
            ("POST", "/api/shutdown", b"{}"),
            ("DELETE", "/api/pictures/1", b""),
            ("PUT", "/api/settings", b'{"uploads":false}'),
        ]
        for fields in kinds:
            for method, path, body in wishes:
                for kind in ("application/json", "text/plain"):
                    status, *_ = await target.ask(method, path, f"Content-Type: {kind}", *fields, body=body)
                    assert status == 403, (method, path, fields)
        # A form of another site can be sent without asking first; the cookie does not matter then.
        status, *_ = await target.ask("POST", "/api/uploads", "Content-Type: multipart/form-data; boundary=b", evil)
        assert status == 403
        assert (await target.pictures())["count"] == count
        await target.is_kind_to_others()

    run(attack())


def test_names_that_are_not_the_servers(target):
    async def attack():
        port = target.port
        wishes = [("GET", "/"), ("GET", "/api/session"), ("GET", target.thumbnail), ("POST", "/api/snap")]
        for host in ["evil.example", f"evil.example:{port}", "127.0.0.1.evil.example", "localhost.evil", "[::1].a"]:
            for method, path in wishes:
                status, _, body = await target.ask(method, path, f"Origin: http://{host}", host=host)
                assert status == 421, (host, path)
            status, head, _ = await target.ask("GET", "/generate_204", host=host)
            assert status == 302 and "evil" not in re.search("location: (.*)", head)[1]
        await target.is_kind_to_others()

    run(attack())


def test_a_flood_of_pins(target):
    async def attack():
        async def guess(pin):
            body = json.dumps({"pin": f"{pin:06}"}).encode()
            source = HOSTILE[pin % len(HOSTILE)]
            kind = "Content-Type: application/json"
            return (await target.ask("POST", "/api/session", kind, body=body, source=source))[0]

        wrong = int(target.pin) + 1
        for first in range(0, 400, 20):
            seen = await asyncio.gather(*(guess((wrong + first + place) % 1_000_000) for place in range(20)))
            assert set(seen) <= {403, 429}
            if first % 100 == 0:
                await target.is_kind_to_others()
        assert set(seen) == {429}
        # The host is elsewhere and comes in.
        await target.host_cookie()

    run(attack())


def test_500_event_streams(target):
    async def attack():
        clients = await connect_many(target, 500, target.head("GET", "/api/events"))
        assert len(clients) == 500
        await target.is_kind_to_others()
        honest = await target.connect(HONEST)
        await send(honest, target.head("GET", "/api/events"))
        assert b"event: state" in await read(honest, until=b"event: state")
        assert await target.figure("event_streams") <= 100
        close_all([*clients, honest])
        await target.until("connections", lambda count: count < 20)
        await target.is_kind_to_others()

    run(attack())


def test_previews_that_nobody_reads(target):
    async def attack():
        clients = await connect_many(target, 30, target.head("GET", "/preview.mjpg"), room=4096)
        # Twenty seconds of patience begin when the kernel takes no more, which a slow machine reaches later.
        deadline = time.monotonic() + PATIENCE
        while await target.figure("connections") >= len(clients):
            assert time.monotonic() < deadline
            await asyncio.sleep(3)
            await target.is_kind_to_others()
        status, _, frame = await target.ask("GET", "/preview.jpg", source=HONEST)
        assert status == 200 and frame.startswith(b"\xff\xd8")
        close_all(clients)

    run(attack())


def test_memory_is_given_back(target):
    most = target.memory_before + 10
    deadline = time.monotonic() + PATIENCE
    while (now := target.memory()) > most and time.monotonic() < deadline:
        time.sleep(0.2)
    print(f"resident memory: {target.memory_before:.1f} MB before, {now:.1f} MB after")
    assert now < most
