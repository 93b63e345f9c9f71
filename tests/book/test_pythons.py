"""The package works in every Python that it promises, as far as those are on this machine."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OTHERS = [minor for minor in (11, 12, 13) if minor != sys.version_info.minor]
# what the tests import besides the package's own dependencies
TESTING = ["pytest", "hypothesis", "beartype"]
# tests that take seconds and need no PyTorch; the exercises' reach through all of the package
CHOSEN = "exercises* data descent generation gradient_check initialization landscapes ngrams"
CHOSEN += " parameters recorded show style texts tokens universality weight_files wordpieces"


def interpreter(minor):
    """A Python 3.minor of this machine that runs; None where there is none."""
    name = f"python3.{minor}"
    managed = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    found = [shutil.which(name), *sorted(managed.glob(f"3.{minor}.*/bin/{name}"))]
    for path in filter(None, found):
        line = [path, "-c", "import ensurepip"]
        if subprocess.run(line, capture_output=True).returncode == 0:
            return str(path)
    return None


def paths_without_torch():
    unit = ROOT / "tests" / "unit"
    paths = (path for name in CHOSEN.split() for path in sorted(unit.glob(f"test_{name}.py")))
    return [path for path in paths if "torch" not in path.read_text("utf-8")]


@pytest.fixture(params=OTHERS, ids=lambda minor: f"3.{minor}")
def python(request, tmp_path):
    """An environment of another Python with what the package needs, in the lock's versions."""
    found = interpreter(request.param)
    if found is None:
        pytest.skip(f"there is no Python 3.{request.param} on this machine")
    with open(ROOT / "pyproject.toml", "rb") as file:
        needed = tomllib.load(file)["project"]["dependencies"]
    subprocess.run([found, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", *needed, *TESTING]
    lock = {"PIP_CONSTRAINT": (ROOT / "requirements.lock").as_uri()}
    done = subprocess.run(install, env={**os.environ, **lock}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return python


def test_the_package_passes_its_tests_in_another_python(python):
    files = paths_without_torch()
    assert len(files) > 25
    path = {"PYTHONPATH": os.pathsep.join([str(ROOT / "code"), str(ROOT / "_ext")])}
    run = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *map(str, files)]
    done = subprocess.run(run, cwd=ROOT, env={**os.environ, **path}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]
