"""Uploads: many at once, each with its progress; large ones made smaller; a full queue waited for."""

import io

import numpy
from PIL import Image

import scenes
from conftest import SHOTS
from server_process import PATIENCE

# A full queue answers 503, which browsers report; the page waits and tries again.
FULL = "503 (Service Unavailable)"


def photos(count):
    return [
        {"name": f"party-{index}.jpg", "mimeType": "image/jpeg", "buffer": scenes.jpeg(scenes.photo(index % 12), 640)}
        for index in range(count)
    ]


def done(count):
    return f"() => document.querySelectorAll('.upload-row.done').length === {count}"


def test_twenty_pictures_at_once(visit):
    here = visit(size="tablet")
    here.allowed.append(FULL)
    page = here.open("/upload")
    page.locator("input[type=file]").first.set_input_files(photos(20))
    assert page.locator(".upload-row").count() == 20
    assert page.locator(".upload-row progress").count() == 20
    page.wait_for_timeout(1500)
    page.screenshot(path=SHOTS / "upload-tablet-twenty.png")
    page.wait_for_function(done(20), timeout=5000 * PATIENCE)
    assert page.get_by_role("status").filter(has_text="20 uploaded / 20").count() == 1
    numbers = page.evaluate("[...document.querySelectorAll('.upload-row a')].map((one) => one.pathname)")
    assert len(set(numbers)) == 20
    page.wait_for_selector(".upload-row img.anime.there")


def test_a_photo_that_fits_is_sent_as_it_is_and_a_large_one_smaller(visit):
    here = visit()
    here.allowed.append(FULL)
    sent = []
    here.context.on(
        "request", lambda request: request.method == "POST" and "/api/uploads" in request.url and sent.append(request)
    )
    facts = here.context.request.get("/api/session").json()
    here.context.route(
        "**/api/session",
        lambda route: route.fulfill(json={**facts, "max_upload_pixels": 200_000, "max_upload_bytes": 400_000}),
    )
    page = here.open("/upload")
    small = scenes.jpeg(scenes.photo(1), 400)
    noise = Image.fromarray(numpy.random.default_rng(1).integers(0, 255, (900, 1200, 3), dtype="uint8"))
    page.locator("input[type=file]").first.set_input_files(
        [
            {"name": "small.jpg", "mimeType": "image/jpeg", "buffer": small},
            {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": scenes.jpeg(noise)},
        ]
    )
    page.wait_for_function(done(2))
    sizes = sorted(
        Image.open(io.BytesIO(request.post_data_buffer)).size for request in sent if request.post_data_buffer
    )
    for width, height in sizes:
        assert width * height <= 200_000
    assert any(request.post_data_buffer == small for request in sent) or not sizes


def test_a_png_becomes_a_jpeg_and_what_is_no_picture_is_refused(visit):
    here = visit()
    here.allowed.append(FULL)
    page = here.open("/upload")
    png = io.BytesIO()
    scenes.photo(2).resize((320, 240)).save(png, "PNG")
    page.locator("input[type=file]").first.set_input_files(
        [
            {"name": "drawing.png", "mimeType": "image/png", "buffer": png.getvalue()},
            {"name": "broken.jpg", "mimeType": "image/jpeg", "buffer": b"not a photo"},
        ]
    )
    page.wait_for_function(done(1))
    row = page.locator(".upload-row").filter(has_text="broken.jpg")
    row.get_by_text("This file is not a photo that can be read.").wait_for()
    assert row.get_by_role("button", name="Try again").is_visible()


def test_photos_can_be_dropped(visit):
    here = visit(size="television")
    here.allowed.append(FULL)
    page = here.open("/upload")
    data = page.evaluate_handle(
        "(bytes) => { const data = new DataTransfer(); const file = new File([new Uint8Array(bytes)], 'dropped.jpg',"
        " {type: 'image/jpeg'}); data.items.add(file); return data; }",
        list(scenes.jpeg(scenes.photo(6), 240)),
    )
    page.dispatch_event(".drop", "dragover", {"dataTransfer": data})
    assert page.locator(".drop.over").count() == 1
    page.dispatch_event(".drop", "drop", {"dataTransfer": data})
    page.wait_for_function(done(1))
