"""Tests of any two folders can be named in one command: their modules are found by name alone.

pytest puts each folder of tests on the path; of two modules with one name it finds only one.
"""

import ast
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
ONE_PER_FOLDER = {"conftest", "__init__"}


def of_one_name(folder):
    """The names of more than one module or package in the folders of tests."""
    found = [*folder.glob("*/*.py"), *(path.parent for path in folder.glob("*/*/__init__.py"))]
    counted = Counter(path.stem for path in found)
    return sorted(name for name, n in counted.items() if n > 1 and name not in ONE_PER_FOLDER)


def imports_of_conftest(folder):
    """The modules that import a conftest by its name, which is every folder's."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            if "conftest" in names:
                found.append(str(path.relative_to(folder)))
    return found


def test_no_two_modules_have_one_name():
    assert of_one_name(TESTS) == []


@pytest.mark.parametrize("folder", ["unit", "book", "browser"])
def test_nobody_imports_a_conftest(folder):
    assert imports_of_conftest(TESTS / folder) == []


def test_a_name_used_twice_and_an_import_of_a_conftest_are_found(tmp_path):
    for name in (
        "one/tool.py",
        "two/tool.py",
        "two/other.py",
        "one/conftest.py",
        "two/conftest.py",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "two" / "test_it.py").write_text("from conftest import ROOT\n")
    (tmp_path / "one" / "test_that.py").write_text("import conftest\n")
    assert of_one_name(tmp_path) == ["tool"]
    assert imports_of_conftest(tmp_path) == ["one/test_that.py", "two/test_it.py"]


@pytest.mark.parametrize("turn", [1, -1])
def test_files_of_all_folders_are_collected_in_either_order(turn):
    files = ["unit/test_folders_of_tests.py", "book/test_layers.py", "browser/test_page_checks.py"][
        ::turn
    ]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, *(str(TESTS / name) for name in files)],
        cwd=TESTS.parent, env=os.environ, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
