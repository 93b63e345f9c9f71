"""Debian packages are installed where that is allowed; else one sentence says what is missing."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIST = "# pdf: xelatex latexmk\ntexlive\nlatexmk\n\n# test: chromium\nchromium\n"


def test_every_section_that_is_asked_for_exists():
    listed = set(re.findall(r"^# (\w+):", (ROOT / "apt.txt").read_text(), re.M))
    files = [ROOT / "Makefile", ROOT / "tools/environment.sh"]
    texts = "\n".join(file.read_text() for file in files)
    asked = re.findall(r"debian\.sh(( \w+)+)$", texts, re.M)
    assert {name for names, _ in asked for name in names.split()} == listed


# says "installed" for the packages in the file that INSTALLED names
DPKG = """
while read -r name; do [ "$name" = "$3" ] && printf installed; done < "$INSTALLED"
"""
APT = """
shift; [ "$1" = install ] || exit 0
shift 3; for name in "$@"; do echo "$name" >> "$INSTALLED"; done
"""
ENV = 'while [ "${1#*=}" != "$1" ]; do shift; done; exec "$@"'
ROOT_USER, A_USER = "echo 0", "echo 1000"


class Machine:
    """A machine with just the commands a test gives it, and the packages in its list."""

    def __init__(self, folder):
        self.folder, self.bin = folder, folder / "bin"
        self.bin.mkdir()
        for name in ("bash", "sh", "dirname", "true"):
            (self.bin / name).symlink_to(shutil.which(name))
        (folder / "tools").mkdir()
        shutil.copy(ROOT / "tools/debian.sh", folder / "tools")
        (folder / "apt.txt").write_text(LIST)
        (folder / "installed").write_text("texlive\n")
        self.tools(env=ENV, id=A_USER)

    def tools(self, **scripts):
        for name, script in scripts.items():
            path = self.bin / name.replace("_", "-")
            path.write_text(f"#!/bin/sh\n{script}\n")
            path.chmod(0o755)

    def run(self, *sections):
        return subprocess.run(
            ["bash", str(self.folder / "tools/debian.sh"), *sections],
            env={"PATH": str(self.bin), "INSTALLED": str(self.folder / "installed")},
            capture_output=True,
            text=True,
        )


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


@pytest.mark.parametrize("user", [{"id": ROOT_USER}, {"sudo": 'shift; exec "$@"'}])
def test_missing_packages_are_installed_by_root_or_with_sudo(machine, user):
    machine.tools(dpkg_query=DPKG, apt_get=APT, **user)
    done = machine.run("pdf", "test")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "installing Debian packages: latexmk chromium\n"
    again = machine.run("pdf", "test")
    assert (again.returncode, again.stdout) == (0, "")


def test_a_section_that_is_not_asked_for_is_left_alone(machine):
    machine.tools(dpkg_query=DPKG, apt_get=APT, id=ROOT_USER)
    assert machine.run("test").stdout == "installing Debian packages: chromium\n"


def test_an_installation_that_fails_is_told(machine):
    machine.tools(dpkg_query=DPKG, apt_get="echo no such package >&2; exit 100", id=ROOT_USER)
    done = machine.run("pdf")
    assert done.returncode == 1
    assert "no such package" in done.stderr
    assert "Missing on this system: latexmk. Install them" in done.stderr


@pytest.mark.parametrize("tools", [{}, {"apt_get": APT}, {"apt_get": APT, "sudo": "exit 1"}])
def test_without_an_administrator_the_missing_packages_are_named(machine, tools):
    machine.tools(dpkg_query=DPKG, **tools)
    done = machine.run("pdf", "test")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Missing on this system: latexmk chromium." in done.stderr


def test_a_system_without_dpkg_is_asked_for_the_tools(machine):
    done = machine.run("pdf")
    assert done.returncode == 1
    assert "xelatex latexmk" in done.stderr
    machine.tools(xelatex="exit 0", latexmk="exit 0")
    assert machine.run("pdf").returncode == 0
