"""The environment is made in any folder and locale, and made again where it was left half-made."""

import os
import shutil
import subprocess

import pytest


@pytest.fixture
def made(book):
    """Run the script in the small book's folder, with the one package that it cannot do without."""
    (book.root / "_ext").unlink()
    here = os.path.dirname(__file__)
    shutil.copytree(os.path.join(here, "..", "..", "_ext"), book.root / "_ext")
    with open(os.path.join(here, "..", "..", "requirements.lock"), encoding="utf-8") as lock:
        book.write("requirements.lock", "".join(x for x in lock if x.startswith("setuptools==")))
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}

    def run(locale, *line):
        environment = {**kept, "LC_ALL": locale}
        return subprocess.run(
            line, cwd="/", env=environment, capture_output=True, text=True, encoding="utf-8"
        )

    def make():
        done = run("C", "bash", str(book.root / "_ext" / "environment.sh"))
        assert done.returncode == 0, done.stderr
        python = str(book.root / ".venv" / "bin" / "python")
        # the locale that the Makefile sets for all commands
        return run("C.UTF-8", python, "-c", "import mini.first as m; print(m.VALUE)").stdout

    return make


def test_an_environment_has_the_package_and_is_mended_when_it_was_left_half_made(book, made):
    assert made() == "first value\n"
    (pip,) = (book.root / ".venv").glob("lib/python3*/site-packages/pip")
    shutil.rmtree(pip)  # as after a kill between Python and pip
    assert made() == "first value\n"
    book.write("code/mini/first.py", "VALUE = 'another value'\n")  # it is the checkout's own code
    assert made() == "another value\n"
