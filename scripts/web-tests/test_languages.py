"""The page speaks the first language of the browser that it knows."""

import pytest

from conftest import SHOTS


@pytest.mark.parametrize(
    ("locale", "tag", "word"),
    [("de-AT", "de", "Galerie"), ("zh-CN", "zh-Hans", "相册"), ("ja-JP", "ja", "アルバム"), ("fr-FR", "en", "Gallery")],
)
def test_the_language_of_the_browser(visit, newest, locale, tag, word):
    here = visit(locale=locale, role="host")
    page = here.open("/")
    assert page.locator("html").get_attribute("lang") == tag
    assert page.locator("h1").inner_text() == word
    for name, path in [("gallery", "/"), ("picture", f"/p/{newest}"), ("upload", "/upload"), ("host", "/host")]:
        here.open(path).screenshot(path=SHOTS / f"{name}-phone-{tag}.png")
