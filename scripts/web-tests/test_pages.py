"""Every page at every size in both themes: whole, still, accessible, and with a picture for people to judge."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from conftest import SHOTS, SIZES

PATHS = {
    "gallery": "/",
    "picture": "/p/{newest}",
    "upload": "/upload",
    "snap": "/snap",
    "show": "/show",
    "styles": "/styles",
    "host": "/host",
}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def violations(page):
    found = Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found]


# What is smaller than 24 px and is neither within a sentence nor hidden behind its label.
SMALL_TARGETS = """() => [...document.querySelectorAll('a[href], button, input, select, [role=slider]')].filter((one) => {
  const box = (one.closest('label.chooser, label.chip') ?? one).getBoundingClientRect();
  return box.width > 0 && box.height > 0 && !one.closest('.skip') && (box.width < 24 || box.height < 24) && !one.closest('p');
}).map((one) => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("name", list(PATHS))
def test_a_page_is_whole_still_and_accessible(visit, newest, name, size, scheme):
    here = visit(size=size, scheme=scheme, role="host")
    page = here.open(PATHS[name].format(newest=newest))
    page.screenshot(path=SHOTS / f"{name}-{size}-{scheme}.png")
    assert here.shifts() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"
    assert page.evaluate(SMALL_TARGETS) == []
    assert violations(page) == []


@pytest.mark.parametrize("name", ["upload", "snap", "host"])
def test_a_guest_sees_a_page_that_asks_or_allows(visit, name):
    here = visit(role="guest")
    page = here.open(PATHS[name])
    page.screenshot(path=SHOTS / f"{name}-phone-guest.png", full_page=True)
    assert here.shifts() == []
    assert violations(page) == []


@pytest.mark.parametrize("name", list(PATHS))
def test_a_page_fits_the_smallest_phone_in_every_language(visit, newest, name):
    for locale in ("en-GB", "de-DE", "zh-CN", "ja-JP"):
        here = visit(size=(320, 568), locale=locale, role="host")
        page = here.open(PATHS[name].format(newest=newest))
        assert page.evaluate("document.documentElement.scrollWidth <= 320"), locale
        clipped = page.evaluate(
            "[...document.querySelectorAll('.menu a')].map((one) => [one.textContent, one.scrollWidth - one.clientWidth])"
            ".filter(([, over]) => over > 1)"
        )
        assert clipped == [], (locale, clipped)


def test_an_unknown_address_says_so(visit):
    here = visit()
    page = here.open("/")
    page.evaluate("history.pushState({}, '', '/nothing/here'); dispatchEvent(new PopStateEvent('popstate'))")
    page.wait_for_selector("h1")
    assert page.locator("h1").inner_text() == "There is nothing here"
