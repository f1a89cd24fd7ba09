"""The gallery: pictures arrive by themselves, and ten thousand weigh as little as fifty."""

import re

import pytest

from server_process import stand_in


def test_a_new_picture_arrives_shows_its_photo_first_and_then_the_anime_picture(visit, send_photo):
    here = visit()
    page = here.open("/")
    before = page.locator(".latest strong").inner_text()
    number = send_photo(2)
    latest = page.locator(".latest")
    page.wait_for_function("(number) => document.querySelector('.latest-link').pathname === `/p/${number}`", arg=number)
    assert before != latest.locator("strong").inner_text()
    latest.locator(".after img.photo.there").wait_for()
    latest.locator(".after img.anime.there").wait_for()
    page.wait_for_selector(f".tile:first-child a[href='/p/{number}'] img.anime.there")
    # Tiles glide by transforms: nothing is laid out anew.
    assert here.shifts() == []


def test_progress_is_shown_while_a_picture_is_painted(visit, send_photo, slow_painting):
    here = visit()
    page = here.open("/")
    page.evaluate(
        "window.seen = []; new MutationObserver(() => { const bar = document.querySelector('.latest progress');"
        " if (!bar.hidden) window.seen.push(bar.value); }).observe(document.querySelector('.latest'), {subtree: true, attributes: true})"
    )
    number = send_photo(4)
    page.wait_for_selector(f".tile a[href='/p/{number}'] img.anime.there")
    seen = page.evaluate("window.seen")
    assert len({value for value in seen if 0 < value < 1}) >= 2
    page.wait_for_function("() => document.querySelector('.latest progress').hidden")


def test_images_are_lazy_and_have_a_size(visit):
    page = visit().open("/")
    images = page.locator(".tile img")
    assert images.count() > 5
    assert page.evaluate(
        "[...document.images].every((image) => image.getAttribute('width') && image.getAttribute('height'))"
    )
    assert page.evaluate("[...document.querySelectorAll('.tile img')].every((image) => image.loading === 'lazy')")


def test_what_is_looked_at_stays_when_a_picture_arrives(visit, site, send_photo):
    here = visit()
    page = here.open("/")
    here.scroll(1500)
    if page.evaluate("document.querySelector('.grid').getBoundingClientRect().top >= 0"):
        pytest.skip("the album is too short to scroll in")
    first = page.locator(".tile a").first.get_attribute("href")
    place = page.locator(f".tile a[href='{first}']").bounding_box()
    send_photo(5)
    page.locator(".fresh").wait_for()
    assert page.locator(f".tile a[href='{first}']").bounding_box() == place
    page.locator(".fresh").click()
    page.wait_for_function("() => document.querySelector('.fresh').hidden && scrollY < 50")


def test_favourites_are_a_list_of_their_own(visit, newest):
    here = visit(role="host")
    assert here.context.request.put(f"/api/pictures/{newest}/pin", headers={"Origin": here.site.address}).status == 204
    page = here.open("/")
    page.get_by_role("button", name="Favourites").click()
    page.wait_for_selector(f".tile a[href='/p/{newest}'] .mark:not([hidden])")
    shown = page.locator(".tile").count()
    assert page.locator(".tile .mark:not([hidden])").count() == shown
    page.get_by_role("button", name="All").click()
    page.wait_for_function("(count) => document.querySelectorAll('.tile').length >= count", arg=shown)


def test_some_pictures_are_chosen_and_downloaded(visit):
    here = visit()
    page = here.open("/")
    page.get_by_role("button", name="Choose").click()
    boxes = page.locator(".tile input")
    boxes.nth(0).check()
    boxes.nth(2).check()
    assert page.locator(".bag p").inner_text() == "2 chosen"
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as ZIP").click()
    assert re.search(r"numbers=\d+,\d+$", download.value.url)
    page.get_by_role("button", name="Cancel").click()
    assert page.locator(".bag").is_hidden()


def test_going_back_finds_the_place_again(visit):
    here = visit()
    page = here.open("/")
    place = here.scroll(900)
    if place < 100:
        pytest.skip("the album is too short to scroll in")
    page.evaluate(
        "[...document.querySelectorAll('.tile a')].find((one) => one.getBoundingClientRect().top > 100).click()"
    )
    page.wait_for_selector(".compare")
    page.go_back()
    page.wait_for_selector(".tile")
    page.wait_for_function("(place) => Math.abs(scrollY - place) < 5", arg=place)


def test_ten_thousand_pictures_stay_light(visit, site):
    server = stand_in(pictures=10_000).start()
    try:

        class Large:
            address, pin = server.address, "123456"

        here = visit(at=Large)
        page = here.open("/", settle=False)
        assert page.locator(".count").inner_text() == "10,000 pictures"
        most = height = 0
        while not page.locator(".tile a[href='/p/1']").count():
            here.scroll(height)
            # The page grows with every hundred pictures that come, or shows the first of all.
            height = page.wait_for_function(
                "(before) => { const now = document.documentElement.scrollHeight;"
                " return now > before || document.querySelector(`.tile a[href='/p/1']`) ? now : 0; }",
                arg=height,
            ).json_value()
            most = max(most, page.evaluate("document.querySelectorAll('.tile').length"))
        assert most < 150
        # What scrolling draws anew is what comes into reach, however many pictures there are.
        page.evaluate(
            "window.added = 0; new MutationObserver((all) => { for (const one of all) window.added += one.addedNodes.length; })"
            ".observe(document.querySelector('.grid'), {childList: true})"
        )
        took = page.evaluate(
            "async () => { const start = performance.now(); for (let step = 0; step < 40; step += 1) {"
            " scrollBy({top: -600, behavior: 'instant'}); await new Promise(requestAnimationFrame);"
            " await new Promise(requestAnimationFrame); } return (performance.now() - start) / 40; }"
        )
        drawn = page.evaluate("window.added") / 40
        heap = page.evaluate("performance.memory?.usedJSHeapSize ?? 0")
        print(
            f"10,000 pictures: {most} tiles at most, {drawn:.1f} drawn anew and {took:.1f} ms per scrolled step,"
            f" {heap / 1e6:.1f} MB of JavaScript"
        )
        assert 0 < drawn < most / 2
        here.context.close()
    finally:
        server.stop()
