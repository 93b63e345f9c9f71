"""Debian packages are installed where that is allowed; else one sentence says what is missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bookbuild import debian

ROOT = Path(__file__).resolve().parents[2]
LIST = "# pdf: xelatex latexmk\ntexlive\nlatexmk\n\n# test: chromium\nchromium\n"


def test_sections_hold_tools_and_packages():
    assert debian.sections(LIST) == {
        "pdf": (["xelatex", "latexmk"], ["texlive", "latexmk"]),
        "test": (["chromium"], ["chromium"]),
    }


def test_every_section_that_the_makefile_asks_for_exists():
    listed = debian.sections((ROOT / "apt.txt").read_text())
    for file in ("Makefile", "_ext/environment.sh"):
        for line in (ROOT / file).read_text().splitlines():
            if "debian.py apt.txt" in line:
                assert set(line.split("apt.txt")[1].strip().split()) <= set(listed)


@pytest.fixture
def machine(tmp_path):
    """A machine with just the commands a test gives it, and the packages in its list."""
    tools = tmp_path / "bin"
    tools.mkdir()
    (tmp_path / "apt.txt").write_text(LIST)

    def tool(name, script):
        path = tools / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def run(*sections):
        command = [sys.executable, str(ROOT / "_ext/bookbuild/debian.py"), "apt.txt", *sections]
        return subprocess.run(
            command,
            cwd=tmp_path,
            env={"PATH": str(tools), "INSTALLED": str(tmp_path / "installed")},
            capture_output=True,
            text=True,
        )

    tool("env", 'while [ "${1#*=}" != "$1" ]; do shift; done; exec "$@"')
    (tmp_path / "installed").write_text("texlive\n")
    return tool, run


# says "installed" for the packages in the file that INSTALLED names
DPKG = """
while read -r name; do [ "$name" = "$3" ] && printf installed; done < "$INSTALLED"
"""
APT = """
shift; [ "$1" = install ] || exit 0
shift 3; for name in "$@"; do echo "$name" >> "$INSTALLED"; done
"""


def test_missing_packages_are_installed(machine):
    tool, run = machine
    tool("dpkg-query", DPKG)
    tool("apt-get", APT)
    tool("sudo", 'shift; exec "$@"')
    done = run("pdf", "test")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "installing Debian packages: latexmk chromium\n"
    assert run("pdf", "test").stdout == ""


def test_an_installation_that_fails_is_told_in_one_sentence(machine):
    tool, run = machine
    tool("dpkg-query", DPKG)
    tool("apt-get", "exit 100")
    tool("sudo", 'shift; exec "$@"')
    done = run("pdf")
    assert done.returncode == 1
    assert "latexmk (apt-get could not install them)" in done.stderr
    assert debian.system() in done.stderr
    assert "texlive" not in done.stderr


def test_without_an_administrator_the_missing_packages_are_named(machine):
    tool, run = machine
    tool("dpkg-query", DPKG)
    done = run("pdf", "test")
    assert done.returncode == 1
    assert "latexmk, chromium (they need an administrator)" in done.stderr


def test_a_system_without_dpkg_is_asked_for_the_tools(machine):
    tool, run = machine
    done = run("pdf")
    assert done.returncode == 1
    assert "xelatex, latexmk" in done.stderr
    for name in ("xelatex", "latexmk"):
        tool(name, "exit 0")
    assert run("pdf").returncode == 0


def test_a_user_who_may_not_use_sudo_is_no_administrator(machine, monkeypatch):
    tool, _ = machine
    tool("apt-get", "exit 0")
    tool("sudo", "exit 1")
    monkeypatch.setenv("PATH", str(Path(os.environ["PATH"].split(":")[0])))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(debian.shutil, "which", lambda name: name)
    monkeypatch.setattr(
        debian.subprocess, "run", lambda *a, **k: subprocess.CompletedProcess(a, returncode=1)
    )
    assert debian.installer() is None
