"""The tests of the work at hand: `make check`, one name, other Pythons, and none skipped."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from checkout import ROOT

from tools import check

SETTINGS = """[tool.bookbuild]
allowed-numbers = []
[tool.ruff]
line-length = 100
[tool.ruff.lint]
select = ["F"]
"""
VECTORS = """from . import case


def cases():
    return {"sigmoid": [case([0.0], [0.4])]}
"""


def test_all_that_has_one_name_belongs_to_it():
    found = {
        str(path.relative_to(ROOT))
        for paths in check.belonging("attention").values()
        for path in paths
    }
    assert found == {
        "chapters/transformers/attention.md",
        "code/weighted_sums/attention.py",
        "code/weighted_sums/exercises/attention.py",
        "code/weighted_sums/figures/attention.py",
        "tests/browser/golden/attention.py",
        "tests/unit/banks/attention.py",
        "tests/unit/test_attention.py",
    }
    assert check.belonging("chain-rule") == check.belonging("chain_rule")


def test_an_unknown_name_is_refused_with_names_that_are_near():
    with pytest.raises(SystemExit, match="is called 'atention'; near: attention"):
        check.belonging("atention")
    with pytest.raises(SystemExit, match="is called 'zzzz'$"):
        check.belonging("zzzz")


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout of a few files in which one name has all that a name can have."""
    monkeypatch.setattr(check, "ROOT", tmp_path)

    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    shutil.copytree(ROOT / "interactive", tmp_path / "interactive")
    for name in ("tests/browser/golden/__init__.py", "tests/browser/golden/neuron.py"):
        write(name, (ROOT / name).read_text("utf-8"))
    write("code/weighted_sums/neuron.py", '"""A neuron."""\n')
    write("chapters/neuron.md", "# Neuron\n")
    write("_toc.yml", "format: jb-book\nroot: chapters/neuron\n")
    write("_config.yml", "title: One neuron\n")
    write("pyproject.toml", SETTINGS)
    return write


def test_a_name_without_a_fault_passes(checkout, capsys):
    checkout("tests/unit/test_neuron.py", "def test_it():\n    assert True\n")
    assert check.main("neuron") == 0
    assert "golden vectors: tests/browser/golden/neuron.py" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("tests/unit/test_neuron.py", "def test_it():\n    assert False\n", "1 failed"),
        ("code/weighted_sums/neuron.py", '"""A neuron."""\n\nimport os\n', "F401"),
        ("code/weighted_sums/neuron.py", '"""A neuron."""\n\nx=1\n', "would be reformatted"),
        (
            "chapters/neuron.md",
            "# Neuron\n\nThere are 17.\n",
            "chapters/neuron.md:3: the number 17",
        ),
        ("tests/browser/golden/neuron.py", VECTORS, "not ok 1 - neuron"),
    ],
)
def test_whatever_is_wrong_with_a_name_is_found(checkout, capfd, name, text, said):
    if "golden" in name and not shutil.which("node"):
        pytest.skip("Node is not installed")
    checkout(name, text)
    assert check.main("neuron") == 1
    assert said in capfd.readouterr().out


def test_of_the_banks_only_that_of_the_name_is_tried(checkout, capfd):
    checkout("tests/unit/banks/neuron.py", "BANK = {}\n")
    checkout(
        "tests/unit/test_banks.py",
        "import pytest\n\n\n"
        '@pytest.mark.parametrize("name", ["neuron.fire", "other.neuron.", "others.fire"])\n'
        "def test_it(name):\n    assert False\n",
    )
    assert check.main("neuron") == 1
    assert "1 failed, 2 deselected" in capfd.readouterr().out


def recipe(*words):
    """What `make` would run for these words where the environment stands."""
    line = ["make", "--dry-run", "--old-file", ".venv/ready", *words]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(line, cwd=ROOT, env=kept, capture_output=True, text=True).stdout


def test_make_check_lints_and_runs_the_fast_tests_and_builds_nothing():
    found = recipe("check")
    for wanted in (
        "ruff check .",
        "ruff format --check",
        "lint-imports",
        "mypy",
        "tools/vocabulary.py",
        "tools/letters.py",
        "bookbuild lint",
    ):
        assert wanted in found
    assert '-m "not slow"' in found and "bookbuild book" not in found
    assert "lint-imports" not in recipe("check", "NAME=attention")


@pytest.mark.parametrize(
    ("part", "builds", "lints", "asks"),
    [("", True, True, "pdf"), ("unit", False, True, ""), ("book", True, False, "pdf"),
     ("browser", False, False, "test")],
)  # fmt: skip
def test_make_test_does_what_its_part_needs(part, builds, lints, asks):
    found = recipe("test", f"PART={part}")
    assert f"--dist worksteal tests/{part}\n" in found
    assert ("bookbuild book" in found, "ruff check" in found) == (builds, lints)
    assert f"debian.sh {asks}" in found if asks else "debian.sh" not in found


def test_the_other_pythons_are_tested_where_there_are_some():
    workflow = (ROOT / ".github/workflows/test.yml").read_text("utf-8")
    pythons = re.findall(r'python: "(3\.\d+)"', workflow)
    assert len(pythons) >= 3 and "make python" in workflow
    pytest.skip(f"Python {', '.join(pythons)} are tested on GitHub; here: `make python` tests one")


@pytest.mark.parametrize(("options", "status"), [([], 0), (["--no-skips"], 1)])
def test_where_nothing_may_be_skipped_a_skip_has_failed(tmp_path, options, status):
    test = tmp_path / "test_skip.py"
    test.write_text("import pytest\n\ndef test_it():\n    pytest.skip('no model')\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "conftest", "--rootdir", tmp_path, *options, test],
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'tests/unit'}{os.pathsep}{ROOT / 'code'}"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == status, done.stdout
    assert ("nothing may be: Skipped: no model" in done.stdout) == bool(status)
