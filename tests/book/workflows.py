"""What a workflow must keep to, as far as it can be known without GitHub: lists of problems."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml
from checkout import ROOT
from packaging.specifiers import SpecifierSet

TOOLS = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
SHELLCHECK = shutil.which("shellcheck", path=TOOLS)
NAMED = re.compile(r"^\s*(?:- )?uses: actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
MAKE = re.compile(r"(?:^|[;&|]\s*)make((?: +[^\s;&|>]+)+)", re.M)
TARGET = re.compile(r"[a-z][\w-]*")
PATH = re.compile(r"(?<![\w$/.~-])((?:\.github|_ext|tests|tools|code|bench)/[\w./-]+)")
BUILT = re.compile(r"_build/[\w./-]+")
CALLED = re.compile(r"\$\{\{ *needs\.(\w+)\.")
CONTAINER = re.compile(r"python:([\d.]+)-bookworm")


def read(path: Path) -> dict:
    """A workflow; YAML's `on` is no truth value here."""
    return yaml.load(path.read_text("utf-8"), yaml.BaseLoader)


def jobs(workflow: dict) -> list[tuple[str, dict]]:
    return list(workflow["jobs"].items())


def scripts(workflow: dict) -> list[str]:
    return [s["run"] for _, job in jobs(workflow) for s in job.get("steps", []) if "run" in s]


def schema(path: Path, name: str = "vendor.github-workflows") -> list[str]:
    """What the official schema says against a file."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", name, str(path)]
    run = subprocess.run(command, capture_output=True, text=True)
    return [] if run.returncode == 0 else [run.stdout + run.stderr]


def audit(path: Path) -> list[str]:
    """What zizmor says against a workflow: unpinned actions, code from outside, wide rights."""
    options = ["--offline", "--no-progress", "--quiet", "--format=plain", "--min-severity=medium"]
    command = [shutil.which("zizmor", path=TOOLS) or "zizmor", *options, str(path)]
    run = subprocess.run(command, capture_output=True, text=True)
    return [] if run.returncode == 0 else [run.stdout + run.stderr]


def script(text: str) -> list[str]:
    """What Bash and ShellCheck say against a script, and what this checkout lacks for it."""
    found = []
    for command in (["bash", "-n"], [SHELLCHECK, "--shell=bash", "-"]):
        run = subprocess.run(command, input=text, capture_output=True, text=True)
        found += [run.stdout + run.stderr] if run.returncode else []
    return [*found, *_targets(text), *_files(text)]


def _targets(text: str) -> Iterator[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    for words in MAKE.findall(text):
        for target in filter(TARGET.fullmatch, words.split()):
            command = ["make", "--dry-run", "--directory", str(ROOT), target]
            run = subprocess.run(command, capture_output=True, text=True, env=environment)
            if run.returncode:
                yield f"make {target}: {run.stderr.strip()}"


def _files(text: str) -> Iterator[str]:
    for name in PATH.findall(text):
        if not (ROOT / name).exists():
            yield f"{name} is not in the checkout"


def made(text: str) -> list[str]:
    """Paths below `_build` that nothing in the build speaks of."""
    sources = [*(ROOT / "_ext").rglob("*.py"), *(ROOT / "tools").glob("*.*")]
    known = "\n".join(path.read_text("utf-8") for path in sources)
    names = {part for path in BUILT.findall(text) for part in path.split("/")[1:]}
    return [f"nothing makes {name}" for name in sorted(names) if name not in known]


def rights(workflow: dict) -> Iterator[str]:
    """What builds the book may only read."""
    for name, job in jobs(workflow):
        builds = "uses" in job or any("make" in step.get("run", "") for step in job["steps"])
        if builds and "write" in job.get("permissions", {}).values():
            yield f"{name} builds the book and may write"


def limits(workflow: dict) -> Iterator[str]:
    """Every job that runs here ends by itself, in a known shell."""
    here = {name: job for name, job in jobs(workflow) if "uses" not in job}
    yield from (
        f"{n} has no limit of time" for n, job in here.items() if "timeout-minutes" not in job
    )
    containers = any("container" in job for job in here.values())
    if containers and workflow.get("defaults", {}).get("run", {}).get("shell") != "bash":
        yield "scripts in a container run in sh unless the workflow says bash"


def needs(workflow: dict) -> Iterator[str]:
    """A job waits for those it takes something from, and they exist."""
    names = dict(jobs(workflow))
    for name, job in names.items():
        given = job.get("needs", [])
        given = {given} if isinstance(given, str) else set(given)
        yield from (f"{name} needs {other}, which is no job" for other in given - names.keys())
        yield from (f"{name} takes from {o} unasked" for o in set(CALLED.findall(str(job))) - given)


def pythons(workflow: dict, requires: SpecifierSet) -> list[str]:
    """The versions of Python that a workflow runs; ValueError names one the package excludes."""
    found = []
    for _, job in jobs(workflow):
        rows = job.get("strategy", {}).get("matrix", {}).get("include", [])
        found += [row["python"] for row in rows]
        found += CONTAINER.findall(str(job.get("container", "")))
    if wrong := [version for version in found if version not in requires]:
        raise ValueError(f"Python {', '.join(wrong)} is not {requires}")
    return found
