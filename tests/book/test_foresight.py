"""What a cell takes and lacks in a page is foreseen from the build's times and from imports."""

import json
import re

import pytest
from checkout import ROOT

from bookbuild import foresight, runtime

SHIPS = {"numpy", "weighted_sums"}
CELLS = [
    ("", []),
    ("import numpy as np\nrng = np.random.default_rng(0)\nSIZE = 3", []),
    ("trained = rng.normal(size=SIZE)", []),
    ("def shown(x):\n    return 2 * x", []),
    ("other = 1", []),
    ('check("one.two", shown(trained))', ["starter"]),
    ('check("one.two", shown(trained) + 1)', ["solution"]),
]
TOOK = [0.0, 1.0, 10.0, 3.0, 4.0, 0.5, 2.0]


def foreseen(code, took=TOOK, cells=CELLS):
    told = [{"source": source, "tags": tags} for source, tags in cells]
    foresight.foreseen(told, took, code, SHIPS)
    return told


@pytest.fixture
def code(tmp_path):
    """A package: one module imports PyTorch, one imports that module, one does so when called."""
    package = tmp_path / "weighted_sums"
    package.mkdir()
    (package / "__init__.py").touch()
    sources = {
        "twin": "import torch",
        "later": "from weighted_sums import twin",
        "called": "def call():\n    import torch",
        "typed": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch",
    }
    for name, source in sources.items():
        (package / f"{name}.py").write_text(source, "utf-8")
    return tmp_path


def test_a_cell_takes_its_own_time_and_names_what_it_needs(code):
    told = foreseen(code)
    assert told[4] == {"source": "other = 1", "tags": [], "seconds": 4 * foresight.SLOWER}
    assert told[2]["needs"] == [1]  # it draws from the generator
    # a right answer may take as long as the solution; a definition costs nothing to run again
    assert told[5]["seconds"] == 2 * foresight.SLOWER
    assert told[5]["needs"] == [1, 2]
    assert told[0] == {"source": "", "tags": []}


def test_where_no_times_are_known_none_are_told(code):
    told = foreseen(code, took=[])
    assert not any("seconds" in cell for cell in told)
    assert told[5]["needs"] == [1, 2]


@pytest.mark.parametrize(
    ("source", "lacks"),
    [
        ("import torch", "PyTorch"),
        ("from weighted_sums import later", "PyTorch"),
        ("from weighted_sums.twin import Twin", "PyTorch"),
        ("from scipy.special import erf", "SciPy"),
        ("import multiprocessing", "multiprocessing"),
        ("import tkinter", "tkinter"),
        ("def f():\n    import torch", "PyTorch"),
        ("from weighted_sums import called, typed", ""),
        ("import math, json, time, itertools, collections.abc", ""),
        ("import numpy.linalg", ""),
    ],
)
def test_what_no_page_has_is_found_through_the_package(code, source, lacks):
    if not runtime.STORE.is_dir():
        pytest.skip("this environment has no Python for pages")
    assert foresight.lacks([source], code, SHIPS) == lacks


def test_a_cell_lacks_what_it_builds_on_and_no_more(code):
    if not runtime.STORE.is_dir():
        pytest.skip("this environment has no Python for pages")
    cells = [
        ("import torch\nimport numpy as np", []),
        ("x = np.ones(3)", []),
        ("torch.ones(3)", []),
    ]
    told = foreseen(code, [], cells)
    assert [cell.get("lacks", "") for cell in told] == ["PyTorch", "", "PyTorch"]


# the built book
STATIC = ROOT / "_build" / "html" / "_static"
TOLD = {path: json.loads(path.read_text("utf-8")) for path in (STATIC / "cells").rglob("*.json")}
built = pytest.mark.skipif(not TOLD, reason="this site has no Python in its pages")


@built
def test_pages_name_what_their_cells_lack_and_every_exercise_can_be_done():
    some = set()
    for path, cells in TOLD.items():
        page = STATIC.parent / path.relative_to(STATIC / "cells").with_suffix(".html")
        (given,) = re.findall(r'data-lacking="([^"]*)"', page.read_text("utf-8"))
        lacking = {str(n): cell["lacks"] for n, cell in enumerate(cells) if "lacks" in cell}
        assert json.loads(given.replace("&quot;", '"')) == lacking, page.name
        assert not [n for n in lacking if "starter" in cells[int(n)]["tags"]], page.name
        some |= {*lacking.values()}
    assert "PyTorch" in some


@built
def test_the_times_of_the_build_reach_the_pages():
    timed = {path.stem: sum(c.get("seconds", 0) for c in cells) for path, cells in TOLD.items()}
    if not any(timed.values()):
        pytest.skip("these chapters ran before a build timed their cells")
    assert timed["training-gpt"] > 60 > timed["notation"]
