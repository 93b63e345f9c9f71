"""Chapters run once, and a cell that fails is named with its place."""

from pathlib import Path

import pytest

from bookbuild import cache, execution
from bookbuild.safety import BuildError

CONFIG = Path(__file__).parents[2].joinpath("_config.yml").read_text("utf-8")
BROKEN = "\n```{code-cell} ipython3\nx = 1\nx / 0\n```\n"


@pytest.fixture
def runs(book, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(book.root / "code"))

    def run(limit=60):
        book.write("_config.yml", CONFIG.replace("timeout: 300", f"timeout: {limit}"))
        paths = [book.root / "chapters" / f"{name}.md" for name in ("one", "two")]
        return {r.path.stem: r for r in execution.run_chapters(book.root, paths)}

    return run


def cached(found):
    return {name: run.notebook is None for name, run in found.items()}


def test_a_changed_constant_runs_its_chapter_and_no_other(book, runs):
    assert cached(runs()) == {"one": True, "two": True}
    book.write("code/mini/first.py", "VALUE = 'another value'\n")
    again = runs()
    assert cached(again) == {"one": False, "two": True}
    assert again["one"].notebook.cells[1].outputs[0].data["text/plain"] == "'another value'"
    assert cached(runs()) == {"one": True, "two": True}


def test_a_kernel_has_sockets_of_its_own_and_nothing_beside_it(book, runs):
    book.append(
        "chapters/one.md",
        "\n```{code-cell} ipython3\nimport json, os, ipykernel\n"
        "json.loads(ipykernel.get_connection_info())['transport'], os.listdir()\n```\n",
    )
    found = runs()["one"].notebook.cells[-1].outputs
    assert found[0].data["text/plain"] == "('ipc', [])"


def test_the_seconds_of_each_cell_are_kept(book, runs):
    book.append(
        "chapters/one.md",
        "\n```{code-cell} ipython3\nimport time\ntime.sleep(0.4)\n```\n",
    )
    runs()
    chapter = execution.read(book.root / "chapters" / "one.md", book.root)
    seconds = cache.cell_seconds(book.root, chapter)
    assert len(seconds) == len(chapter.cells)
    assert seconds[0] == 0.0  # text
    assert seconds[-1] >= 0.4


def test_numbers_print_plainly(book, runs):
    shown = "import numpy as np\n(np.float64(4), np.True_, np.ones(2))"
    cell = f"\n```{{code-cell}} ipython3\n{shown}\n```\n"
    book.append("chapters/one.md", cell)
    shown = runs()["one"].notebook.cells[-1].outputs[0].data["text/plain"]
    assert shown == "(4.0, True, array([1., 1.]))"


def test_what_comes_last_in_the_book_runs_first(book, monkeypatch):
    begun = []
    monkeypatch.setattr(execution, "_side_by_side", lambda stale, *_: begun.extend(stale) or [])
    for name in ("one", "two"):
        book.append(f"chapters/{name}.md", "\n```{code-cell} ipython3\n1\n```\n")
    paths = [book.root / "chapters" / f"{name}.md" for name in ("one", "two")]
    assert list(execution.run_chapters(book.root, paths)) == []
    assert [path.stem for path, _ in begun] == ["two", "one"]


def test_a_kernel_keeps_its_memory_and_runs_on_one_thread(book, runs):
    names = "MALLOC_TOP_PAD_", "OMP_NUM_THREADS"
    book.append(
        "chapters/one.md",
        f"\n```{{code-cell}} ipython3\nimport os\n[os.environ[n] for n in {names}]\n```\n",
    )
    found = runs()["one"].notebook.cells[-1].outputs
    assert found[0].data["text/plain"] == "['67108864', '1']"


def test_a_failing_cell_is_named_with_chapter_line_number_and_error(book, runs):
    line = book.read("chapters/one.md").count("\n") + 2
    book.append("chapters/one.md", BROKEN)
    found = runs()
    assert found["two"].error is None
    report = found["one"].error.splitlines()
    assert report[0].endswith(f"chapters/one.md:{line}: cell 2 failed")
    assert report[1:] == ["    x = 1", "    x / 0", "ZeroDivisionError: division by zero"]


def test_a_failed_chapter_is_not_kept(book, runs):
    book.append("chapters/one.md", BROKEN)
    runs()
    assert runs()["one"].error


def test_a_chapter_that_hangs_is_stopped_and_named(book, runs):
    book.append("chapters/two.md", "\n```{code-cell} ipython3\nwhile True: pass\n```\n")
    report = runs(limit=2)["two"].error
    assert "chapters/two.md" in report
    assert report.endswith("the cell took longer than 2 seconds")


def test_a_kernel_that_dies_is_told(book, runs):
    book.append("chapters/two.md", "\n```{code-cell} ipython3\nimport os; os._exit(1)\n```\n")
    assert "the kernel died" in runs()["two"].error


def test_a_chapter_whose_process_is_killed_is_named(book, runs):
    kill = "import os, signal; os.kill(os.getppid(), signal.SIGKILL)"
    book.append("chapters/two.md", f"\n```{{code-cell}} ipython3\n{kill}\n```\n")
    with pytest.raises(BuildError, match=r"two\.md was killed: is there enough memory\?"):
        runs()
