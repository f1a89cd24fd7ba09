"""Many tabs of one browser, which opens no more than six connections to a server: all load, hear what happens, and cost
the server one stream while they are seen, and none while they are not."""

import re
import time

import pytest

HIDE = "(isHidden) => { Object.defineProperty(document, 'hidden', {value: isHidden, configurable: true}); document.dispatchEvent(new Event('visibilitychange')); }"


class Elsewhere:
    """The same server under a name that browsers do not trust as they trust localhost: so phones see it."""

    def __init__(self, site):
        self.address = site.address.replace("127.0.0.1", "animesnap.local")
        self.pin = site.pin


def wait_for_streams(site, here, count):
    """Waits until the server has so many event streams."""
    seen = None
    for _ in range(150):
        metrics = here.context.request.get(f"{site.address}/metrics").text()
        seen = int(re.search(r"^animesnap_event_streams (\d+)", metrics, re.M)[1])
        if seen == count:
            return
        time.sleep(0.1)
    assert seen == count


def wait_for_newest(page, number):
    page.wait_for_function(
        "(number) => document.querySelector('.latest-link')?.pathname === `/p/${number}`", arg=number
    )


@pytest.fixture(params=["localhost", "elsewhere"])
def origin(request, site):
    if request.param == "elsewhere":
        if not site.address.startswith("http://127.0.0.1:"):
            pytest.skip("the server is not on this machine")
        return Elsewhere(site)
    return site


def test_eight_tabs_load_and_hear_of_a_new_picture_by_one_stream(visit, site, origin, send_photo):
    here = visit(at=origin)
    # Browsers say that they ignore it where they do not trust the name.
    here.allowed.append("Cross-Origin-Opener-Policy")
    pages = [here.page] + [here.context.new_page() for _ in range(7)]
    for page in pages:
        page.goto("/")
        page.wait_for_selector(".tile", timeout=15_000)
    assert pages[0].evaluate("isSecureContext") == (origin is site)
    wait_for_streams(site, here, 1)
    number = send_photo(4)
    for page in pages:
        wait_for_newest(page, number)


@pytest.mark.parametrize("is_shared", [True, False], ids=["shared", "own"])
def test_tabs_that_nobody_sees_have_no_stream_and_catch_up_when_seen_again(visit, site, send_photo, is_shared):
    here = visit()
    if not is_shared:
        here.context.add_init_script("delete window.SharedWorker")
    pages = [here.page] + [here.context.new_page() for _ in range(2)]
    for page in pages:
        page.goto("/")
        page.wait_for_selector(".tile")
    wait_for_streams(site, here, 1 if is_shared else 3)
    pages[0].evaluate(HIDE, True)
    wait_for_streams(site, here, 1 if is_shared else 2)
    for page in pages[1:]:
        page.evaluate(HIDE, True)
    wait_for_streams(site, here, 0)
    number = send_photo(7)
    for page in pages:
        page.evaluate(HIDE, False)
        wait_for_newest(page, number)
    wait_for_streams(site, here, 1 if is_shared else 3)
    assert not here.page.get_by_text("The camera does not answer").count()


def test_a_tab_that_opens_unseen_loads_and_is_caught_up_when_it_is_seen(visit, site, send_photo):
    here = visit()
    here.context.add_init_script("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    page = here.open("/")
    page.wait_for_selector(".tile")
    wait_for_streams(site, here, 0)
    number = send_photo(2)
    page.evaluate(HIDE, False)
    wait_for_newest(page, number)


def test_the_live_picture_is_not_waited_for_while_nobody_sees_it(visit):
    """A question for a frame keeps a connection for as long as the camera has none."""
    here = visit()
    asked, ended = [], []
    here.context.route("**/preview.jpg*", lambda route: asked.append(route))
    here.page.on("requestfailed", lambda request: ended.append(request.url))
    page = here.open("/snap", settle=False)
    page.wait_for_selector(".shutter, .pin-form")
    page.wait_for_timeout(300)
    assert len(asked) == 1
    page.evaluate(HIDE, True)
    page.wait_for_timeout(300)
    assert [url for url in ended if "preview.jpg" in url]
    assert page.locator(".preview p").inner_text() == "Waiting for the camera…"
    page.evaluate(HIDE, False)
    page.wait_for_timeout(1000)
    assert len(asked) == 2
