"""The notebooks a reader downloads: valid, plain, and they run where only the wheel is."""

import json
import os
import re
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest

from bookbuild.notebooks.cells import raw_myst
from bookbuild.notebooks.package import ZIP
from weighted_sums.progress import QUIET

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "_build" / "notebooks"
SVG = "image/svg+xml"
NAMES = sorted(str(path.relative_to(BUILT)) for path in BUILT.rglob("*.ipynb"))

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


def test_every_executable_chapter_has_its_notebook():
    if not BUILT.is_dir():
        pytest.fail("there are no notebooks to test: run `make notebooks` first")
    pages = (ROOT / "chapters").rglob("*.md")
    chapters = {p.relative_to(ROOT / "chapters") for p in pages if "kernelspec:" in p.read_text()}
    assert {Path(name).with_suffix(".md") for name in NAMES} == chapters


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_valid_plain_and_has_its_results(name):
    notebook = nbformat.read(BUILT / name, 4)
    nbformat.validate(notebook)
    assert raw_myst(notebook) == []
    assert notebook.cells[0].source.startswith("# ")
    setup, *codes = (cell for cell in notebook.cells if cell.cell_type == "code")
    assert "weighted_sums-*.whl" in setup.source
    assert all(cell.execution_count for cell in codes)
    assert any(cell.outputs for cell in codes)
    text = json.dumps(notebook)
    assert "application/pdf" not in text
    assert "papermill" not in text
    pictures = [o.data for cell in codes for o in cell.outputs if SVG in o.get("data", {})]
    assert len(pictures) == text.count("**Figure")
    # a picture in a form that Jupyter also shows in a notebook it does not trust
    assert all(re.match('<img alt="[^"]+" src="data:', data["text/html"]) for data in pictures)


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """The zip as a reader unpacks it, and her environment: Jupyter's engine and no more."""
    folder = tmp_path_factory.mktemp("reader")
    with zipfile.ZipFile(BUILT / ZIP) as archive:
        archive.extractall(folder)
    python = folder / "venv" / "bin" / "python"
    command([sys.executable, "-m", "venv", folder / "venv"])
    command([python, "-m", "pip", "install", "--quiet", "ipykernel", "nbclient"])
    return folder / "weighted-sums", python


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


def words(cell) -> list[str]:
    """The text results of a cell; where an object lives in memory is no result.

    What is printed may arrive in one piece or in several; it is put together.
    """
    printed = "".join(o.text for o in cell.outputs if o.output_type == "stream")
    texts = [printed, *(o.get("data", {}).get("text/plain", "") for o in cell.outputs)]
    return [re.sub(r"0x[0-9a-f]+", "0x", text) for text in texts if text]


def test_a_notebook_without_its_wheel_says_what_is_missing(tmp_path, reader):
    _, python = reader
    command([python, "-m", "pip", "uninstall", "--quiet", "--yes", "weighted-sums"])
    alone = tmp_path / "notation.ipynb"
    alone.write_bytes((BUILT / "notation.ipynb").read_bytes())
    with pytest.raises(AssertionError, match=r"Unpack weighted-sums-notebooks\.zip from the book"):
        run(python, [alone])


def test_all_notebooks_run_with_nothing_but_the_wheel_and_give_the_same(reader):
    folder, python = reader
    first, *others = notebooks = sorted(folder.rglob("*.ipynb"))
    assert len(notebooks) == len(NAMES)
    run(python, [first])  # its first cell installs the wheel and what that needs
    installed = command([python, "-m", "pip", "list"]).lower()
    assert "weighted-sums" in installed
    assert "sphinx" not in installed
    assert "myst" not in installed
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda part: run(python, part), (others[::2], others[1::2])))
    compared = 0
    for path in notebooks:
        before, after = (nbformat.read(p, 4) for p in (path, path.with_suffix(".done")))
        for old, new in zip(before.cells, after.cells, strict=True):
            if old.cell_type == "code" and "timing" not in old.metadata.get("tags", []):
                assert words(new) == words(old), f"{path.name}: {old.source}"
                compared += len(words(old))
    assert compared >= len(notebooks)
