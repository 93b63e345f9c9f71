"""What a reader sees does not move under her eyes while the figures of a page wake."""

import re

import pytest
from served import SITE

# the sum of all shifts that no press of hers caused, as the field's measure counts them
WATCHED = """
window.moved = 0;
new PerformanceObserver(list => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.moved += shift.value;
}).observe({ type: "layout-shift", buffered: true });
"""
GOOD = 0.1  # what that measure calls good
LIVE = re.compile(r'<figure class="hero[^>]*>(?:(?!</figure>).)*data-interactive', re.DOTALL)
PAGES = sorted(
    path.relative_to(SITE).as_posix()
    for path in (SITE / "chapters").rglob("*.html")
    if LIVE.search(path.read_text("utf-8"))
)


@pytest.mark.parametrize("width", [412, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_moves_while_a_page_opens(chromium, base, name, width):
    page = chromium.new_page(viewport={"width": width, "height": 823})
    page.add_init_script(WATCHED)
    page.goto(base + name)
    page.wait_for_selector("figure.hero.ws-awake")
    page.wait_for_timeout(400)
    moved = page.evaluate("window.moved")
    page.close()
    assert moved < GOOD
