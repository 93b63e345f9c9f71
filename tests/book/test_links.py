"""Links to other sites are listed with their pages, and asked for without ever stopping a build."""

import http.server
import socket
import threading
from pathlib import Path

import pytest

from bookbuild import links

ROOT = Path(__file__).resolve().parents[2]
DONE = threading.Event()


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/slow":
            DONE.wait(20)
        statuses = {"/gone": 404, "/broken": 500, "/old": 301, "/loop": 302}
        self.send_response(statuses.get(self.path, 200))
        if self.path in ("/old", "/loop"):
            self.send_header("Location", "/loop" if self.path == "/loop" else "/ok")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def base():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        DONE.set()
        server.shutdown()


@pytest.fixture(scope="module")
def report(make_book, tmp_path_factory, base):
    """The rows of the report on a book whose links do all that links do, by path."""
    book = make_book(tmp_path_factory.mktemp("links"))
    settings = book.read("_config.yml").replace("linkcheck_timeout: 15", "linkcheck_timeout: 2")
    book.write("_config.yml", settings.replace(r"(localhost|127\.0\.0\.1)", "ignored.example"))
    book.write("references.bib", f"@misc{{one, title={{T}}, author={{A}}, url={{{base}cited}}}}")
    book.write("_toc.yml", "format: jb-book\nroot: chapters/index\nchapters: [{file: chapters/b}]")
    for name in ("one", "two"):
        (book.root / f"chapters/{name}.md").unlink()
    paths = ("ok", "gone", "broken", "old", "slow", "loop", "ok#part")
    asked = " ".join(f"[x]({base}{path})" for path in paths)
    book.append("chapters/index.md", f"{asked} [m](mailto:a@b.example) [](b.md) [i](#small)\n")
    with socket.socket() as unused:  # an address of this machine at which nothing listens
        unused.bind(("127.0.0.1", 0))
        silent = f"http://127.0.0.1:{unused.getsockname()[1]}/silent"
        text = f"# B\n\n[x]({base}ok) [x]({silent}) [x](http://ignored.example/)\n"
        book.write("chapters/b.md", f"{text}\n{{cite}}`one`\n\n```{{bibliography}}\n```\n")
        done = book.build("links")
    assert done.returncode == 0, done.stderr
    assert (book.root / "_build/links.md").samefile(done.stdout.splitlines()[-1])
    lines = (book.root / "_build/links.md").read_text().splitlines()
    rows = [line.split(" | ") for line in lines if line.startswith("| ")][1:]
    return {row[1].rpartition("/")[2]: row for row in rows}, lines


@pytest.mark.parametrize(
    ("path", "became", "said"),
    [
        ("ok", "working", ""),
        ("cited", "working", ""),
        ("gone", "broken", "404 Client Error"),
        ("broken", "broken", "500 Server Error"),
        ("old", "redirected", "/ok"),
        ("slow", "timeout", "timed out"),
        ("loop", "broken", "Exceeded 30 redirects"),
        ("silent", "broken", "Connection refused"),
    ],
)
def test_what_became_of_a_link_is_told(report, path, became, said):
    row = report[0][path]
    assert row[0] == f"| {became}" and said in row[3]


def test_a_link_is_listed_once_with_all_its_pages(report):
    rows, lines = report
    assert rows["ok"][2] == "chapters/b, chapters/index"
    assert rows["cited"][2] == "chapters/b"
    assert len([line for line in lines if line.startswith("| working") and "/ok" in line]) == 1
    assert not [line for line in lines if "mailto" in line]


def test_what_gave_no_good_answer_comes_first(report):
    rows, lines = report
    order = [links.KINDS.index(row[0].removeprefix("| ")) for row in rows.values()]
    assert order == sorted(order) and len(set(order)) > 3
    assert "9 addresses: 4 broken, 1 timeout, 1 redirected, 1 ignored, 2 working." in lines


def test_without_a_network_one_sentence_says_so():
    info = "HTTPSConnectionPool(host='a.example', port=443): Max retries exceeded with url: /"
    found = [{"uri": "https://a.example/", "status": "broken", "info": info}]
    text = links.report(found, {})
    assert text.count("\n") == 3 and "1 addresses, and no network here" in text
    found += [{"uri": "https://b.example/a|b", "status": "working", "info": ""}]
    text = links.report(found, {link["uri"]: {"chapters/a"} for link in found})
    assert "no network" not in text and "| https://b.example/a%7Cb | chapters/a |" in text


def test_this_machine_is_not_asked():
    assert "(localhost|127\\.0\\.0\\.1)" in (ROOT / "_config.yml").read_text()
