"""stand_in_server.py [--port N] [--pictures N] [--pace SECONDS]: speaks the interface of AnimeSnap's web server with
pictures made by code, so that the pages can be worked on without a build. The PIN is 123456. It keeps nothing."""

import argparse
import asyncio
import io
import itertools
import json
import math
import pathlib
import random
import re
import time
import zipfile

import qrcode
import qrcode.image.svg
from aiohttp import web
from PIL import Image, ImageDraw

import scenes
from page_files import ROOT, page_files
from stand_in_booth import CAPACITY, COLOURS, NUMBERS, STYLES, Booth

PIN = "123456"
COOKIE = "stand-in"
DOCUMENT = json.loads((ROOT / "Sources" / "Web" / "API" / "openapi.json").read_text())
VERSION = DOCUMENT["info"]["version"]
LIMITS = {
    name: DOCUMENT["components"]["schemas"]["Session"]["properties"][name]["default"]
    for name in ("max_upload_bytes", "max_upload_pixels")
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
KINDS = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
routes = web.RouteTableDef()


def problem(status, detail, **headers):
    body = json.dumps({"type": "about:blank", "title": "Refused", "status": status, "detail": detail})
    return web.Response(status=status, text=body, content_type="application/problem+json", headers=headers)


def booth_of(request):
    return request.app["booth"]


def number_of(request):
    """The number of a picture that is there."""
    number = int(request.match_info["number"])
    if number not in booth_of(request).pictures:
        raise web.HTTPNotFound
    return number


def is_host(request):
    return request.cookies.get("session") == COOKIE


@web.middleware
async def guard(request, handler):
    if (
        request.method not in ("GET", "HEAD")
        and request.headers.get("Origin", f"http://{request.host}") != f"http://{request.host}"
    ):
        return problem(403, "This request came from another site.")
    try:
        response = await handler(request)
    except web.HTTPNotFound:
        response = problem(404, "There is nothing at this address.")
    if not response.prepared:
        response.headers.update(
            {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
        )
    return response


def host_only(handler):
    async def guarded(request):
        return await handler(request) if is_host(request) else problem(403, "Only the host may do that; enter the PIN.")

    return guarded


@routes.get("/api/session")
async def session(request):
    return web.json_response(
        {
            "role": "host" if is_host(request) else "guest",
            "uploads": booth_of(request).settings["uploads"],
            "snap_needs_pin": True,
            "version": VERSION,
            "name": "AnimeSnap",
            "address": f"http://{request.host}/",
            **LIMITS,
            "wifi": True,
        }
    )


@routes.post("/api/session")
async def sign_in(request):
    booth = booth_of(request)
    left = math.ceil(booth.locked_until - time.time())
    if left > 0:
        return problem(429, "Too many wrong PINs.", **{"Retry-After": str(left)})
    if (await request.json()).get("pin") != PIN:
        booth.wrong += 1
        if booth.wrong % 5 == 0:
            booth.locked_until = time.time() + 3
        return problem(403, "This is not the PIN.")
    response = web.Response(status=204)
    response.set_cookie("session", COOKIE, httponly=True, samesite="Strict")
    return response


@routes.delete("/api/session")
async def sign_out(request):
    response = web.Response(status=204)
    response.del_cookie("session")
    return response


@routes.get("/api/pictures")
async def pictures(request):
    booth = booth_of(request)
    before, limit = int(request.query.get("before", 10**9)), int(request.query.get("limit", 50))
    fits = lambda picture: ("style" not in request.query or request.query["style"] in picture["styles"]) and (
        request.query.get("pinned") != "true" or picture["pinned"]
    )
    numbers = sorted((number for number, picture in booth.pictures.items() if fits(picture)), reverse=True)
    page = [number for number in numbers if number < before][: limit + 1]
    following = page[limit - 1] if len(page) > limit else None
    return web.json_response(
        {"pictures": [booth.describe(number) for number in page[:limit]], "next": following, "count": len(numbers)}
    )


@routes.get(r"/api/pictures/{number:\d+}")
async def picture(request):
    return web.json_response(booth_of(request).describe(number_of(request)))


@routes.delete(r"/api/pictures/{number:\d+}")
@host_only
async def delete(request):
    number = number_of(request)
    booth_of(request).pictures.pop(number)
    booth_of(request).tell("deleted", {"number": number})
    return web.Response(status=204)


@host_only
async def set_pin(request):
    number = number_of(request)
    booth_of(request).pictures[number]["pinned"] = request.method == "PUT"
    booth_of(request).tell("picture", booth_of(request).describe(number))
    return web.Response(status=204)


@routes.post(r"/api/pictures/{number:\d+}/conversions")
async def convert(request):
    booth, number, wishes = booth_of(request), number_of(request), await request.json()
    style, size, faces = wishes["style"], wishes.get("size"), wishes.get("faces")
    colours = [wishes[part] for part in ("hair", "eyes") if part in wishes]
    picture = booth.pictures[number]
    if size not in (None, *range(64, 1921)):
        return problem(422, "This size is not possible.")
    if faces not in (None, "auto", "off", "only"):
        return problem(422, "This is not possible with faces.")
    if not COLOURS.issuperset(colours) or (colours and style not in booth.values):
        return problem(422, "This colour is not possible.")
    if style in picture["waiting"] or (style in picture["styles"] and not (size or faces or colours)):
        return problem(409, "It is there or waits already.")
    picture["waiting"].append(style)
    booth.queue.append((number, style))
    booth.tell("picture", booth.describe(number))
    return web.json_response(
        {
            "id": f"{number}-{style}",
            "number": number,
            "style": style,
            "state": "waiting",
            "progress": 0,
            "position": len(booth.queue),
        },
        status=202,
    )


@routes.get(r"/files/{name:(\d+)-([a-z0-9]+?)(-preview|-thumb)?\.jpg}")
async def file(request):
    number, part, size = re.fullmatch(r"(\d+)-([a-z0-9]+?)(-preview|-thumb)?\.jpg", request.match_info["name"]).groups()
    booth = booth_of(request)
    if int(number) not in booth.pictures:
        return problem(404, "There is no such file.")
    files = await asyncio.to_thread(booth.image, int(number), part)
    headers = {"Cache-Control": "no-cache", "ETag": f'"{request.match_info["name"]}"'}
    if "download" in request.query:
        headers["Content-Disposition"] = f'attachment; filename="{request.match_info["name"]}"'
    return web.Response(body=files[size or ""], content_type="image/jpeg", headers=headers)


@routes.get("/api/archive.zip")
async def archive(request):
    booth, data = booth_of(request), io.BytesIO()
    wished = [int(text) for text in request.query.get("numbers", "").split(",") if text] or list(booth.pictures)[:20]
    with zipfile.ZipFile(data, "w") as packed:
        for number in wished:
            packed.writestr(f"{number:04}-photo.jpg", booth.image(number, "photo")[""])
    return web.Response(
        body=data.getvalue(),
        content_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="animesnap.zip"'},
    )


@routes.post("/api/snap")
@host_only
async def snap(request):
    booth, wishes = booth_of(request), await request.json() if request.can_read_body else {}

    async def take():
        for left in range(wishes.get("countdown", 0), 0, -1):
            booth.set_state("counting", countdown=left)
            await asyncio.sleep(1)
        booth.set_state("capturing")
        booth.add(scenes.photo(random.randrange(scenes.KINDS)), wishes.get("style", booth.settings["style"]))
        await asyncio.sleep(0.1)
        booth.set_state("ready")

    request.app["tasks"].append(asyncio.create_task(take()))
    return web.json_response({"state": "counting"}, status=202)


@routes.post("/api/uploads")
async def upload(request):
    booth = booth_of(request)
    if not (is_host(request) or booth.settings["uploads"]):
        return problem(403, "Uploads are for the host.")
    if request.content_type != "image/jpeg":
        return problem(415, "A photo is sent as image/jpeg.")
    body = await request.read()
    if len(body) > LIMITS["max_upload_bytes"]:
        return problem(413, "The photo is too large.")
    if len(booth.queue) >= CAPACITY:
        return problem(503, "The queue is full.", **{"Retry-After": "1"})
    try:
        image = Image.open(io.BytesIO(body))
        image.load()
    except OSError:
        return problem(422, "This is not a JPEG that can be read.")
    image.thumbnail((1280, 1280))
    return web.json_response(
        {"pictures": [booth.add(image, request.query.get("style", booth.settings["style"]))]}, status=201
    )


def job_list(booth):
    waiting = [
        {"number": number, "style": style, "state": "waiting", "progress": 0, "position": place + 1}
        for place, (number, style) in enumerate(booth.queue)
    ]
    running = [{**booth.running, "state": "running", "position": 0}] if booth.running else []
    return [{"id": f"{job['number']}-{job['style']}", **job} for job in running + waiting]


@routes.get("/api/jobs")
async def jobs(request):
    return web.json_response({"jobs": job_list(booth_of(request))})


@routes.get("/api/jobs/{id}")
async def job(request):
    for one in job_list(booth_of(request)):
        if one["id"] == request.match_info["id"]:
            return web.json_response(one)
    raise web.HTTPNotFound


@routes.delete("/api/jobs/{id}")
@host_only
async def cancel(request):
    booth = booth_of(request)
    if not any(one["id"] == request.match_info["id"] for one in job_list(booth)):
        raise web.HTTPNotFound
    number, style = request.match_info["id"].split("-", 1)
    booth.queue = [job for job in booth.queue if job != (int(number), style)]
    if int(number) in booth.pictures:
        booth.pictures[int(number)]["waiting"] = []
        booth.tell("picture", booth.describe(int(number)))
    return web.Response(status=204)


@routes.get("/api/styles")
async def styles(request):
    return web.json_response(
        {
            "styles": STYLES,
            "current": booth_of(request).settings["style"],
        }
    )


@routes.get("/styles/{name}.jpg")
async def sample(request):
    if request.match_info["name"] not in {style["name"] for style in STYLES}:
        return problem(404, "There is no such style.")
    return web.Response(
        body=scenes.kept_renditions(5, request.match_info["name"])["-preview"], content_type="image/jpeg"
    )


@routes.get("/api/styles/{name}/values")
@host_only
async def style_values(request):
    values = booth_of(request).style_values(request.match_info["name"])
    return problem(404, "There is no drawn style of this name.") if values is None else web.json_response(values)


@routes.put("/api/styles/{name}/values")
@host_only
async def set_style_values(request):
    booth, name = booth_of(request), request.match_info["name"]
    wishes = await request.json() if request.can_read_body else {}
    if booth.style_values(name) is None:
        return problem(404, "There is no drawn style of this name.")
    if not all(key in NUMBERS and NUMBERS[key][1] <= value <= NUMBERS[key][2] for key, value in wishes.items()):
        return problem(422, "This value is not possible.")
    booth.values[name] = wishes
    return web.json_response(booth.style_values(name))


@routes.post("/api/styles/{name}/trials")
@host_only
async def try_style(request):
    booth, name = booth_of(request), request.match_info["name"]
    if booth.style_values(name) is None:
        return problem(404, "There is no drawn style of this name.")
    booth.trials.append(await request.json() if request.can_read_body else {})
    return web.Response(
        body=scenes.kept_renditions(len(booth.trials) % scenes.KINDS, name)["-preview"],
        content_type="image/jpeg",
        headers={"Cache-Control": "no-store"},
    )


@routes.get("/api/settings")
@host_only
async def settings(request):
    return web.json_response(booth_of(request).settings)


@routes.put("/api/settings")
@host_only
async def set_settings(request):
    wishes = await request.json()
    if wishes.get("countdown", 0) > 60:
        return problem(422, "countdown is 0 to 60")
    booth_of(request).settings.update(wishes)
    return web.json_response(booth_of(request).settings)


@routes.get("/api/health")
async def health(request):
    return web.json_response(booth_of(request).health())


@routes.get("/metrics")
async def metrics(request):
    return web.Response(text=f"animesnap_event_streams {len(booth_of(request).listeners)}\n")


@routes.get("/api/history")
@host_only
async def history(request):
    wave = [round(50 + 4 * math.sin(step / 19) + random.Random(step).uniform(-0.4, 0.4), 1) for step in range(240)]
    stages = [
        {
            "time": None,
            "see": 30 + step % 4,
            "faces": 410 + 90 * math.sin(step / 3),
            "decode": 18 + step % 5,
            "network": 640 + 40 * math.sin(step),
            "enlarge": 220 + step % 9,
            "encode": 24 + step % 3,
        }
        for step in range(40)
    ]
    return web.json_response(
        {
            "step_s": 15,
            "temperature_c": wave[:100] + [None] * 6 + wave[106:],
            "memory_rss_mb": [46 + (step // 40) % 3 for step in range(240)],
            "stages_ms": stages,
        }
    )


@routes.post("/api/export")
@host_only
async def export(request):
    return web.Response(status=202)


@routes.post("/api/wipe")
@host_only
async def wipe(request):
    if (await request.json()).get("confirm") != "wipe":
        return problem(422, "confirm has to be 'wipe'")
    for number in list(booth_of(request).pictures):
        del booth_of(request).pictures[number]
        booth_of(request).tell("deleted", {"number": number})
    return web.Response(status=204)


@routes.post("/api/shutdown")
@host_only
async def shutdown(request):
    return web.Response(status=202)


def code(text):
    image = qrcode.make(text, image_factory=qrcode.image.svg.SvgPathImage, border=2)
    return web.Response(body=image.to_string(), content_type="image/svg+xml")


@routes.get("/api/wifi.svg")
@host_only
async def wifi(request):
    return code("WIFI:T:WPA;S:AnimeSnap;P:sakura-party;;")


@routes.get("/api/qr.svg")
async def qr(request):
    return code(f"http://{request.host}{request.query['path']}")


@routes.get("/api/events")
async def events(request):
    booth, mine = booth_of(request), asyncio.Queue()
    last = int(request.headers.get("Last-Event-ID", 0) or 0)
    for event in booth.told[-200:] if 0 < last <= len(booth.told) else []:
        if event[0] > last:
            mine.put_nowait(event)
    mine.put_nowait((len(booth.told), "state", json.dumps(booth.state)))
    mine.put_nowait((len(booth.told), "health", json.dumps(booth.health())))
    booth.listeners.add(mine)
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    try:
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        while True:
            number, kind, data = await mine.get()
            await response.write(f"id: {number}\nevent: {kind}\ndata: {data}\n\n".encode())
    except (ConnectionError, asyncio.CancelledError):
        return response
    finally:
        booth.listeners.discard(mine)


def frame_now(frame):
    picture = scenes.photo(3).resize((640, 480))
    x, y = 320 + 200 * math.sin(frame / 9), (frame * 7) % 480
    ImageDraw.Draw(picture).ellipse([x - 9, y - 6, x + 9, y + 6], fill=(255, 190, 210))
    return scenes.jpeg(picture, quality=70)


@routes.get("/preview.mjpg")
async def preview_stream(request):
    response = web.StreamResponse(headers={"Content-Type": "multipart/x-mixed-replace; boundary=frame"})
    await response.prepare(request)
    for frame in itertools.count():
        await response.write(b"--frame\r\nContent-Type: image/jpeg\r\n\r\n" + frame_now(frame) + b"\r\n")
        await asyncio.sleep(0.13)


@routes.get("/api/openapi.json")
async def document(request):
    return web.json_response(DOCUMENT)


@routes.get("/preview.jpg")
async def preview(request):
    frame = int((time.time() - booth_of(request).started) * 8) + 1
    if frame <= int(request.query.get("after", 0)):
        await asyncio.sleep(0.13)
        frame += 1
    return web.Response(
        body=frame_now(frame),
        content_type="image/jpeg",
        headers={"X-Frame-Number": str(frame), "Cache-Control": "no-store"},
    )


async def page(request):
    is_shell = re.fullmatch(r"/|/p/\d+|/(upload|snap|show|host|styles)", request.path)
    path = "index.html" if is_shell else request.path.removeprefix("/assets").removeprefix("/")
    found = page_files().get(path)
    if found is None:
        return problem(404, "There is nothing at this address.")
    kind = KINDS[pathlib.PurePath(path).suffix] + "; charset=utf-8"
    return web.Response(body=found, headers={"Content-Type": kind, "Cache-Control": "no-cache"})


def make_app(count, pace):
    app = web.Application(middlewares=[guard], client_max_size=2 * LIMITS["max_upload_bytes"])
    app["booth"], app["tasks"] = Booth(count, pace), []
    app.add_routes(routes)
    app.router.add_put(r"/api/pictures/{number:\d+}/pin", set_pin)
    app.router.add_delete(r"/api/pictures/{number:\d+}/pin", set_pin)
    app.router.add_get("/{path:.*}", page)

    async def start(app):
        app["tasks"] += [asyncio.create_task(app["booth"].work()), asyncio.create_task(app["booth"].beat())]

    async def stop(app):
        for task in app["tasks"]:
            task.cancel()

    app.on_startup.append(start)
    app.on_shutdown.append(stop)
    return app


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=8090)
    options.add_argument("--pictures", type=int, default=60)
    options.add_argument("--pace", type=float, default=1.5, help="seconds to paint a picture")
    wishes = options.parse_args()
    web.run_app(
        make_app(wishes.pictures, wishes.pace), host="127.0.0.1", port=wishes.port, print=None, shutdown_timeout=0.5
    )
