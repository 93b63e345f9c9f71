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

from bookbuild.notebooks.builder import raw_myst
from bookbuild.notebooks.package import ZIP

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "_build" / "notebooks"
NAMES = sorted(str(path.relative_to(BUILT)) for path in BUILT.rglob("*.ipynb"))

# runs a notebook in this environment's own kernel and writes the result beside it
RUNNER = """
import sys, nbformat
from nbclient import NotebookClient
from pathlib import Path
for name in sys.argv[1:]:
    path = Path(name)
    notebook = nbformat.read(path, 4)
    settings = {"timeout": 300, "kernel_name": "python3"}
    NotebookClient(notebook, resources={"metadata": {"path": path.parent}}, **settings).execute()
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
    codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in codes[1:])
    text = json.dumps(notebook)
    assert "application/pdf" not in text
    assert "papermill" not in text
    pictures = sum("image/svg+xml" in o.get("data", {}) for cell in codes for o in cell.outputs)
    captions = text.count("**Figure")
    assert pictures == captions


def venv(folder: Path) -> Path:
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    return folder / "bin" / "python"


def pip(python: Path, *arguments: str) -> None:
    constraints = ["--constraint", str(ROOT / "requirements.lock")]
    command = [python, "-m", "pip", "install", "--quiet", *constraints, *arguments]
    subprocess.run(command, check=True, capture_output=True, text=True)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """The zip as a reader unpacks it, and an environment with Jupyter's engine and no more."""
    folder = tmp_path_factory.mktemp("reader")
    with zipfile.ZipFile(BUILT / ZIP) as archive:
        archive.extractall(folder)
    python = venv(folder / "venv")
    pip(python, "ipykernel", "nbclient")
    return folder / "weighted-sums", python


def run(python: Path, notebooks: list[Path]) -> None:
    path = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    outside = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "JUPYTER"))}
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [python, "-c", RUNNER, *map(str, notebooks)],
        env={**outside, **threads, "PATH": path, "VIRTUAL_ENV": str(python.parents[1])},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def words(cell) -> list[str]:
    """The text results of a cell; where an object lives in memory is no result."""
    texts = (output.get("data", {}).get("text/plain", "") for output in cell.outputs)
    return [re.sub(r"0x[0-9a-f]+", "0x", text) for text in texts if text]


def test_all_notebooks_run_with_nothing_but_the_wheel_and_give_the_same(unpacked):
    folder, python = unpacked
    notebooks = sorted(folder.rglob("*.ipynb"))
    assert len(notebooks) == len(NAMES)
    first, *others = notebooks
    run(python, [first])  # its first cell installs the wheel and what it needs
    installed = subprocess.run([python, "-m", "pip", "list"], capture_output=True, text=True).stdout
    assert "weighted" in installed
    assert "sphinx" not in installed.lower()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda part: run(python, part), (others[::2], others[1::2])))
    for path in notebooks:
        before = nbformat.read(path, 4)
        after = nbformat.read(path.with_suffix(".done"), 4)
        for old, new in zip(before.cells, after.cells, strict=True):
            if old.cell_type == "code" and "timing" not in old.metadata.get("tags", []):
                assert words(new) == words(old), f"{path.name}: {old.source}"


def test_a_notebook_without_its_wheel_says_what_is_missing(tmp_path, unpacked):
    python = venv(tmp_path / "venv")
    pip(python, "ipykernel", "nbclient")
    alone = tmp_path / "notation.ipynb"
    alone.write_bytes((BUILT / "notation.ipynb").read_bytes())
    with pytest.raises(AssertionError, match="the folder 'wheel' is neither beside this notebook"):
        run(python, [alone])
