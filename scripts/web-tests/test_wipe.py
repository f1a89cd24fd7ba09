"""The wipe, last of all since nothing is left after it."""

from conftest import SHOTS


def test_all_is_deleted_only_after_the_word_was_typed(visit, controlled):
    host = visit(role="host")
    guest = visit().open("/")
    page = host.open("/host")
    page.get_by_role("button", name="Delete all pictures").click()
    dialog = page.get_by_role("dialog")
    go = dialog.get_by_role("button", name="Delete all pictures")
    assert go.is_disabled()
    dialog.get_by_role("textbox").fill("wip")
    assert go.is_disabled()
    dialog.get_by_role("textbox").fill("wipe")
    page.screenshot(path=SHOTS / "host-phone-wipe.png")
    go.click()
    page.get_by_text("All pictures are deleted.").wait_for()
    guest.get_by_text("No pictures yet").wait_for()
    guest.screenshot(path=SHOTS / "gallery-phone-empty.png")
    assert host.context.request.get("/api/pictures").json()["count"] == 0
