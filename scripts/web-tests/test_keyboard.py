"""Everything by keyboard alone: each control is reached, its focus is seen, and nothing lies above it."""

import pytest

# The place of the focus: how it is marked, and whether the bar at the bottom or at the top covers it.
FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const around = [one, one.closest('label'), one.nextElementSibling, one.closest('li')].filter(Boolean);
  const isMarked = around.some((part) => ['', '::after'].some((pseudo) => {
    const style = getComputedStyle(part, pseudo || null);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || (pseudo && style.boxShadow.includes('8px'));
  }));
  const target = one.closest('label.chooser, label.chip') ?? one;
  const box = target.getBoundingClientRect();
  const above = document.elementFromPoint(Math.min(innerWidth - 1, Math.max(0, box.left + box.width / 2)), Math.min(innerHeight - 1, Math.max(0, box.top + Math.min(box.height, innerHeight) / 2)));
  const isSeen = above && (target === above || target.contains(above) || above.contains(target) || above.closest('a') === one);
  one.dataset.walked = (Number(one.dataset.walked) || 0) + 1;
  return {name: one.outerHTML.slice(0, 110), isMarked, isSeen: Boolean(isSeen), again: one.dataset.walked > 1};
}"""

CONTROLS = """() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')].filter((one) =>
  one.offsetParent !== null && !one.disabled && !one.dataset.walked && !(one.type === 'radio' && !one.checked)
  && one.getBoundingClientRect().width > 0).map((one) => one.outerHTML.slice(0, 110))"""


@pytest.mark.parametrize("path", ["/", "/p/{newest}", "/upload", "/snap", "/styles", "/host", "/show"])
@pytest.mark.parametrize("size", ["phone", "tablet"])
def test_a_page_is_walked_by_tab(visit, newest, path, size):
    here = visit(size=size, role="host", motion="reduce")
    page = here.open(path.format(newest=newest))
    page.evaluate("document.documentElement.style.scrollBehavior = 'auto'")
    walked, bad = 0, []
    for _ in range(140):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None or focus["again"]:
            break
        walked += 1
        if not focus["isMarked"] or not focus["isSeen"]:
            bad.append(focus)
    assert walked > 5
    assert bad == []
    if path != "/":
        assert page.evaluate(CONTROLS) == []


def test_the_skip_link_leads_past_the_menu(visit):
    page = visit(size="tablet").open("/styles")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_picture_is_opened_and_compared_by_keyboard(visit):
    page = visit(size="tablet").open("/")
    page.locator(".tile a").nth(1).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".compare.there")
    assert page.evaluate("document.activeElement.id") == "page"
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role')") == "slider":
            break
    page.keyboard.press("ArrowLeft")
    assert page.get_by_role("slider").get_attribute("aria-valuenow") == "48"
    page.go_back()
    page.wait_for_selector(".grid")
