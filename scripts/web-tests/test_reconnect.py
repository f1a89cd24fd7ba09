"""A server that restarts: the page finds it again by itself, and what happened meanwhile is shown."""


def test_the_gallery_goes_on_after_a_restart_without_reload(visit, controlled, send_photo):
    here = visit()
    here.allowed += [
        "ERR_CONNECTION_REFUSED",
        "ERR_EMPTY_RESPONSE",
        "ERR_INCOMPLETE_CHUNKED_ENCODING",
        "ERR_CONNECTION_RESET",
        "ERR_FAILED",
    ]
    page = here.open("/")
    page.evaluate("window.isTheSameDocument = true")
    controlled.control.stop()
    page.get_by_text("The camera does not answer").wait_for()
    page.wait_for_timeout(1000)
    controlled.control.start()
    page.get_by_text("The camera does not answer").wait_for(state="detached")
    number = send_photo(10)
    page.wait_for_function(
        "(number) => document.querySelector('.latest-link').pathname === `/p/${number}`", arg=number
    )
    page.wait_for_selector(f".tile a[href='/p/{number}'] img.anime.there")
    assert page.evaluate("window.isTheSameDocument")


def test_the_live_picture_comes_back(visit, controlled):
    here = visit()
    here.allowed += ["ERR_", "Failed to load resource"]
    page = here.open("/snap")
    page.wait_for_selector(".preview img:not([hidden])")
    controlled.control.stop()
    page.get_by_text("The camera shows nothing at the moment").wait_for()
    controlled.control.start()
    page.wait_for_selector(".preview img:not([hidden])")


def test_the_shell_opens_from_its_cache_while_the_server_is_away(visit, controlled):
    here = visit()
    here.allowed += ["ERR_", "Failed to load resource"]
    page = here.open("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.reload()
    page.wait_for_selector(".tile")
    controlled.control.stop()
    page.reload()
    page.wait_for_selector(".menu a span")
    controlled.control.start()
    page.wait_for_selector(".tile")
