"""Pages and notebooks end with the code of their chapter: modules, what they are for, and tests."""

import json
import re
import sys

import pytest
from small_book import CHAPTER

from bookbuild import sourcecode

MODULE = '"""One value, `VALUE`,\nand no more.\n\nDetails."""\n\nVALUE = 1\n'
PRINT = """
import sys
from pathlib import Path
from bookbuild import build
root = Path(sys.argv[1])
build.sphinx(root, "latex", root / "_build/work")
"""
ADDRESS = "https://github.com/someone/book"


def foot(text):
    return text.partition(sourcecode.TITLE)[2]


def test_pages_and_notebooks_end_with_the_code_of_their_chapter(book):
    book.write("code/mini/first.py", MODULE)
    book.write("tests/unit/test_first.py", "")
    book.append("_config.yml", f"\nrepository:\n  url: {ADDRESS}\n")
    done = book.build("site")
    assert done.returncode == 0, done.stderr
    whole = book.read("_build/html/chapters/one.html")
    page = whole.partition(f'id="{sourcecode.NAME}"')[2]
    assert f'href="#{sourcecode.NAME}"' in whole, "the contents of the page lead to it"
    assert "One value," in page and "Details" not in page
    links = re.findall(rf'href="{ADDRESS}/blob/main/([^"]+)"', page)
    assert links == ["code/mini/first.py", "tests/unit/test_first.py"]
    (notebook,) = book.root.glob("_build/notebooks/*one.ipynb")
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    text = foot("".join("".join(cell["source"]) for cell in cells))
    assert "`mini.first`: One value, `VALUE`, and no more." in text
    assert f"[code/mini/first.py]({ADDRESS}/blob/main/code/mini/first.py)" in text
    assert sourcecode.TITLE not in book.read("_build/html/chapters/index.html")
    assert "mini.second" not in whole + text


@pytest.fixture
def project(tmp_path):
    for file in ("code/mini/a.py", "code/mini/figures/a.py", "code/mini/exercises/a.py",
                 "code/mini/b.py", "tests/unit/test_a.py", "tests/unit/banks/a.py"):  # fmt: skip
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("")
    return tmp_path


def found(project, cell):
    text = CHAPTER.format(title="A", module="a").replace("from mini import a\n", f"{cell}\n")
    modules = sourcecode.modules(text, project / "code")
    return [path.relative_to(project / "code/mini").as_posix() for path in modules]


@pytest.mark.parametrize(
    ("cell", "modules"),
    [
        ("import numpy as np\nfrom mini import b, a", ["b.py", "a.py"]),
        ("from mini.a import thing\nimport mini.b", ["a.py", "b.py"]),
        ("from mini import a\nfrom mini import a", ["a.py"]),
        ("from mini.figures import a as figures\nfrom mini import b", ["b.py", "figures/a.py"]),
        ("%matplotlib inline\nfrom mini import a", ["a.py"]),
    ],
)
def test_the_modules_are_those_that_the_cells_import(project, cell, modules):
    assert found(project, cell) == modules


@pytest.mark.parametrize(
    ("module", "test"),
    [
        ("a.py", "tests/unit/test_a.py"),
        ("exercises/a.py", "tests/unit/banks/a.py"),
        ("figures/a.py", None),
        ("b.py", None),
    ],
)
def test_a_test_belongs_to_a_module_by_name_and_wing(project, module, test):
    path = sourcecode.tested_by(project / "code/mini" / module, project)
    assert path == (project / test if test else None)


def test_without_a_repository_files_are_named_by_their_path(project):
    (project / "code/mini/a.py").write_text(MODULE)
    entry = sourcecode._entry(project / "code/mini/a.py", project, "")
    assert entry.astext().endswith("Source: code/mini/a.py, test: tests/unit/test_a.py.")
    assert not [*entry.findall(lambda node: "refuri" in getattr(node, "attributes", {}))]


def test_the_printed_book_has_no_such_section(book, tmp_path):
    done = book.run([sys.executable, "-c", PRINT, str(book.root)])
    assert done.returncode == 0, done.stderr
    (page,) = (book.root / "_build/work/latex").glob("*.tex")
    text = page.read_text("utf-8")
    assert "The end of One." in text and sourcecode.TITLE not in text
