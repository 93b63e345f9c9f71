"""The notebooks a reader downloads: valid, plain, what the build ran, and all that they need.

The build runs every chapter, so its results are a notebook's results if three things hold: the
cells are the same (here), the wheel holds the package that ran (here), and no cell uses what a
reader lacks (`test_reader_needs.py`). One notebook of each part runs where only the wheel is.
"""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from checkout import ROOT
from jupyter_cache import get_cache

from bookbuild.execution import read
from bookbuild.notebooks.cells import raw_myst
from bookbuild.site import ZIP
from bookbuild.sources import chapter_files
from weighted_sums.workshop.progress import QUIET

BUILT = ROOT / "_build" / "notebooks"
SVG = "image/svg+xml"
NAMES = sorted(path.name for path in BUILT.glob("*.ipynb"))
CHAPTERS = {path.stem: path for path in (ROOT / "chapters").rglob("*.md")}

# runs notebooks in the kernel of its own environment and writes the results beside them
RUNNER = """
import sys, nbformat
from nbclient import NotebookClient
from pathlib import Path
for path in map(Path, sys.argv[1:]):
    notebook = nbformat.read(path, 4)
    place = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=place).execute()
    nbformat.write(notebook, path.with_suffix(".done"))
"""


def chapter(name: str) -> Path:
    """The chapter from which a notebook was made: `07-attention.ipynb` from `attention.md`."""
    return CHAPTERS[name.partition("-")[2].removesuffix(".ipynb")]


PARTS = sorted({chapter(name).parent for name in NAMES})


def test_every_executable_chapter_has_its_notebook():
    if not BUILT.is_dir():
        pytest.fail("there are no notebooks to test: run `make notebooks` first")
    running = {path for path in CHAPTERS.values() if "kernelspec:" in path.read_text()}
    assert {chapter(name) for name in NAMES} == running
    assert len(NAMES) == len(running)


def test_the_names_of_the_notebooks_are_in_the_order_of_the_book():
    order = [path for path in chapter_files(ROOT) if path in map(chapter, NAMES)]
    numbered = [name for name in NAMES if not name.startswith(("00-", "A-"))]
    assert [int(name[:2]) for name in numbered] == [*range(1, len(numbered) + 1)]
    before = len([name for name in NAMES if name.startswith("00-")])
    assert [chapter(name) for name in numbered] == order[before : before + len(numbered)]


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_valid_plain_and_has_its_results(name):
    notebook = nbformat.read(BUILT / name, 4)
    nbformat.validate(notebook)
    assert raw_myst(notebook) == []
    assert notebook.cells[0].source.startswith("# ")
    setup, *codes = (cell for cell in notebook.cells if cell.cell_type == "code")
    assert "weighted_sums-*.whl" in setup.source
    (wheel,) = BUILT.glob("wheel/*.whl")
    assert f'"=={wheel.name.split("-")[1]}"' in setup.source
    assert all(cell.execution_count for cell in codes)
    assert any(cell.outputs for cell in codes)
    text = json.dumps(notebook)
    assert "application/pdf" not in text
    assert "papermill" not in text
    pictures = [o.data for cell in codes for o in cell.outputs if SVG in o.get("data", {})]
    assert len(pictures) == text.count("**Figure")
    # a picture in a form that Jupyter also shows in a notebook it does not trust
    assert all(re.match('<img alt="[^"]+" src="data:', data["text/html"]) for data in pictures)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_holds_the_cells_that_the_build_ran_with_their_results(name):
    source = read(chapter(name), ROOT)
    # found only if the chapter, the package and the lock are still what the build ran
    _, executed = get_cache(ROOT / "_build/cache").merge_match_into_notebook(source)
    _, *cells = codes(nbformat.read(BUILT / name, 4))  # the first one sets up
    ran = codes(executed)
    assert [cell.source for cell in cells] == [cell.source for cell in ran]
    assert [cell.execution_count for cell in cells] == [cell.execution_count for cell in ran]
    assert list(map(words, cells)) == list(map(words, ran))


def test_the_zip_holds_the_notebooks_and_the_wheel_as_they_lie_beside_it():
    with zipfile.ZipFile(BUILT / ZIP) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    beside = [BUILT / name for name in NAMES] + [*BUILT.glob("wheel/*.whl")]
    assert packed == {f"weighted-sums/{p.relative_to(BUILT)}": p.read_bytes() for p in beside}


def test_the_wheel_holds_the_package_that_ran_file_by_file():
    (wheel,) = BUILT.glob("wheel/*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]
        packed = {name: archive.read(name) for name in names}
    files = (ROOT / "code" / "weighted_sums").rglob("*.*")
    # a report for people, in Markdown, is read by no program
    ran = {p for p in files if p.suffix in (".py", ".typed", ".csv", ".json")}
    assert packed == {str(path.relative_to(ROOT / "code")): path.read_bytes() for path in ran}
    assert any(name.endswith(".csv") for name in packed)


def command(line: list) -> str:
    """Run a command as a reader would: nothing of this environment leaks into hers."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "JUPYTER"))}
    single = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    # the versions of the build, so that results can be compared to the last digit
    lock = {"PIP_CONSTRAINT": (ROOT / "requirements.lock").as_uri()}
    quiet = {QUIET: "1"}  # a bar tells of time, which is no result
    environment = {**kept, **single, **lock, **quiet}
    done = subprocess.run(line, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def run(python: Path, notebooks: list[Path]) -> None:
    command([python, "-c", RUNNER, *notebooks])


def quickest(part: Path) -> str:
    """The notebook of a part with the fewest cells that needs no PyTorch, a download of 200 MB."""
    cells = {}
    for name in (name for name in NAMES if chapter(name).parent == part):
        setup, *rest = codes(nbformat.read(BUILT / name, 4))
        if "torch" not in setup.source:
            cells[name] = len(rest)
    return min(cells, key=cells.get)


def codes(notebook) -> list:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def words(cell) -> list[str]:
    """The text results of a cell; where an object lives in memory is no result.

    What is printed may arrive in one piece or in several; it is put together. What the build
    alone reads, numbers for the prose, is no result in a notebook.
    """
    printed = "".join(o.text for o in cell.outputs if o.output_type == "stream")
    texts = [printed, *(o.get("data", {}).get("text/plain", "") for o in cell.outputs)]
    return [re.sub(r"0x[0-9a-f]+", "0x", text) for text in texts if text]


def different(path: Path) -> list[str]:
    """The cells of a notebook that gave another result than the build."""
    before, after = (codes(nbformat.read(p, 4)) for p in (path, path.with_suffix(".done")))
    fixed = [i for i, c in enumerate(before) if "timing" not in c.metadata.get("tags", [])]
    assert any(words(before[i]) for i in fixed)
    return [
        f"{path.name}: {before[i].source}" for i in fixed if words(after[i]) != words(before[i])
    ]


def test_one_notebook_of_each_part_gives_the_same_with_nothing_but_the_wheel(tmp_path):
    # one test, so that no other process waits for the environment
    with zipfile.ZipFile(BUILT / ZIP) as archive:
        archive.extractall(tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    command([sys.executable, "-m", "venv", tmp_path / "venv"])
    command([python, "-m", "pip", "install", "--quiet", "ipykernel", "nbclient"])
    notebooks = [tmp_path / "weighted-sums" / quickest(part) for part in PARTS]
    run(python, notebooks)  # the first one's first cell installs the wheel and what that needs
    packages = json.loads(command([python, "-m", "pip", "list", "--format=json"]))
    installed = {package["name"].lower() for package in packages}
    assert installed >= {"weighted-sums", "numpy"}
    assert not {name for name in installed if re.search("sphinx|myst|torch", name)}
    assert len(notebooks) >= 5
    assert [cell for path in notebooks for cell in different(path)] == []
