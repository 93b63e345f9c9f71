"""Change modules in small ways and see whether their own tests notice.

`python -m tools.mutate [NAME ...]`, from the root of the checkout. Without a name, every module of
ideas is taken: those of the package that lie in no folder. A mutant runs in a copy of a process
that has loaded the libraries and what the module imports, on the tests that call the changed
function, the fastest first, up to the first failure.

`tests/mutants.toml` lists survivors that no test could kill, each with a reason, and tests that are
not called after their module. An entry that is no longer true is an error.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from tools.mutant_plugins import EQUIVALENT, KILLED, SURVIVED, TIMED_OUT, Limits, Module
from tools.mutant_runs import verdicts
from tools.mutations import Mutant

ROOT = Path(__file__).resolve().parents[1]
LEAST = 0.95  # the part of the mutants that tests must kill, without those that are listed
Found = list[tuple[Mutant, str]]


class Listed(NamedTuple):
    """A survivor that stays: `now` is its changed line, in this function of this module."""

    module: str
    function: str
    now: str


def listed(settings: dict[str, Any]) -> dict[Listed, str]:
    """The survivors that stay, with their reasons; SystemExit for one without."""
    rows = {Listed(*(row.get(key, "") for key in Listed._fields)): row.get("reason", "")
            for row in settings.get("equivalent", [])}  # fmt: skip
    for row, reason in rows.items():
        if not reason.strip():
            raise SystemExit(f"{row}: no reason is given")
    return rows


def named(folder: Path) -> dict[str, Path]:
    """The modules of a package by their names: `attention`, `workshop.files`."""
    files = sorted(path for path in folder.rglob("*.py") if path.stem != "__init__")
    return {".".join(path.relative_to(folder).with_suffix("").parts): path for path in files}


def modules(root: Path, package: str, names: list[str], more: dict[str, list[str]]) -> list[Module]:
    """The modules of these names, or of all ideas; SystemExit for one that is not there.

    `more` names the tests of modules that have none called after them, or others besides.
    """
    paths, found = named(root / "code" / package), []
    asked = names or [name for name in paths if "." not in name]
    for name in dict.fromkeys([*asked, *more]):
        if name not in paths:
            raise SystemExit(f"no module of {package} is called {name}")
        own = root / "tests" / "unit" / f"test_{paths[name].stem}.py"
        tests = [own] if own.exists() or name not in more else []
        tests += [own.with_name(f"test_{other}.py") for other in more.get(name, [])]
        absent = [str(path.relative_to(root)) for path in tests if not path.exists()]
        if absent:
            raise SystemExit(f"{name} has no tests of its own: no {', '.join(absent)}")
        found.append(Module(f"{package}.{name}", paths[name], tests))
    return found[: len(dict.fromkeys(asked))]


def judged(name: str, found: Found, stay: dict[Listed, str]) -> tuple[Found, list[str]]:
    """The verdicts with the listed survivors set apart, and what is wrong in the list."""
    rows = [(m, verdict, Listed(name, m.place.function, m.now)) for m, verdict in found]
    survived = Counter(key for _, verdict, key in rows if verdict == SURVIVED)
    every = Counter(key for *_, key in rows)
    wrong = [
        f"{key.module}, {key.function}: {key.now}\n    is listed as a survivor, but "
        + ("a test kills it" if every[key] else "there is no such mutant")
        for key in stay
        if key.module == name and (not every[key] or survived[key] < every[key])
    ]
    own = [
        (m, EQUIVALENT if verdict == SURVIVED and key in stay else verdict)
        for m, verdict, key in rows
    ]
    return own, wrong


class Score(NamedTuple):
    """How many mutants of a module there are, and what became of them."""

    module: str
    mutants: int
    killed: int
    timed_out: int
    equivalent: int
    survived: int

    @property
    def part(self) -> float:
        """Which part of the mutants was killed, of those that are not listed."""
        return (self.killed + self.timed_out) / max(self.mutants - self.equivalent, 1)


def score(module: str, found: Found) -> Score:
    """Count the verdicts."""
    count = Counter(verdict for _, verdict in found)
    kinds = (KILLED, TIMED_OUT, EQUIVALENT, SURVIVED)
    return Score(module, len(found), *(count[kind] for kind in kinds))


def total(scores: list[Score]) -> Score:
    """The sum over all modules."""
    return Score("all", *(sum(numbers) for numbers in zip(*(s[1:] for s in scores), strict=True)))


def report(scores: list[Score]) -> str:
    """A table of all modules, in Markdown."""
    head = [*(field.replace("_", " ") for field in Score._fields), "score"]
    rows = [[*map(str, one), f"{one.part:.1%}"] for one in [*scores, total(scores)]]
    return "".join(f"| {' | '.join(line)} |\n" for line in [head, ["---"] * len(head), *rows])


def survivor(path: Path, mutant: Mutant) -> str:
    """Where a mutant is, and its line before and after."""
    where = f"{path}:{mutant.line}: {mutant.place.function or 'module'}"
    return f"{where}\n  - {mutant.was}\n  + {mutant.now}"


def main(arguments: list[str] | None = None) -> int:
    """Run the mutants. 0 when enough are killed and the list of survivors is true."""
    parser = argparse.ArgumentParser(prog="tools.mutate")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--root", type=Path, default=ROOT)
    parser.add_argument("--package", default="weighted_sums")
    parser.add_argument("--limits", type=float, nargs=3, default=Limits())
    asked = parser.parse_args(arguments)
    settings = tomllib.loads((asked.root / "tests" / "mutants.toml").read_text("utf-8"))
    stay, scores = listed(settings), []
    known = named(asked.root / "code" / asked.package)
    wrong = [f"{key.module}: there is no such module" for key in stay if key.module not in known]
    for module in modules(asked.root, asked.package, asked.names, settings.get("tests", {})):
        name = module.name.partition(".")[2]
        found, false = judged(name, verdicts(module, asked.root, Limits(*asked.limits)), stay)
        scores.append(score(name, found))
        wrong += false
        path = module.path.relative_to(asked.root)
        for mutant in (m for m, verdict in found if verdict == SURVIVED):
            print(survivor(path, mutant))
        print(f"{name}: {scores[-1].part:.1%} of {len(found)} killed", flush=True)
    print(report(scores), *wrong, sep="\n")
    summary = asked.root / "_build" / "mutants.md"
    summary.parent.mkdir(exist_ok=True)
    summary.write_text(report(scores), "utf-8")
    return int(bool(wrong) or total(scores).part < LEAST)


if __name__ == "__main__":
    sys.exit(main())
