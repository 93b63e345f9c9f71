"""The built site, served on this machine, in a real Chromium that reaches nothing else."""

import shutil

import pytest
from playwright.sync_api import Error, expect, sync_playwright
from python_page import BANKS, banks
from served import SITE, bare_page, serve

LOOPBACK_ONLY = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 780}
FORGET = "try { localStorage.clear(); sessionStorage.clear(); } catch { /* no storage here */ }"
expect.set_options(timeout=30_000)  # milliseconds: a busy machine is no fault of the page


def made(path):
    """What tests need besides the site's own files."""
    return banks() if path == BANKS else bare_page(path)


@pytest.fixture(scope="session")
def base():
    if not (SITE / "chapters").is_dir():
        pytest.fail("there is no built site to test: run `make site` first")
    server, address = serve(SITE, made)
    yield address
    server.shutdown()


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("chromium is missing: install the Debian package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", LOOPBACK_ONLY]
        )
        yield browser
        browser.close()


class Tab:
    """A page that many tests use in turn: a new one costs more than most tests.

    Each test finds it as if it were new: no listeners, routes, storage, or settings of the last.
    """

    def __init__(self, browser, **settings):
        self.context = browser.new_context(**settings)
        self.size = settings["viewport"]
        self.page = None

    def open(self):
        """Give the page, and keep in mind what listens to it."""
        if self.page is None:
            self.page = self.context.new_page()
            self.listen, self.listeners = self.page.on, []
            self.page.on = self._on
        return self.page

    def _on(self, event, listener):
        self.listeners.append((event, listener))
        self.listen(event, listener)

    def clear(self):
        """Make the page as good as new, or drop it if it does not answer."""
        try:
            while self.listeners:
                self.page.remove_listener(*self.listeners.pop())
            self.page.unroute_all(behavior="ignoreErrors")
            self.page.evaluate(FORGET)
            self.page.goto("about:blank")
            self.page.emulate_media(color_scheme="null", reduced_motion="null")
            self.page.set_viewport_size(self.size)
            self.page.mouse.move(0, 0)
        except Error:
            self.page.close()
            self.page = None


def _tab(browser, **settings):
    tab = Tab(browser, **settings)
    yield tab
    tab.context.close()


@pytest.fixture(scope="session")
def desk_tab(chromium):
    yield from _tab(chromium, viewport=DESK)


@pytest.fixture(scope="session")
def phone_tab(chromium):
    yield from _tab(chromium, viewport=PHONE, has_touch=True)


@pytest.fixture(scope="session")
def still_tab(chromium):
    yield from _tab(chromium, viewport=DESK, java_script_enabled=False)


@pytest.fixture
def page(desk_tab):
    """A page at a desk."""
    yield desk_tab.open()
    desk_tab.clear()


@pytest.fixture
def phone(phone_tab):
    """A page on a phone, under a finger."""
    yield phone_tab.open()
    phone_tab.clear()


@pytest.fixture
def still(still_tab):
    """A page whose scripts do not run."""
    yield still_tab.open()
    still_tab.clear()


@pytest.fixture
def fresh(chromium):
    """A page with a history and a cache of its own, for what a reader's way to it may change."""
    opened = chromium.new_page(viewport=DESK)
    yield opened
    opened.unroute_all(behavior="ignoreErrors")  # Python may still ask for something
    opened.close()
