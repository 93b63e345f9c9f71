"""An address that a page had leads to where it is now, on the site and nowhere else."""

import re
import shutil
import zipfile

import pytest
from checkout import ROOT
from playwright.sync_api import sync_playwright

from bookbuild.chapters import chapter_files
from bookbuild.sources import settings

SITE = ROOT / "_build" / "html"
REDIRECTS = settings(ROOT / "_config.yml")["sphinx"]["config"]["redirects"]
OLD = "      chapters/old/first: ../one.html\n"


@pytest.fixture(scope="module")
def moved(make_book, tmp_path_factory):
    """A small book whose first chapter had another address, with its site and its EPUB."""
    book = make_book(tmp_path_factory.mktemp("moved"))
    config = book.read("_config.yml").replace("redirects: {}\n", f"redirects:\n{OLD}")
    book.write("_config.yml", config)
    done = book.build("book")
    assert done.returncode == 0, done.stderr
    return book.root / "_build"


@pytest.mark.parametrize("scripts", [True, False])
def test_an_old_address_leads_on_with_and_without_scripts(moved, scripts):
    options = {"executable_path": shutil.which("chromium"), "args": ["--no-sandbox"]}
    with sync_playwright() as player, player.chromium.launch(**options) as browser:
        page = browser.new_page(java_script_enabled=scripts)
        page.goto((moved / "html/chapters/old/first.html").as_uri() + "#one")
        page.wait_for_url("**/html/chapters/one.html" + ("#one" if scripts else ""))
        assert page.title().startswith("1 One")


def test_the_page_that_leads_on_has_a_policy_and_a_link(moved):
    page = (moved / "html/chapters/old/first.html").read_text("utf-8")
    assert "Content-Security-Policy" in page and "script-src 'self' 'sha256-" in page
    assert '<a href="../one.html">' in page


def test_neither_search_nor_epub_knows_an_old_address(moved):
    assert "old/first" not in (moved / "html/_static/search-index.js").read_text("utf-8")
    with zipfile.ZipFile(moved / "book.epub") as epub:
        assert not [name for name in epub.namelist() if "first" in name]


def test_each_old_address_of_the_book_is_a_page_that_leads_to_a_page():
    pages = {path.relative_to(ROOT).with_suffix("").as_posix() for path in chapter_files(ROOT)}
    for old, new in REDIRECTS.items():
        page = SITE / f"{old}.html"
        assert old not in pages
        assert f'href="{new}"' in page.read_text("utf-8"), page
        target, _, anchor = new.partition("#")
        text = (page.parent / target).read_text("utf-8")
        assert not anchor or re.search(rf'\bid="{anchor}"', text), new
