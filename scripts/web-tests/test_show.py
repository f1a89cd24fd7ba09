"""The slideshow: the newest first, a new one at once, everything by keyboard."""

import re

from conftest import SHOTS


def title(page):
    return page.locator(".show-title").inner_text()


def test_the_newest_is_shown_first_with_a_code(visit):
    here = visit(size="television")
    newest = here.context.request.get("/api/pictures?limit=1").json()["pictures"][0]["number"]
    page = here.open("/show", settle=False)
    page.wait_for_function(
        "(number) => document.querySelector('.show-title')?.textContent === `Picture ${number}`", arg=newest
    )
    page.wait_for_function("() => document.querySelector('.show-code:not(.away) img').naturalWidth > 0")
    assert page.locator(".top").is_hidden()


def test_without_a_code_the_address_stands_in_words(visit):
    here = visit(size="television", role="host")
    here.allowed.append("501")
    here.context.route(re.compile(r"/api/(qr|wifi)\.svg"), lambda route: route.fulfill(status=501, body="{}"))
    page = here.open("/show")
    code = page.locator(".show-code:not(.away)")
    address = here.context.request.get("/api/session").json()["address"]
    page.wait_for_function("() => !document.querySelector('.show-code:not(.away) img')")
    assert code.inner_text().split() == ["Gallery", address]
    page.screenshot(path=SHOTS / "show-television-no-code.png")
    page = here.open("/host")
    page.wait_for_selector(".wifi .wrong")
    assert page.locator(".wifi img").count() == 0


def test_arrows_pause_and_leave_by_keyboard(visit):
    page = visit(size="television").open("/show")
    # A slideshow that goes on by itself would be ahead of a slow test.
    page.keyboard.press("Space")
    page.get_by_role("button", name="Go on").wait_for(state="attached")
    first = title(page)
    page.keyboard.press("ArrowRight")
    second = title(page)
    assert second != first
    page.keyboard.press("ArrowLeft")
    assert title(page) == first
    page.keyboard.press("Space")
    page.get_by_role("button", name="Go on").wait_for(state="detached")
    page.keyboard.press("Escape")
    page.wait_for_url("**/")


def test_a_new_picture_comes_at_once_and_is_painted_before_everybody(visit, send_photo):
    here = visit(size="television")
    page = here.open("/show")
    number = send_photo(8)
    page.wait_for_function(
        "(number) => document.querySelector('.show-title').textContent === `Picture ${number}`", arg=number
    )
    page.wait_for_selector(".slide:not(.leaving) img.photo.there")
    page.wait_for_timeout(600)
    page.screenshot(path=SHOTS / "show-television-painting.png")
    page.wait_for_selector(".slide:not(.leaving) img.anime.there")
    page.wait_for_timeout(900)
    page.screenshot(path=SHOTS / "show-television-petals.png")
    assert here.shifts() == []


def test_controls_go_when_nobody_moves(visit):
    page = visit(size="television").open("/show")
    page.wait_for_selector(".show.idle")
    page.mouse.move(300, 300)
    page.wait_for_selector(".show:not(.idle)")
