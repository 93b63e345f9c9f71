"""The built site, served on this machine together with pages that hold one figure only."""

from __future__ import annotations

import functools
import http.server
import io
import re
import threading
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from checkout import leads_on

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
BARE = re.compile(r"/(chapters/.+)\.bare-([\w-]+)\.html")
WANTED = re.compile(r'<div class="sbt-scroll-pixel-helper"></div>')
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def pages(site: Path) -> list[str]:
    """The names of all pages of a site, but for those that only lead on."""
    found = (path for path in site.rglob("*.html") if not leads_on(path))
    names = (path.relative_to(site) for path in found)
    return sorted(str(name) for name in names if name.parts[0] != "_static")


class _Around(HTMLParser):
    """The start tags of all elements that are still open at the end of a text."""

    def __init__(self, text: str):
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append((tag, self.get_starttag_text()))

    def handle_startendtag(self, tag, attrs):
        """Pass over a tag that closes itself."""

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass


def bare(text: str, figure: str) -> str:
    """Cut a page down to its head, one live figure, and the elements that lie around it.

    What the theme's script takes for granted stays too: `WANTED`.
    """
    at = text.index(f'data-interactive="{figure}"')
    start, end = text.rindex("<figure", 0, at), text.index("</figure>", at) + len("</figure>")
    around = [(tag, whole) for tag, whole in _Around(text[:start]).open if tag != "html"]
    before = "".join(whole for _, whole in around)
    after = "".join(f"</{tag}>" for tag, _ in reversed(around))
    body = text.index("<body")
    wanted = "".join(WANTED.findall(text[body:start] + text[end:]))
    return f"{text[:body]}{before}{text[start:end]}{wanted}{after}</html>\n"


@functools.cache
def bare_page(path: str) -> bytes | None:
    """Make the page at an address such as `/chapters/neurons/networks.bare-digit.html`."""
    found = BARE.fullmatch(path)
    if found is None:
        return None
    text = (SITE / f"{found[1]}.html").read_text("utf-8")
    return bare(text, found[2]).encode()


class _Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # one connection for the many small files of a page

    def __init__(self, *args, make: Callable[[str], bytes | None], **options):
        self.make = make
        super().__init__(*args, **options)

    def log_message(self, *args):
        """Keep quiet: the tests hear of a bad answer in the browser."""

    def send_head(self):
        """Answer with a made page, or else with a file of the folder."""
        made = self.make(urlsplit(self.path).path)
        if made is None:
            return super().send_head()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(made)))
        self.end_headers()
        return io.BytesIO(made)


def serve(folder: Path, make: Callable[[str], bytes | None] = lambda path: None):
    """Serve a folder, and what `make` gives for an address, on loopback; return server, address."""
    handler = functools.partial(_Handler, directory=str(folder), make=make)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}/"
