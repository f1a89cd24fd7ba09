"""What all browser tests share: the server, Chromium, and pages that watch for errors while a test runs."""

import os
import time

import pytest
from playwright.sync_api import sync_playwright

import scenes
from page_files import ROOT
from server_process import PATIENCE, ServerProcess, stand_in

SHOTS = ROOT / ".build" / "web"
SIZES = {"phone": (360, 740), "tablet": (820, 1180), "television": (1920, 1080)}


def pytest_addoption(parser):
    parser.addoption("--address", help="base URL of a server that runs already, or that --server starts")
    parser.addoption("--stand-in", action="store_true", help="start the stand-in server (without --address always)")
    parser.addoption("--server", help="command that starts a server at --address")
    parser.addoption("--album", type=int, default=6, help="pictures that the album has at least before the tests begin")
    parser.addoption("--pin", default=os.environ.get("ANIMESNAP_PIN", "123456"))


class Site:
    """The server under test; control starts and stops it and is None where it is not ours."""

    def __init__(self, config):
        address, command = config.getoption("--address"), config.getoption("--server")
        self.pin = config.getoption("--pin")
        self.is_stand_in = config.getoption("--stand-in") or not address
        if self.is_stand_in:
            self.control = stand_in(pictures=60, pace=1.0)
        else:
            self.control = ServerProcess(command, address) if command else None
        self.address = self.control.address if self.control else address


@pytest.fixture(scope="session")
def site(pytestconfig):
    site = Site(pytestconfig)
    if site.control:
        site.control.start()
    yield site
    if site.control:
        site.control.stop()


@pytest.fixture
def controlled(site):
    if not site.control:
        pytest.skip("the server is not ours to stop; give --server or --stand-in")
    return site


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        names = "--host-resolver-rules=MAP animesnap.local 127.0.0.1"
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", names])
        yield browser
        browser.close()


class Visit:
    """A page in a browser of its own, and what went wrong in it."""

    def __init__(self, browser, site, size, scheme, locale, role, motion):
        self.site = site
        width, height = SIZES.get(size, size)
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            locale=locale,
            has_touch=size != "television",
            reduced_motion=motion,
            base_url=site.address,
        )
        self.errors, self.foreign, self.allowed = [], [], []
        if role == "host":
            answer = self.context.request.post("/api/session", data={"pin": site.pin})
            assert answer.status == 204, answer.text()
        self.page = self.context.new_page()
        self.page.set_default_timeout(1000 * PATIENCE)
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.context.on("request", self.see)
        # Counts every shift that no touch or key explains.
        self.page.add_init_script(
            "window.shifts = []; new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput)"
            " window.shifts.push([entry.value, entry.sources.map((source) => source.node?.className || source.node?.nodeName)]);"
            " }).observe({type: 'layout-shift', buffered: true});"
        )

    def hear(self, message):
        text = f"{message.text} {message.location.get('url', '')}"
        if message.type in ("error", "warning") and not any(part in text for part in self.allowed):
            self.errors.append(text)

    def see(self, request):
        if not request.url.startswith((self.site.address, "blob:", "data:")):
            self.foreign.append(request.url)

    def open(self, path, settle=True):
        self.page.goto(path)
        self.page.wait_for_selector("#page > *")
        if settle:
            self.settle()
        return self.page

    def settle(self):
        """Waits until what can be seen is loaded and still."""
        self.page.wait_for_function(
            "() => [...document.images].every((image) => { const box = image.getBoundingClientRect();"
            " return image.hidden || !image.src || box.bottom < 0 || box.top > innerHeight || image.complete; })"
        )
        # What must not move shows only with time.
        self.page.wait_for_timeout(700)
        self.page.wait_for_function(
            "() => document.getAnimations().every((one) => one.playState !== 'running'"
            " || one.effect.getComputedTiming().endTime === Infinity)"
        )

    def scroll(self, place):
        """Scrolls to a distance from the top, at most to the end, and waits until the page has drawn itself there."""
        return self.page.evaluate(
            "async (top) => { scrollTo({top, behavior: 'instant'}); for (const _ of [1, 2])"
            " await new Promise(requestAnimationFrame); return scrollY; }",
            place,
        )

    def shifts(self):
        return self.page.evaluate("window.shifts")

    def check(self):
        assert not self.errors, self.errors
        assert not self.foreign, self.foreign


@pytest.fixture
def visit(browser, site):
    """visit(size=..., scheme=..., locale=..., role=..., motion=...) gives a Visit; its errors fail the test at the end."""
    visits = []

    def begin(size="phone", scheme="light", locale="en-GB", role="guest", motion="no-preference", at=None):
        visits.append(Visit(browser, at or site, size, scheme, locale, role, motion))
        return visits[-1]

    yield begin
    for one in visits:
        one.context.close()
    for one in visits:
        one.check()


def upload(context, body):
    """Uploads a photo, again and again while the server has no room for it, and gives back its number."""
    deadline = time.monotonic() + PATIENCE
    while True:
        answer = context.request.post("/api/uploads", data=body, headers={"Content-Type": "image/jpeg"})
        if answer.status != 503 or time.monotonic() > deadline:
            break
        time.sleep(float(answer.headers.get("retry-after", 1)) / 5)
    assert answer.status == 201, answer.text()
    return answer.json()["pictures"][0]["number"]


@pytest.fixture
def send_photo(site, browser):
    """send_photo(kind) uploads one picture beside the page under test, as the host, and gives back its number."""
    context = browser.new_context(base_url=site.address, extra_http_headers={"Origin": site.address})
    context.request.post("/api/session", data={"pin": site.pin})
    yield lambda kind=1: upload(context, scenes.jpeg(scenes.photo(kind), 800))
    context.close()


@pytest.fixture(scope="session", autouse=True)
def some_pictures(site, browser, pytestconfig):
    """A server with too small an album gets more pictures first; every third of them in a second style."""
    context = browser.new_context(base_url=site.address, extra_http_headers={"Origin": site.address})
    context.request.post("/api/session", data={"pin": site.pin})
    there = context.request.get("/api/pictures?limit=1").json()["count"]
    for number in range(there, pytestconfig.getoption("--album")):
        kind = upload(context, scenes.jpeg(scenes.photo(number % scenes.KINDS)))
        if number % 3 == 0 and not site.is_stand_in:
            context.request.post(f"/api/pictures/{kind}/conversions", data={"style": "cute"})
    deadline = time.monotonic() + 5 * PATIENCE
    while context.request.get("/api/jobs").json()["jobs"]:
        assert time.monotonic() < deadline, "the first pictures are still not painted"
        time.sleep(0.2)
    context.close()


@pytest.fixture
def slow_painting(site, browser):
    """Large pictures for one test: small ones are painted before anybody sees their progress."""
    if site.is_stand_in:
        yield
        return
    context = browser.new_context(base_url=site.address, extra_http_headers={"Origin": site.address})
    context.request.post("/api/session", data={"pin": site.pin})
    size = context.request.get("/api/settings").json()["size"]
    context.request.put("/api/settings", data={"size": 4096})
    yield
    context.request.put("/api/settings", data={"size": size})
    context.close()


@pytest.fixture
def newest(site, browser):
    context = browser.new_context(base_url=site.address, extra_http_headers={"Origin": site.address})
    number = next(
        one["number"] for one in context.request.get("/api/pictures?limit=20").json()["pictures"] if one["anime"]
    )
    context.close()
    return number
