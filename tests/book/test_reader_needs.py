"""What a reader's notebook needs is what its first cell installs, and nothing else.

The build runs chapters beside PyTorch, SciPy and many others, so a chapter that uses one of them
would run there and fail at a reader's desk: imports are held against what the wheel asks for.
"""

import ast
import functools
import http.server
import importlib.util
import os
import shutil
import subprocess
import sys
import threading
import tomllib
import zipfile
from contextlib import contextmanager
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import nbformat
import pytest
from checkout import ROOT
from IPython.core.inputtransformer2 import TransformerManager
from nbformat.v4 import new_code_cell, new_notebook
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bookbuild.notebooks.cells import setup_cell

BUILT = ROOT / "_build" / "notebooks"
CODE = ROOT / "code"
NAMES = sorted(path.name for path in BUILT.glob("*.ipynb"))
with open(ROOT / "pyproject.toml", "rb") as file:
    PROJECT = tomllib.load(file)["project"]
DECLARED = {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]}


def imported(source: str, package: str = "") -> set[str]:
    """The modules that a source imports anywhere, as they are written; names from them too."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return found


distributions = cache(packages_distributions)


@cache
def needed(module: str) -> frozenset[str]:
    """Everything outside the standard library that importing `module` of the package may import."""
    return frozenset(name for file in closure({module}) for name in outside(file))


def closure(modules: set[str]) -> set[Path]:
    """The files of the package that importing these modules runs."""
    found, todo = set(), set(modules)
    while todo:
        path = file_of(todo.pop())
        if path and path not in found:
            found.add(path)
            todo |= imports_of(path)
    return found


def file_of(module: str) -> Path | None:
    stem = CODE.joinpath(*module.split("."))
    return next((p for p in (stem.with_suffix(".py"), stem / "__init__.py") if p.is_file()), None)


@cache
def imports_of(path: Path) -> frozenset[str]:
    parts = path.relative_to(CODE).with_suffix("").parts
    return frozenset(imported(path.read_text("utf-8"), ".".join(parts[:-1])))


def outside(path: Path) -> set[str]:
    return foreign(imports_of(path))


def foreign(modules) -> set[str]:
    """The distributions, outside the standard library and the package, that modules come from."""
    tops = {name.split(".")[0] for name in modules} - {"weighted_sums", *sys.stdlib_module_names}
    return {canonicalize_name(distributions().get(top, [top])[0]) for top in tops}


def cells(name: str) -> tuple[str, str]:
    """The setup of a notebook, and its other code as plain Python."""
    code = [c.source for c in nbformat.read(BUILT / name, 4).cells if c.cell_type == "code"]
    transform = TransformerManager().transform_cell
    return code[0], "\n".join(transform(source) for source in code[1:])


def lacking(setup: str, code: str) -> set[str]:
    """What the code needs and the setup does not install."""
    modules = imported(code)
    needs = foreign(modules).union(*(needed(m) for m in modules if file_of(m)))
    return needs - DECLARED - ({"torch"} if '"torch"' in setup else set())


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_needs_nothing_that_its_first_cell_does_not_install(name):
    setup, code = cells(name)
    assert lacking(setup, code) == set()


def test_all_of_the_package_needs_what_it_declares_or_says_that_it_needs_pytorch():
    files = (CODE / "weighted_sums").rglob("*.py")
    needs = {path.stem: outside(path) - DECLARED for path in files}
    assert {name: need for name, need in needs.items() if need - {"torch"}} == {}
    assert PROJECT["optional-dependencies"]["torch"] == ["torch==2.13.0"]


@pytest.mark.parametrize(
    ("code", "missing"),
    [
        ("import numpy as np\nfrom matplotlib import pyplot", set()),
        ("import scipy.stats", {"scipy"}),
        ("def later():\n    import pandas", {"pandas"}),
        ("import bookbuild", {"bookbuild"}),
        ("import torch", {"torch"}),
        ("from weighted_sums.torch_twin import TorchTransformer", {"torch"}),
        ("from weighted_sums import torch_twin", {"torch"}),
        ("from weighted_sums import neurons", set()),
    ],
)
def test_what_a_reader_lacks_is_found(code, missing):
    assert lacking("", code) == missing
    assert lacking('NEEDED = ("weighted_sums", "torch")', code) == missing - {"torch"}


def test_a_chapter_that_reads_a_file_beside_it_fails_in_the_build(book):
    book.write("chapters/beside.txt", "no reader has this")
    book.append("chapters/one.md", "\n```{code-cell} ipython3\nopen('beside.txt')\n```\n")
    done = book.build("notebooks")
    assert done.returncode == 1
    assert "No such file or directory: 'beside.txt'" in done.stderr


WHEEL = "weighted_sums-7.1-py3-none-any.whl"
SITE = "https://books.example/sums/"
ON_SITE = f" @ {SITE}notebooks/wheel/{WHEEL}"


@pytest.fixture
def set_up(tmp_path, monkeypatch):
    """Run a first cell in a folder; return what it asked pip for. Pip knows only `sound`."""
    calls = []

    def pip(line, **settings):
        *command, wanted = line
        assert command == [sys.executable, "-m", "pip", "install", "-q"]
        calls.append(wanted)
        return subprocess.CompletedProcess(line, sound not in wanted, "", "no such package")

    monkeypatch.setattr(subprocess, "run", pip)
    sound = ""

    def run(code, here=".", installed=(), site="", works=""):
        nonlocal sound
        sound = works
        there = {name: object() for name in installed}
        monkeypatch.setattr(importlib.util, "find_spec", there.get)
        (tmp_path / "book" / here).mkdir(parents=True, exist_ok=True)
        monkeypatch.chdir(tmp_path / "book" / here)
        notebook = new_notebook(cells=[new_code_cell(code)])
        exec(setup_cell(notebook, WHEEL, site).source, {})
        return calls

    return run


def put_wheel(folder: Path) -> str:
    """Lay a wheel there; return how pip is asked for it."""
    wheel = folder / "wheel" / WHEEL
    wheel.parent.mkdir(parents=True)
    wheel.touch()
    return f" @ {wheel.as_uri()}"


@pytest.mark.parametrize(
    ("code", "installed", "extra"),
    [
        ("", (), ""),
        ("import torch", (), "[torch]"),
        ("import torch", ("weighted_sums",), "[torch]"),
        ("import numpy", (), ""),
    ],
)
@pytest.mark.parametrize("here", [".", "part"])
def test_the_first_cell_installs_the_wheel_that_lies_beside_or_above(
    set_up, tmp_path, code, installed, extra, here
):
    wheel = put_wheel(tmp_path / "book")
    assert set_up(code, here, installed, SITE) == [f"weighted_sums{extra}{wheel}"]


def test_the_first_cell_prefers_the_wheel_that_is_nearest(set_up, tmp_path):
    put_wheel(tmp_path)
    nearest = put_wheel(tmp_path / "book" / "part")
    assert set_up("", "part") == [f"weighted_sums{nearest}"]


def test_the_first_cell_alone_installs_from_the_books_site(set_up):
    assert set_up("import torch", site=SITE) == [f"weighted_sums[torch]{ON_SITE}"]


def test_the_first_cell_installs_its_version_from_the_index_where_nothing_else_works(set_up):
    asked = [f"weighted_sums{ON_SITE}", "weighted_sums==7.1"]
    assert set_up("", site=SITE, works="==7.1") == asked


def test_a_book_without_an_address_asks_the_index_at_once(set_up):
    assert set_up("") == ["weighted_sums==7.1"]


def test_the_first_cell_leaves_alone_what_is_there(set_up):
    assert set_up("", installed=["weighted_sums"]) == []
    assert set_up("import torch", installed=["weighted_sums", "torch"]) == []


def test_the_first_cell_says_what_to_do_where_nothing_can_be_installed(set_up, tmp_path):
    put_wheel(tmp_path / "book")
    told = r"(?s)Unpack weighted-sums-notebooks\.zip from .*pip said: no such package"
    with pytest.raises(ModuleNotFoundError, match=told):
        set_up("", site=SITE, works="nothing")


@pytest.mark.slow
@pytest.mark.parametrize("case", ["folder", "site", "index", "nowhere"])
def test_pip_itself_follows_the_first_cell_without_a_network(tmp_path, case):
    """A small wheel of the package's name, offered by each of the places in turn."""
    wheel = small_wheel(tmp_path / "offered" / "notebooks" / "wheel")
    here = tmp_path / "a folder" / "notebooks"
    here.mkdir(parents=True)
    offered = {"PIP_NO_INDEX": "1", "PIP_RETRIES": "0"}
    if case == "folder":
        shutil.copytree(wheel.parent, here / "wheel")
    if case == "index":
        offered["PIP_FIND_LINKS"] = str(wheel.parent)
    with serving(tmp_path / "offered" if case == "site" else here) as site:
        cell = setup_cell(new_notebook(cells=[]), wheel.name, site).source
        target = tmp_path / "installed"
        # -S hides the packages of this environment, and with them the book's own
        line = [sys.executable, "-S", "-c", f"{cell}\nprint('set up')"]
        kept = {**os.environ, **offered, "PIP_TARGET": str(target), "PYTHONPATH": ""}
        done = subprocess.run(line, cwd=here, env=kept, capture_output=True, text=True)
    if case == "nowhere":
        assert done.returncode == 1
        assert "Unpack weighted-sums-notebooks.zip" in done.stderr
    else:
        assert done.stdout.endswith("set up\n"), done.stderr
        assert (target / "weighted_sums.py").is_file()


def small_wheel(folder: Path) -> Path:
    """A wheel of one empty module that has the package's name."""
    folder.mkdir(parents=True)
    wheel, info = folder / WHEEL, "weighted_sums-7.1.dist-info"
    files = {
        "weighted_sums.py": "",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: weighted_sums\nVersion: 7.1\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return wheel


@contextmanager
def serving(folder: Path):
    """The address of a server of this machine that offers a folder."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
