"""The environment is made in any folder and locale, also where it was left half-made."""

import os
import shutil
import subprocess
import sys

import pytest
from checkout import ROOT


@pytest.fixture
def run(book):
    """Run a command in the small book's folder as a stranger's shell would."""
    shutil.copytree(ROOT / "tools", book.root / "tools")
    # the one package that the script cannot do without
    lock = (ROOT / "requirements.lock").read_text("utf-8").splitlines(keepends=True)
    book.write("requirements.lock", "".join(x for x in lock if x.startswith("setuptools==")))
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}

    def run(locale, program, *arguments):
        done = subprocess.run(
            [program, *arguments],
            cwd="/",
            env={**kept, "LC_ALL": locale},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_an_environment_that_was_left_half_made_is_mended_and_has_the_package(book, run):
    # as after a kill between Python and pip
    run("C", sys.executable, "-m", "venv", "--without-pip", str(book.root / ".venv"))
    run("C", "bash", str(book.root / "tools" / "environment.sh"))
    # the locale that the Makefile sets for all commands
    show = ["C.UTF-8", str(book.root / ".venv/bin/python"), "-c"]
    show.append("import mini.first as m; print(m.VALUE)")
    assert run(*show) == "first value\n"
    book.write("code/mini/first.py", "VALUE = 'another value'\n")  # it is the checkout's own code
    assert run(*show) == "another value\n"
