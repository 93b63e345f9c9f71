"""Check what belongs to one name, in seconds: `python tools/check.py attention`.

A name is that of a module, a chapter, its exercises, figures or live figure. Its unit tests run,
the guards look at its chapter and module, and Node compares its live figure with the package.
"""

from __future__ import annotations

import difflib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACES = {
    "module": "code/weighted_sums/**/{}.py",
    "chapter": "chapters/**/{}.md",
    "test": "tests/unit/test_{}.py",
    "test of the exercises": "tests/unit/test_exercises_{}.py",
    "bank of answers": "tests/unit/banks/{}.py",
    "test of the figures": "tests/unit/test_figures_{}.py",
    "golden vectors": "tests/browser/golden/{}.py",
}
VECTORS = """
import json, sys
sys.path.insert(0, "tests/browser")
import golden
print(json.dumps({sys.argv[1]: golden.vectors(sys.argv[1])}, allow_nan=False))
"""


def key(path: Path, pattern: str) -> str:
    """What a file is called, without what its folder adds; hyphens count as underscores."""
    before = Path(pattern).name.partition("{}")[0]
    return path.stem.removeprefix(before).replace("-", "_")


def named() -> Iterator[tuple[str, str, Path]]:
    """Every name with the kind and the place of a file that belongs to it."""
    for kind, pattern in PLACES.items():
        for path in sorted(ROOT.glob(pattern.format("*"))):
            if not path.stem.startswith("__"):
                yield key(path, pattern), kind, path


def belonging(name: str) -> dict[str, list[Path]]:
    """The files of a name by their kind; SystemExit lists near names where there are none."""
    wanted, known = name.replace("-", "_"), list(named())
    found: dict[str, list[Path]] = {}
    for other, kind, path in known:
        if other == wanted:
            found.setdefault(kind, []).append(path)
    if not found:
        near = difflib.get_close_matches(wanted, {other for other, *_ in known}, n=5)
        hint = f"; near: {', '.join(near)}" if near else ""
        raise SystemExit(f"no module, chapter, test or figure is called {name!r}{hint}")
    return found


def guards(files: list[Path]) -> list[str]:
    """What the rules of the text say against these files."""
    from bookbuild.guards import problems

    names = tuple(f"{path.relative_to(ROOT)}:" for path in files)
    return [problem for problem in problems(ROOT) if problem.startswith(names)]


def live_figure(name: str) -> bool:
    """Let Node compute what the package computes for a live figure; True if all is the same.

    SystemExit if there is nothing to compare.
    """
    figure = name.replace("_", "-")
    vectors = subprocess.run(
        [sys.executable, "-c", VECTORS, figure], cwd=ROOT, stdout=subprocess.PIPE, check=True
    ).stdout
    if not json.loads(vectors)[figure]:
        raise SystemExit(f"tests/browser/golden/{name}.py gives nothing to compare")
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        file.write(vectors)
        file.flush()
        command = ["node", "--test", "interactive/tests/golden.test.mjs"]
        return not subprocess.call(command, cwd=ROOT, env={**os.environ, "GOLDEN": file.name})


def main(name: str) -> int:
    """Check all that belongs to `name`; 0 when nothing was found."""
    files = belonging(name)
    for kind, paths in files.items():
        print(f"{kind}:", *(path.relative_to(ROOT) for path in paths))
    everything = [path for paths in files.values() for path in paths]
    python = [str(path) for path in everything if path.suffix == ".py"]
    tests = [str(path) for path in everything if path.name.startswith("test_")]
    ruff = str(Path(sys.executable).with_name("ruff"))
    commands = [[ruff, "check", *python], [ruff, "format", "--check", *python]] if python else []
    if tests:
        commands.append([sys.executable, "-m", "pytest", "-q", *tests])
    for bank in files.get("bank of answers", []):
        only = ["tests/unit/test_banks.py", "-k", f"[{bank.stem}."]
        commands.append([sys.executable, "-m", "pytest", "-q", *only])
    failed = [command for command in commands if subprocess.call(command, cwd=ROOT)]
    said = guards([path for path in everything if path.parts[-2] != "unit"])
    print(*said, sep="\n", end="\n" if said else "")
    golden = "golden vectors" in files
    if golden and not shutil.which("node"):
        print("the live figure is not compared: Node is not installed")
        golden = False
    return int(bool(failed or said or (golden and not live_figure(name))))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("give one NAME: make check NAME=attention")
    sys.exit(main(sys.argv[1]))
