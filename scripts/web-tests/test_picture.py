"""One picture: before and after by keyboard, mouse and finger; styles; download; share; code."""

import pytest

from conftest import SHOTS


@pytest.fixture
def picture(visit, newest):
    here = visit(size="tablet")
    here.open(f"/p/{newest}")
    return here


def value(page):
    return int(page.get_by_role("slider").get_attribute("aria-valuenow"))


def test_the_slider_obeys_the_keyboard(picture):
    page = picture.page
    slider = page.get_by_role("slider", name="Before and after")
    slider.focus()
    assert value(page) == 50
    for key, expected in [
        ("ArrowRight", 52),
        ("ArrowUp", 54),
        ("ArrowLeft", 52),
        ("ArrowDown", 50),
        ("PageUp", 70),
        ("PageDown", 50),
        ("Home", 0),
        ("ArrowLeft", 0),
        ("End", 100),
        ("ArrowRight", 100),
    ]:
        page.keyboard.press(key)
        assert value(page) == expected, key
    assert slider.get_attribute("aria-valuetext") == "100 % photo"
    clip = page.evaluate("getComputedStyle(document.querySelector('.frame .before')).clipPath")
    assert clip in ("inset(0px)", "inset(0px 0% 0px 0px)", "inset(0px calc(0%) 0px 0px)") or "0%" in clip, clip


def test_the_slider_follows_mouse_and_finger(picture):
    page = picture.page
    box = page.locator(".frame").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.2, middle, steps=4)
    page.mouse.up()
    assert abs(value(page) - 20) <= 1
    page.touchscreen.tap(box["x"] + box["width"] * 0.8, middle)
    assert abs(value(page) - 80) <= 1
    page.mouse.move(box["x"] + box["width"] * 0.1, middle)
    assert abs(value(page) - 80) <= 1


def test_another_style_is_painted_and_shown(visit, send_photo):
    number = send_photo(7)
    here = visit()
    page = here.open(f"/p/{number}")
    page.wait_for_selector(".compare:not(.single)")
    wish = page.locator("button.wish").first
    name = wish.get_attribute("data-style")
    wish.click()
    page.wait_for_selector(f"button[data-style='{name}'][aria-pressed='true']")
    assert f"-{name}" in page.locator(".frame .after").get_attribute("src")
    other = page.locator("button[data-style][aria-pressed='false']").first
    style = other.get_attribute("data-style")
    other.click()
    assert f"-{style}" in page.locator(".frame .after").get_attribute("src")


def test_a_style_is_painted_anew_in_another_size(site, visit, send_photo):
    number = send_photo(8)
    here = visit()
    page = here.open(f"/p/{number}")
    page.wait_for_selector(".compare:not(.single)")
    style = page.locator("button[data-style][aria-pressed='true']").get_attribute("data-style")
    again = page.get_by_role("button", name="Paint again")
    assert again.get_attribute("aria-disabled") == "true"
    page.get_by_role("combobox", name="Size of anime pictures").select_option("512")
    assert again.get_attribute("aria-disabled") == "false"
    again.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(f".frame .after[src*='-{style}'][src*='?v=1']")
    page.wait_for_function("() => document.querySelector('.frame .after').naturalWidth > 0")
    if not site.is_stand_in:
        script = "(({naturalWidth: width, naturalHeight: height}) => Math.max(width, height))"
        assert page.evaluate(script + "(document.querySelector('.frame .after'))") == 512
    with page.expect_download() as download:
        page.get_by_role("link", name="Anime", exact=True).click()
    assert download.value.suggested_filename == f"{number:04}-{style}.jpg"


def test_a_style_is_painted_anew_with_its_faces_done_otherwise(visit, send_photo):
    number = send_photo(8)
    page = visit().open(f"/p/{number}")
    page.wait_for_selector(".compare:not(.single)")
    style = page.locator("button[data-style][aria-pressed='true']").get_attribute("data-style")
    page.get_by_role("combobox", name="Faces").select_option("off")
    with page.expect_request(f"**/api/pictures/{number}/conversions") as sent:
        page.get_by_role("button", name="Paint again").click()
    assert sent.value.post_data_json == {"style": style, "faces": "off"}
    page.wait_for_selector(f".frame .after[src*='-{style}'][src*='?v=1']")


def test_hair_and_eyes_get_colours_in_styles_that_are_drawn(visit, send_photo):
    number = send_photo(9)
    here = visit()
    page = here.open(f"/p/{number}")
    page.wait_for_selector(".compare:not(.single)")
    drawn = [style["name"] for style in here.context.request.get("/api/styles").json()["styles"] if style["drawn"]]
    if not drawn:
        return
    page.get_by_role("combobox", name="Hair").select_option("pink")
    page.get_by_role("combobox", name="Eyes").select_option("teal")
    style = page.locator("button[data-style][aria-pressed='true']").get_attribute("data-style")
    again = page.get_by_role("button", name="Paint again")
    assert again.get_attribute("aria-disabled") == str(style not in drawn).lower()
    with page.expect_request(f"**/api/pictures/{number}/conversions") as sent:
        if style in drawn:
            again.click()
        else:
            style = drawn[0]
            page.locator(f"button[data-style='{style}']").click()
    assert sent.value.post_data_json == {"style": style, "hair": "pink", "eyes": "teal"}


def test_photo_and_anime_are_downloaded(picture):
    page = picture.page
    for name in ("Anime", "Photo"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name, exact=True).click()
        assert download.value.suggested_filename.endswith(".jpg")


def test_the_code_dialog_opens_and_closes_by_keyboard(picture, newest):
    page = picture.page
    opener = page.get_by_role("button", name="QR code")
    opener.focus()
    page.keyboard.press("Enter")
    image = page.get_by_role("img", name=f"/p/{newest}")
    image.wait_for()
    page.wait_for_function("() => document.querySelector('dialog img').naturalWidth > 0")
    page.screenshot(path=SHOTS / "code-tablet-light.png")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    assert page.evaluate("document.activeElement.textContent") == "QR code"


def test_the_address_is_shared_or_copied(picture, newest):
    page = picture.page
    picture.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(
        "Object.defineProperty(navigator, 'share', {configurable: true,"
        " value: (data) => { window.shared = data; return Promise.resolve(); }})"
    )
    page.get_by_role("button", name="Share").click()
    assert page.evaluate("window.shared.url").endswith(f"/p/{newest}")
    page.evaluate("Object.defineProperty(navigator, 'share', {value: undefined})")
    page.get_by_role("button", name="Share").click()
    page.get_by_text("The address was copied.").wait_for()


def test_a_host_deletes_after_a_question_and_a_guest_cannot(visit, send_photo):
    number = send_photo(9)
    guest = visit()
    page = guest.open(f"/p/{number}")
    # While it is painted, pages ask for it again and again.
    page.wait_for_selector(".compare:not(.single)")
    assert page.get_by_role("button", name="Delete").count() == 0
    host = visit(role="host").open(f"/p/{number}")
    host.get_by_role("button", name="Delete").click()
    host.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    host.get_by_role("button", name="Delete").click()
    host.get_by_role("dialog").get_by_role("button", name="Delete").click()
    host.wait_for_url("**/")
    # The guest who looked at it is led back to the gallery.
    page.wait_for_url("**/")


def test_a_picture_that_is_gone_says_so(visit):
    here = visit()
    here.allowed.append("404")
    page = here.open("/p/999999")
    assert page.locator("h1").inner_text() == "This picture is no longer there."
