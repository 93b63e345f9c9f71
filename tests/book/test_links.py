"""Links to other sites are listed with their pages, and asked for without ever stopping a build."""

import http.server
import re
import socket
import threading
import time

import pytest

from bookbuild import __main__, links

PAGE = """<a href="{base}ok">x</a> <a href="{base}ok#part">y</a> <a href="other.html">in</a>
<a href="http://[odd/">odd</a>
<a href="#here">in</a> <a name="n">no address</a> <a href="mailto:a@b.example">m</a>
<a href="http://127.0.0.1:8000/">this machine</a> <link href="https://canonical.example/">"""


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/slow":
            time.sleep(2)
        statuses = {"/gone": 404, "/broken": 500, "/old": 301, "/loop": 302}
        self.send_response(statuses.get(self.path, 200))
        if self.path in ("/old", "/loop"):
            self.send_header("Location", "/loop" if self.path == "/loop" else "/ok")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def base():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def silent():
    """An address of this machine at which nothing listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{unused.getsockname()[1]}/"


@pytest.mark.parametrize(
    ("path", "became"),
    [
        ("ok", "ok"),
        ("gone", "404"),
        ("broken", "500"),
        ("old", "moved to {base}ok"),
        ("slow", "no answer within 0.3 s"),
        ("loop", "TooManyRedirects"),
    ],
)
def test_an_address_is_asked_what_became_of_it(base, path, became):
    assert links.ask(base + path, wait=0.3) == became.format(base=base)


def test_an_address_without_a_server_or_without_sense_is_no_error(silent):
    assert links.ask(silent, wait=1) == links.NO_CONNECTION
    assert links.ask("http://[no/", wait=1) == "InvalidURL"
    assert links.ask("http://a..b/", wait=1) != "ok"


def test_links_that_leave_the_site_are_listed_with_their_pages(tmp_path):
    (tmp_path / "part").mkdir()
    for name in ("a.html", "part/b.html"):
        (tmp_path / name).write_text(PAGE.format(base="https://else.example/"))
    both = ["a.html", "part/b.html"]
    assert links.of_site(tmp_path) == {"https://else.example/ok": both, "http://[odd/": both}


def test_addresses_of_cited_works_are_listed_with_their_keys(tmp_path):
    path = tmp_path / "works.bib"
    path.write_text("@misc{one, url = {https://a.example/x}, doi = {10.1/2}}\n@misc{two, year = 1}")
    works = ["works.bib: one"]
    assert links.of_sources(path) == {"https://a.example/x": works, "https://doi.org/10.1/2": works}


def test_the_report_begins_with_what_did_not_answer(base):
    found = {base + name: [f"{name}.html"] for name in ("ok", "old", "gone", "a|b")}
    text = links.report(found, links.ask_all(found))
    assert "4 addresses. 2 ok, 1 moved, 1 without a good answer." in text
    rows = [line for line in text.splitlines() if line.startswith("| ")][1:]
    assert [row.split(" | ")[0] for row in rows] == [
        "| 404",
        f"| moved to {base}ok",
        "| ok",
        "| ok",
    ]
    assert "a%7Cb.html" in text
    assert all(row.count("|") == 4 for row in rows)


def test_without_a_network_the_report_lists_and_does_not_judge(silent):
    text = links.report({silent: ["a.html"]}, links.ask_all([silent], wait=1))
    assert "there is no network here" in text
    assert "a.html" in text


def test_the_command_writes_the_report_and_never_fails_by_a_dead_link(tmp_path, monkeypatch, base):
    monkeypatch.setattr(links, "HERE", re.compile("nowhere"))
    site = tmp_path / "_build/html"
    (tmp_path / "references.bib").write_text(f"@misc{{one, url = {{{base}gone}}}}")
    assert __main__.main(["links", "--root", str(tmp_path)]) == 1  # there is no site yet
    site.mkdir(parents=True)
    (site / "a.html").write_text(f'<a href="{base}ok">x</a>, <a href="{base}gone">y</a>')
    assert __main__.main(["links", "--root", str(tmp_path)]) == 0
    text = (tmp_path / links.REPORT).read_text()
    assert f"| ok | {base}ok | a.html |" in text
    assert f"| 404 | {base}gone | a.html, references.bib: one |" in text
