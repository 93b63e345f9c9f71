"""Debian packages: install what `apt.txt` lists, or say in one sentence what is missing.

`python3 debian.py apt.txt pdf test` runs before there is a virtual environment, so it needs
nothing but the standard library.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path


def sections(text: str) -> dict[str, tuple[list[str], list[str]]]:
    """Read `apt.txt`: for each section "# name: tools" its tools and its packages."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("#"):
            name, _, tools = line.lstrip("# ").partition(":")
            found[name] = (tools.split(), [])
        else:
            found[name][1].append(line)
    return found


def missing(tools: list[str], packages: list[str]) -> list[str]:
    """What is not here: packages where dpkg knows them, else tools that are not on the PATH."""
    if shutil.which("dpkg-query"):
        return [package for package in packages if not _installed(package)]
    return [tool for tool in tools if not shutil.which(tool)]


def _installed(package: str) -> bool:
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    return subprocess.run(query, capture_output=True).stdout == b"installed"


def installer() -> list[str] | None:
    """The command that apt-get follows: nothing for root, sudo where it asks no password."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    allowed = shutil.which("sudo") and subprocess.run([*sudo, "true"], capture_output=True)
    return sudo if allowed and allowed.returncode == 0 else None


def install(packages: list[str], become: list[str]) -> bool:
    """Install `packages` with apt-get; True when every one of them is there afterwards."""
    print("installing Debian packages:", *packages, flush=True)
    apt = [*become, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    subprocess.run([*apt, "update"], **quiet)
    subprocess.run([*apt, "install", "--yes", "--no-install-recommends", *packages], **quiet)
    return all(map(_installed, packages))


def system() -> str:
    """The name of this system, such as "Debian GNU/Linux 12 (bookworm)"."""
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.platform()


def main(arguments: list[str]) -> int:
    """Install the packages of the named sections; 0 when all are there, else 1 and a sentence."""
    listed = sections(Path(arguments[0]).read_text("utf-8"))
    absent = [name for section in arguments[1:] for name in missing(*listed[section])]
    if not absent:
        return 0
    become = installer()
    if become is not None and install(absent, become):
        return 0
    why = "apt-get could not install them" if become is not None else "they need an administrator"
    print(
        f"Missing on this system, {system()}: {', '.join(absent)} ({why}). "
        "Install them, then run the same command again.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
