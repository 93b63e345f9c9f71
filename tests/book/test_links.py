"""Links to other sites are asked for, and those that fail listed, without stopping a build."""

import http.server
import re
import socket
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DONE = threading.Event()
ROW = re.compile(r"(.+?): \[([^]]+)\] (\S+?)(?:: | to )(.*)")


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
def rows(make_book, tmp_path_factory, base):
    """The rows of the list for a book whose links do all that links do, by path."""
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
    path = book.root / "_build/linkcheck/output.txt"
    assert path.samefile(done.stdout.splitlines()[-1])
    found = [ROW.fullmatch(line).groups() for line in path.read_text().splitlines()]
    return {row[2].rpartition("/")[2]: row for row in found}


@pytest.mark.parametrize(
    ("path", "became", "said"),
    [
        ("gone", "broken", "404 Client Error"),
        ("broken", "broken", "500 Server Error"),
        ("old", "redirected", "/ok"),
        ("slow", "timeout", "timed out"),
        ("loop", "broken", "Exceeded 30 redirects"),
        ("silent", "broken", "Connection refused"),
    ],
)
def test_a_link_that_fails_or_redirects_is_listed_with_its_file_and_line(rows, path, became, said):
    file, kind, _, more = rows[path]
    name = "b" if path == "silent" else "index"
    assert re.fullmatch(rf"chapters/{name}\.md:\d+", file)
    assert kind.startswith(became) and said in more


def test_a_link_that_works_is_not_listed(rows):
    assert rows.keys() == {"gone", "broken", "old", "slow", "loop", "silent"}


def test_a_book_that_cannot_be_read_fails(make_book, tmp_path):
    book = make_book(tmp_path)
    book.append("chapters/one.md", "```{nota}\n```\n")
    done = book.build("links")
    assert done.returncode == 1 and "chapters/one.md" in done.stderr


def test_this_machine_is_not_asked():
    assert "(localhost|127\\.0\\.0\\.1)" in (ROOT / "_config.yml").read_text()
