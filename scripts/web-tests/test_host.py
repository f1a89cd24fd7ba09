"""The host's page: settings, health, plots, codes, and what must not happen by accident."""

from conftest import SHOTS


def is_saving(answer):
    return answer.url.endswith("/api/settings") and answer.request.method == "PUT"


def test_settings_are_saved(visit):
    here = visit(role="host", size="tablet")
    page = here.open("/host")
    page.wait_for_function("() => !document.querySelector('.settings .main').disabled")
    before = page.get_by_label("Countdown of the button (s)").input_value()
    wished = "4" if before != "4" else "5"
    page.get_by_label("Countdown of the button (s)").fill(wished)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    assert here.context.request.get("/api/settings").json()["countdown"] == int(wished)
    page.get_by_label("Countdown of the button (s)").fill(before)
    with page.expect_response(is_saving):
        page.get_by_role("button", name="Save").click()


def test_health_and_its_last_hour_are_shown(visit):
    here = visit(role="host", size="television")
    page = here.open("/host")
    page.wait_for_selector(".plot svg")
    assert page.locator(".plot svg").count() == 3
    assert page.locator(".facts dd").count() == 10
    assert "Temperature:" in page.locator(".plot svg").first.get_attribute("aria-label")
    page.screenshot(path=SHOTS / "host-television-whole.png", full_page=True)


def test_shutdown_asks_first(visit):
    here = visit(role="host")
    sent = []
    here.context.on("request", lambda request: "/api/shutdown" in request.url and sent.append(request.url))
    page = here.open("/host")
    page.get_by_role("button", name="Shut down").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    page.wait_for_timeout(300)
    assert sent == []


def test_the_host_leaves(visit):
    here = visit(role="host")
    page = here.open("/host")
    page.get_by_role("button", name="Leave the host's seat").click()
    page.get_by_label("PIN").wait_for()
    assert here.context.request.get("/api/session").json()["role"] == "guest"


def test_a_drawn_style_is_adjusted_with_a_live_picture(visit):
    here = visit(role="host", size="tablet")
    page = here.open("/styles")
    drawn = [style["name"] for style in here.context.request.get("/api/styles").json()["styles"] if style["drawn"]]
    if not drawn:
        return
    name = drawn[0]
    path = f"/api/styles/{name}/values"
    values = lambda: {one["key"]: one for one in here.context.request.get(path).json()["values"]}
    page.locator(".style").first.wait_for()
    # The card is found by its picture, which changes.
    card = page.locator(".style").nth(page.locator(".style").evaluate_all(
        "(cards, name) => cards.findIndex((card) => card.querySelector('img').src.includes(`/styles/${name}.jpg`))", name
    ))
    card.get_by_text("Adjust styles").click()
    card.get_by_role("slider", name="Eyes").wait_for()
    assert card.get_by_role("slider").count() == 7
    with page.expect_response("**/trials") as tried:
        card.get_by_role("slider", name="Eyes").fill("1.2")
    assert tried.value.request.post_data_json["eyes"] == 1.2
    page.wait_for_function("() => document.querySelector('.style img[src^=blob]')?.naturalWidth > 0")
    assert values()["eyes"]["value"] == values()["eyes"]["standard"]
    card.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    assert values()["eyes"]["value"] == 1.2
    page.screenshot(path=SHOTS / "styles-adjusted.png", full_page=True)
    with page.expect_response(lambda answer: answer.url.endswith(path) and answer.request.method == "PUT"):
        card.get_by_role("button", name="Back to the original").click()
    assert values()["eyes"]["value"] == values()["eyes"]["standard"]


def test_guests_have_no_sliders(visit):
    page = visit().open("/styles")
    page.locator(".style").first.wait_for()
    assert page.get_by_text("Adjust styles").count() == 0


def test_the_style_in_use_is_chosen_among_the_styles(visit):
    here = visit(role="host", size="tablet")
    page = here.open("/styles")
    names = here.context.request.get("/api/styles").json()
    if len(names["styles"]) < 2:
        return
    with page.expect_response(is_saving):
        page.get_by_role("button", name="Use for new pictures").first.click()
    assert here.context.request.get("/api/styles").json()["current"] != names["current"]
    here.context.request.put("/api/settings", data={"style": names["current"]}, headers={"Origin": here.site.address})
