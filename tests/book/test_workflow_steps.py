"""Each script of the workflows, run as GitHub would run it, with stand-ins for what it calls."""

import shutil
import subprocess
from pathlib import Path

import pytest
import workflows
from checkout import ROOT

STEPS = [
    pytest.param(step, id=f"{path.stem}: {step.get('name', 'step')}")
    for path in sorted((ROOT / ".github/workflows").glob("*.yml"))
    for _, job in workflows.jobs(workflows.read(path))
    for step in job.get("steps", [])
    if "run" in step
]
LOG = '#!/bin/bash\necho "$(basename "$0") $*" >> "$CALLS"\n'
TOOLS = ("bash", "basename", "cat", "head", "mktemp", "dirname", "rm", "mkdir", "xargs", "cp")
TOOLS += ("touch", "comm", "sort", "env")


class Machine:
    """A folder to run in, with programs that only note that they were called."""

    def __init__(self, folder: Path):
        self.folder, self.bin = folder / "checkout", folder / "bin"
        self.calls = folder / "calls"
        for made in (self.folder, self.bin):
            made.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))

    def program(self, path: str, script: str = "") -> None:
        target = self.bin / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(LOG + script)
        target.chmod(0o755)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def run(self, script: str, **environment: str) -> subprocess.CompletedProcess:
        known = {"CALLS": self.calls, "GITHUB_WORKSPACE": self.folder, "TMPDIR": self.folder}
        files = {name: self.folder / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.folder,
            env={"PATH": str(self.bin), "HOME": str(self.folder)}
            | {name: str(value) for name, value in (known | files | environment).items()},
            capture_output=True,
            text=True,
        )

    def called(self) -> list[str]:
        return self.calls.read_text().splitlines() if self.calls.exists() else []


@pytest.fixture
def machine(tmp_path) -> Machine:
    ready = Machine(tmp_path)
    for program in ("make", "git", "gh"):
        ready.program(program)
    ready.write("_build/linkcheck/output.txt", "")
    ready.write("_build/newest.md", "# Newest\n")
    ready.write("_build/newest.changed", "yes\n")
    ready.write("_build/mutants.md", "| all |\n")
    (ready.folder / ".github").symlink_to(ROOT / ".github")
    return ready


@pytest.mark.parametrize("step", STEPS)
def test_a_step_does_its_work_and_says_so(machine, step):
    told = {"RESULT": "success", "CHANGED": "yes", "MODELS": "failure", "MUTANTS": "failure"}
    done = machine.run(step["run"], RUN="https://run.example", **told)
    assert done.returncode == 0, done.stderr
    assert machine.called() or (machine.folder / "GITHUB_STEP_SUMMARY").read_text()


@pytest.mark.parametrize("step", [p for p in STEPS if "make" in p.values[0]["run"]])
def test_a_step_fails_when_its_build_fails(machine, step):
    machine.program("make", "exit 2\n")
    assert machine.run(step["run"]).returncode == 2


def test_the_weekly_step_hands_on_whether_numbers_changed(machine):
    (step,) = [p.values[0] for p in STEPS if p.values[0].get("id") == "newest"]
    assert machine.run(step["run"]).returncode == 0
    assert (machine.folder / "GITHUB_OUTPUT").read_text() == "changed=yes\n"
    assert (machine.folder / "GITHUB_STEP_SUMMARY").read_text() == "# Newest\n"


REPORT = "bash .github/report.sh weekly"
RUN = "https://run.example/7"
WELL = {"RESULT": "success", "CHANGED": "no", "MODELS": "success", "MUTANTS": "success", "RUN": RUN}


def test_changed_numbers_open_an_issue_that_holds_the_report(machine):
    machine.program("gh", '[ "$2" != create ] || cat "${@: -1}" >> "$CALLS"\n')
    machine.write("weekly/newest.md", "| 1 | 2 |\n" + "x" * 70_000)
    done = machine.run(REPORT, **WELL | {"CHANGED": "yes"})
    assert done.returncode == 0, done.stderr
    text = machine.calls.read_text()
    assert "gh issue create --title The weekly build" in text
    assert "numbers of the book have changed" in text and RUN in text and "| 1 | 2 |" in text
    assert len(text) < 65_536


def test_an_open_issue_gets_a_comment_and_no_second_one_is_opened(machine):
    machine.program("gh", '[ "$2" != list ] || echo 41\n')
    assert machine.run(REPORT, **WELL | {"CHANGED": "yes"}).returncode == 0
    assert [call.split()[2] for call in machine.called()] == ["list", "comment"]
    assert "issue comment 41 --body-file" in machine.called()[1]


def test_a_failed_build_is_reported_without_a_report(machine):
    machine.program("gh", '[ "$2" != create ] || cat "${@: -1}" >> "$CALLS"\n')
    assert machine.run(REPORT, **WELL | {"RESULT": "failure", "CHANGED": ""}).returncode == 0
    assert f"build has failed. Its log says where: {RUN}" in machine.calls.read_text()
    assert "models" not in machine.calls.read_text()


def test_failed_models_are_reported_and_no_change_of_numbers(machine):
    machine.program("gh", '[ "$2" != create ] || cat "${@: -1}" >> "$CALLS"\n')
    assert machine.run(REPORT, **WELL | {"MODELS": "failure"}).returncode == 0
    assert f"models have failed. Their log says where: {RUN}" in machine.calls.read_text()
    assert "numbers of the book" not in machine.calls.read_text()


def test_faults_that_no_test_notices_are_reported(machine):
    machine.program("gh", '[ "$2" != create ] || cat "${@: -1}" >> "$CALLS"\n')
    assert machine.run(REPORT, **WELL | {"MUTANTS": "failure"}).returncode == 0
    assert f"too few planted faults, or the list of survivors is out of date: {RUN}" in (
        machine.calls.read_text()
    )
    assert "models" not in machine.calls.read_text()


@pytest.fixture
def checkout(machine):
    """A checkout in which everything that `newest.sh` calls is a stand-in."""
    machine.write("requirements.lock", "numpy==1\nsame==1\n")
    machine.write("tools/newest.sh", (ROOT / "tools/newest.sh").read_text())
    makes = 'cd "$(dirname "$0")/.."; mkdir -p .venv/bin; cp ../../.venv/bin/python .venv/bin\n'
    machine.write("tools/environment.sh", makes)
    machine.program("git", "printf '%s\\0' requirements.lock tools/environment.sh\n")
    python = (
        'case "$*" in\n  *freeze*) echo "numpy==2"; echo "same==1" ;;\n'
        '  tools/compare.py*) printf %s "$SAID"; exit "$STATUS" ;;\nesac\n'
    )
    machine.program("../checkout/.venv/bin/python", python)
    return machine


NEWEST = "bash tools/newest.sh"


@pytest.mark.parametrize(("status", "changed"), [("0", "no"), ("1", "yes")])
def test_the_newest_packages_are_built_beside_the_lock_and_compared(checkout, status, changed):
    done = checkout.run(NEWEST, SAID="| table |", STATUS=status)
    assert done.returncode == 0, done.stderr
    assert "make --directory _build/newest notebooks" in checkout.called()
    compare = "python tools/compare.py _build/notebooks _build/newest/_build/notebooks"
    assert compare in checkout.called()
    report = (checkout.folder / "_build/newest.md").read_text()
    assert "numpy==1\n\tnumpy==2\n" in report and "same" not in report and "| table |" in report
    assert (checkout.folder / "_build/newest.changed").read_text() == f"{changed}\n"


@pytest.mark.parametrize(("status", "said"), [("1", ""), ("2", "| half a table |")])
def test_a_comparison_that_breaks_down_is_no_report(checkout, status, said):
    assert checkout.run(NEWEST, SAID=said, STATUS=status).returncode == int(status)
    assert not (checkout.folder / "_build/newest.changed").exists()
    assert not (checkout.folder / "_build/newest.md").exists()


def test_newest_packages_that_build_nothing_fail_visibly(checkout):
    checkout.program("make", "exit 2\n")
    assert checkout.run(NEWEST, SAID="", STATUS="0").returncode == 2
    assert not any("compare" in call for call in checkout.called())


def test_the_newest_packages_stay_within_what_the_package_allows(machine):
    machine.write("tools/environment.sh", (ROOT / "tools/environment.sh").read_text())
    machine.program("python3")
    machine.program("../checkout/.venv/bin/python")
    assert machine.run("bash tools/environment.sh newest").returncode == 0
    installed = [call for call in machine.called() if "install" in call]
    assert installed == ["python -m pip install --quiet --upgrade --editable .[book,test]"]
