"""The checks themselves can fail: a page with one fault is reported for that fault."""

import checks
import pytest
from served import serve

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>A page</title>
<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width"><script>
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => { document.documentElement.dataset.theme = dark.matches ? "dark" : "light"; };
dark.onchange = follow;
follow();
</script></head>
<body><main><h1>A page</h1><article>%s</article></main></body></html>
"""
PALE = "color:#ccc;background:#fff"
IN_THE_DARK = "@media (prefers-color-scheme: dark) { p { color: #333; background: #222 } }"
ON_A_PHONE = "@media (max-width: 500px) {"
LOOKS = ["1280 px, light", "1280 px, dark", "360 px, dark", "360 px, light"]
GONE = "@font-face { font-family: Gone; src: url(gone.woff2) } body { font-family: Gone }"
DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


@pytest.fixture
def shown(page, tmp_path):
    """Show a page with this in its body; give the page, and who has watched it."""
    server, address = serve(tmp_path)

    def show(body):
        (tmp_path / "page.html").write_text(PAGE % body, "utf-8")
        watch = checks.Watch(page)
        page.goto(address + "page.html", wait_until="load")
        return page, watch

    yield show
    server.shutdown()


def test_a_sound_page_has_no_problems(shown):
    body = f"""<p>Words.</p><img src="{DOT}" alt="A dot.">
        <svg width=90 style="overflow:visible"><text x=70 y=9>label</text></svg>
        <div style="overflow:auto" tabindex=0><table style="width:3000px"><tr><td>x</table></div>"""
    found = checks.in_all_looks(*shown(body))
    assert found == {look: [] for look in LOOKS}


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<img src="http://example.org/x.png" alt="x">', "request to another host"),
        ("<script>console.error('no')</script>", "console error: no"),
        ("<script>nothing()</script>", "script error"),
        ('<script src="gone.js"></script>', "answer 404"),
        ('<img src="gone.svg" alt="A dot.">', "broken image"),
        (f'<img src="{DOT}" alt="">', "image without words"),
        (f'<img src="{DOT}" alt="../x.svg">', "image without words"),
        ('<span class="math">\\(x\\)</span>', "formula that is not set: \\(x\\)"),
        (f"<style>{GONE}</style>x", "font that did not arrive: Gone"),
        ('<p style="height:9000px">x</p><img loading="lazy" src="gone.svg" alt="x">', "broken"),
        ("<math><merror><mtext>bad</mtext></merror></math>", "formula with an error: bad"),
        ('<div style="width:3000px">wide</div>', "wider than the screen"),
        ('<p style="color:#ccc;background:#fff">pale</p>', "axe color-contrast"),
        ("<button></button>", "axe button-name"),
        (
            "<div style='overflow:hidden'><table style='width:3000px'><tr><td>x</table></div>",
            "table cut by its box",
        ),
        ("<pre style='overflow:hidden;width:9em'>a long line of code</pre>", "pre cut by its box"),
        (
            "<pre style='overflow:auto;width:9em'>a long line of code</pre>",
            "a scroll bar at a desk",
        ),
        ("<svg width=90><text x=70 y=9>label</text></svg>", "text cut by its box: label"),
        ("<p style='margin-left:-3em'>words</p>", "p cut by the screen: words"),
        (
            f"<pre><span>dark words</span> <span style='{PALE}'>pale words</span></pre>",
            "axe color-contrast",
        ),
    ],
)
def test_a_fault_is_found(shown, body, problem):
    assert any(problem in found for found in checks.everything(*shown(body)))


@pytest.mark.parametrize(
    ("body", "problem", "looks"),
    [
        (f"<p>dark words</p><p style='{PALE}'>pale words</p>", "axe color-contrast", LOOKS[:2]),
        (
            "<div><p>words</p></div><div style='background:#555'><p>words on gray</p></div>",
            "axe color-contrast",
            LOOKS[:2],
        ),
        (f"<style>{IN_THE_DARK}</style><p>words</p>", "axe color-contrast", LOOKS[1:2]),
        (f"<style>{ON_A_PHONE} p {{ {PALE} }} }}</style><p>words</p>", "axe color-c", LOOKS[2:]),
        (
            f"<style>b {{ font-size: 40px; color: #888 }} {ON_A_PHONE} b {{ font-size: 9px }} }}"
            "</style><p><b>large words on a desk only</b></p>",
            "axe color-contrast",
            LOOKS[2:],
        ),
        (
            f"<style>button {{ display: none }} {ON_A_PHONE} button {{ display: block }} }}</style>"
            "<button></button>",
            "axe button-name",
            LOOKS[3:],
        ),
        (
            f"<pre style='overflow:auto'>{'words ' * 20}</pre>",
            "axe scrollable-region-focusable",
            LOOKS[3:],
        ),
        ("<div style='width:600px'>wide</div>", "wider than the screen", LOOKS[2:]),
    ],
)
def test_a_fault_of_one_look_is_found(shown, body, problem, looks):
    found = checks.in_all_looks(*shown(body))
    assert [look for look in found if any(problem in fault for fault in found[look])] == looks


def test_dead_links_are_found(tmp_path):
    body = '<a href="two.html">a</a> <a href="#no">b</a> <a href="#yes">c</a> <b id="yes">x</b>'
    (tmp_path / "one.html").write_text(PAGE % body)
    assert checks.dead_links(tmp_path, ["one.html"]) == [
        "one.html: #no leads to no anchor in one.html",
        "one.html: two.html leads to no file",
    ]


def test_a_page_without_an_icon_is_found(tmp_path):
    (tmp_path / "with.html").write_text(PAGE % "")
    (tmp_path / "without.html").write_text("<title>A page</title>")
    assert checks.without_icon(tmp_path, ["with.html", "without.html"]) == ["without.html"]
