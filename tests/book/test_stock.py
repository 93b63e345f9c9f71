"""`jupyter-book build .`, the stock command, makes the book's own site."""

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import ROOT
from small_book import Book

STOCK = [str(Path(sys.executable).with_name("jupyter-book")), "build", "."]


def files(site):
    return {str(p.relative_to(site)): p.read_bytes() for p in site.rglob("*") if p.is_file()}


def git(*arguments):
    line = ["git", *arguments]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def test_the_stock_command_makes_the_same_site_file_by_file(tmp_path):
    built = ROOT / "_build"
    if not (built / "html").is_dir():
        pytest.fail("there is no built site to compare with: run `make book` first")
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    for name in ("cache", "notebooks"):
        shutil.copytree(built / name, tmp_path / "_build" / name)
    for name in ("book.pdf", "book.epub", "times.json"):
        shutil.copy(built / name, tmp_path / "_build" / name)
    # one page, and with it the search index, names the day of the last commit
    done = Book(tmp_path).run(
        STOCK,
        SOURCE_DATE_EPOCH=git("log", "-1", "--format=%ct"),
        GIT_DIR=git("rev-parse", "--absolute-git-dir"),
    )
    assert done.returncode == 0, done.stderr
    mine, stock = files(built / "html"), files(tmp_path / "_build" / "html")
    assert sorted(stock) == sorted(mine)
    assert [name for name in mine if mine[name] != stock[name]] == []


def test_the_stock_command_runs_what_is_stale_and_keeps_the_rules(book):
    book.write("code/mini/first.py", "VALUE = 'another value'\n")
    (book.root / "elsewhere").mkdir()
    line = [*STOCK[:2], str(book.root)]
    done = book.run(line, folder="elsewhere")  # the cache is found from any folder
    assert done.returncode == 0, done.stderr
    assert (done.stdout.count("] ran "), done.stdout.count("] cached ")) == (1, 1)
    assert "another value" in book.read("_build/html/chapters/one.html")
    assert list((book.root / "elsewhere").iterdir()) == []
    assert "Content-Security-Policy" in book.read("_build/html/chapters/one.html")
    assert ".ipynb" not in book.read("_build/html/chapters/one.html")  # there is none to download
    # a chapter that left the book leaves the site, also when its file stays
    book.write("_toc.yml", book.read("_toc.yml").replace("      - file: chapters/one\n", ""))
    assert book.run(STOCK).returncode == 0
    assert not (book.root / "_build/html/chapters/one.html").exists()
    with open(book.root / "_build" / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = book.run(STOCK)
    assert done.returncode != 0
    assert "another build is running" in done.stderr + done.stdout
    book.append("chapters/two.md", "\nIt reaches 93 percent.\n")
    done = book.run(STOCK)
    assert done.returncode != 0
    assert "the number 93 is typed by hand" in done.stderr + done.stdout
