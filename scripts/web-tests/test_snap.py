"""Snap: the PIN, the live picture, countdown and button."""

from conftest import SHOTS


def test_a_wrong_pin_is_refused_and_the_right_one_shows_the_button(visit, site):
    here = visit()
    here.allowed.append("403")
    page = here.open("/snap")
    assert page.locator(".shutter").count() == 0
    field = page.get_by_label("PIN")
    field.fill("000000" if site.pin != "000000" else "111111")
    page.keyboard.press("Enter")
    page.get_by_text("That is not the PIN.").wait_for()
    field.fill(site.pin)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Take a picture").wait_for()


def test_the_live_picture_moves(visit):
    here = visit()
    page = here.open("/snap")
    image = page.get_by_role("img", name="What the camera sees now")
    image.wait_for()
    first = image.get_attribute("src")
    page.wait_for_function("(first) => document.querySelector('.preview img').src !== first", arg=first)


def test_the_live_picture_is_painted_on_demand(visit):
    here = visit(role="host")
    page = here.open("/snap")
    page.get_by_role("combobox").select_option("cute")
    with here.context.expect_event("response", lambda answer: "style=cute" in answer.url and answer.ok):
        page.get_by_role("checkbox", name="Live in anime").check(force=True)
    page.screenshot(path=SHOTS / "snap-phone-anime.png")
    with here.context.expect_event("response", lambda answer: "preview.jpg" in answer.url and "style" not in answer.url):
        page.get_by_role("checkbox", name="Live in anime").uncheck(force=True)


def test_a_countdown_runs_and_the_picture_appears(visit):
    here = visit(role="host")
    page = here.open("/snap")
    page.evaluate(
        "window.seen = []; const here = document.querySelector('.countdown'); new MutationObserver(() => {"
        " window.seen.push(here.textContent); }).observe(here, {subtree: true, childList: true, characterData: true})"
    )
    page.get_by_role("radio", name="3 s").check(force=True)
    page.locator(".shutter").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => window.seen.some((text) => ['1', '2', '3'].includes(text))")
    page.screenshot(path=SHOTS / "snap-phone-countdown.png")
    page.wait_for_selector(
        ".page-snap .latest:not([hidden]) img.photo.there, .page-snap .latest:not([hidden]) img.anime.there",
    )
    page.wait_for_selector(".page-snap .latest .after img.anime.there")
    assert page.locator(".countdown").inner_text() == ""


def test_the_preview_ends_with_the_page(visit):
    here = visit()
    page = here.open("/snap")
    page.locator(".menu .to-styles").click()
    page.wait_for_selector(".styles")
    page.wait_for_timeout(400)
    asked = []
    here.context.on("request", lambda request: "/preview.jpg" in request.url and asked.append(request.url))
    page.wait_for_timeout(1200)
    assert asked == []
