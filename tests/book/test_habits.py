"""What helps people to work together: forms, hooks and the container say what is true."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import workflows
import yaml
from checkout import ROOT

from tools import commit_message

BIN = str(Path(sys.executable).parent)
HOOKS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))
SCHEMAS = {
    "vendor.github-issue-forms": [path for path in FORMS if path.stem != "config"],
    "vendor.github-issue-config": [ROOT / ".github/ISSUE_TEMPLATE/config.yml"],
    "vendor.dependabot": [ROOT / ".github/dependabot.yml"],
}
DOCKERFILE = (ROOT / ".devcontainer/Dockerfile").read_text("utf-8")


@pytest.mark.parametrize("schema", SCHEMAS)
def test_what_github_reads_keeps_to_its_schema(schema, tmp_path):
    broken = tmp_path / "broken.yml"
    broken.write_text(SCHEMAS[schema][0].read_text("utf-8") + "no-such-key: 1\n", "utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
    files = [str(path) for path in SCHEMAS[schema]]
    good = subprocess.run([*command, *files], capture_output=True, text=True)
    assert good.returncode == 0, good.stdout
    assert "no-such-key" in workflows.schema(broken, schema)[0]


def test_there_are_forms_for_the_text_for_the_code_and_for_questions():
    assert [path.stem for path in FORMS] == ["code", "config", "question", "text"]


def test_every_hook_runs_a_program_of_the_environment_and_what_it_names_exists():
    hooks = [hook for repository in HOOKS["repos"] for hook in repository["hooks"]]
    assert {repository["repo"] for repository in HOOKS["repos"]} == {"local"}
    assert {hook["language"] for hook in hooks} == {"system"}
    for hook in hooks:
        words = shlex.split(hook["entry"].removeprefix("env PYTHONPATH=_ext "))
        assert words[0].startswith(".venv/bin/")
        assert shutil.which(words[0].removeprefix(".venv/bin/"), path=BIN), words
        assert all((ROOT / word).exists() for word in words[1:] if "/" in word)
        re.compile(hook.get("files", ""))


@pytest.mark.parametrize("id", ["ruff-check", "ruff-format", "commit-body"])
def test_a_hook_refuses_what_it_is_for(id, tmp_path):
    (hook,) = [hook for r in HOOKS["repos"] for hook in r["hooks"] if hook["id"] == id]
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import  os\n")
    words = shlex.split(hook["entry"].replace(".venv/bin", BIN))
    run = subprocess.run([*words, str(wrong)], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 1


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Mend the mask\n\nIt let the last query see too much.\n", ""),
        ("Mend the mask\n", "no body"),
        ("\n\nMend the mask\n\n# Please enter\n#\n", "no body"),
        ("Mend the mask\n\nSigned-off-by: A <a@b.example>\n", "no body"),
        ("Mend\n\n# ------------------------ >8 ------------------------\ndiff --git a b\n", "no"),
        ("Mend the mask\nIt let the last query see.\n", "second line"),
        ("Merge branch 'chapter'\n", ""),
        ('Revert "Mend the mask"\n', ""),
        ("fixup! Mend the mask\n", ""),
    ],
)
def test_a_commit_message_says_why(message, said):
    assert said in commit_message.fault(message)
    assert bool(commit_message.fault(message)) == bool(said)


def test_the_message_hook_says_what_is_wrong(tmp_path):
    file = tmp_path / "MESSAGE"
    file.write_text("Mend\n")
    script = [sys.executable, str(ROOT / "tools/commit_message.py"), str(file)]
    run = subprocess.run(script, capture_output=True, text=True)
    assert run.returncode == 1 and "say below the subject why" in run.stderr
    file.write_text("Mend\n\nBecause.\n")
    assert subprocess.run(script).returncode == 0


def test_the_container_installs_every_package_of_apt_txt(tmp_path):
    listed = (ROOT / "apt.txt").read_text("utf-8")
    (script,) = re.findall(r"^RUN (apt-get (?:.*\\\n)*.*)", DOCKERFILE, re.M)
    calls = tmp_path / "calls"
    for name in ("apt-get", "rm"):
        (tmp_path / name).write_text(f'#!/bin/sh\necho "{name} $*" >> {calls}\n')
        (tmp_path / name).chmod(0o755)
    command = ["bash", "-e", "-o", "pipefail", "-c", script.replace("/tmp/", f"{ROOT}/")]
    path = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    run = subprocess.run(command, env=path, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    installed = set(calls.read_text().splitlines()[1].split())
    packages = {line for line in listed.splitlines() if not line.startswith("#")}
    assert len(packages) > 10 and packages <= installed
    assert {"git", "make", "python3", "sudo"} <= installed
    assert "COPY apt.txt /tmp/apt.txt" in DOCKERFILE
    assert (ROOT / ".dockerignore").read_text().split("\n")[-2] == "!apt.txt"


def test_the_container_is_the_debian_of_the_workflows_and_its_user_may_install():
    texts = [path.read_text() for path in (ROOT / ".github/workflows").glob("*.yml")]
    versions = set(re.findall(r"python:\S+-(\w+)$", "\n".join(texts), re.M))
    assert versions == set(re.findall(r"^FROM debian:(\w+)$", DOCKERFILE, re.M))
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text())
    user = container["remoteUser"]
    assert f"USER {user}\n" in DOCKERFILE and f"{user} ALL=(ALL) NOPASSWD:ALL" in DOCKERFILE
    assert (ROOT / ".devcontainer" / container["build"]["dockerfile"]).is_file()
    scripts = [
        script.replace("\\\n", "")
        for script in re.findall(r"^RUN ((?:.*\\\n)*.*)", DOCKERFILE, re.M)
    ]
    assert len(scripts) == 2
    for script in [*scripts, container["postCreateCommand"]]:
        assert workflows.script(script) == []
    rule = container["postCreateCommand"].removeprefix("make ")
    make = ["make", "--dry-run", "--always-make", "--directory", str(ROOT), rule]
    assert "environment.sh" in subprocess.run(make, capture_output=True, text=True).stdout
