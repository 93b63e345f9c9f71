"""Reading order is import order: a module that looks ahead is refused."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import ROOT


@pytest.fixture
def lint(tmp_path):
    shutil.copytree(ROOT / "code", tmp_path / "code", ignore=shutil.ignore_patterns("*.egg-info"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)

    def run():
        return subprocess.run(
            [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path / "code")},
            capture_output=True,
            text=True,
        )

    return tmp_path / "code" / "weighted_sums", run


def test_the_package_keeps_its_layers(lint):
    _, run = lint
    assert run().returncode == 0


@pytest.mark.parametrize(
    ("module", "statement", "broken"),
    [
        ("neurons.py", "from weighted_sums import backprop", "Reading order is import order"),
        ("descent.py", "from weighted_sums import backprop", "Reading order is import order"),
        ("data.py", "import matplotlib", "Only figures know Matplotlib"),
        ("networks.py", "import weighted_sums.figures.style", "Reading order is import order"),
    ],
)
def test_a_module_that_looks_ahead_is_refused(lint, module, statement, broken):
    package, run = lint
    with open(package / module, "a") as file:
        file.write(f"\n{statement}\n")
    done = run()
    assert done.returncode != 0
    assert f"{broken} BROKEN" in done.stdout


def test_a_new_module_must_be_given_a_layer(lint):
    package, run = lint
    (package / "unplaced.py").write_text('"""A module nobody placed."""\n')
    assert run().returncode != 0
