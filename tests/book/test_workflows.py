"""The workflows on GitHub, checked without it: their form, each script, rights and versions."""

import copy
import re
import tomllib

import pytest
import workflows
import yaml
from checkout import ROOT
from packaging.specifiers import SpecifierSet

import weighted_sums

FOLDER = ROOT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))
CITATION = "vendor.citation-file-format"
with open(ROOT / "pyproject.toml", "rb") as file:
    REQUIRES = SpecifierSet(tomllib.load(file)["project"]["requires-python"])


def every(check):
    return {path.name: list(check(workflows.read(path))) for path in FILES}


NOTHING = {path.name: [] for path in FILES}


def test_there_are_workflows_for_tests_for_every_week_and_for_publishing():
    assert [path.name for path in FILES] == ["publish.yml", "test.yml", "weekly.yml"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_workflow_keeps_to_the_official_schema(path, tmp_path):
    assert workflows.schema(path) == []
    broken = tmp_path / path.name
    broken.write_text(path.read_text("utf-8").replace("runs-on:", "run-on:"))
    assert "run-on" in workflows.schema(broken)[0]


def test_every_script_is_sound_and_names_what_exists():
    assert (
        every(lambda w: [p for s in workflows.scripts(w) for p in workflows.script(s)]) == NOTHING
    )
    assert sum(len(workflows.scripts(workflows.read(path))) for path in FILES) >= 6


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("if true; then", "unexpected end of file"),
        ("cat $HOME/a b", "SC2086"),
        ("make no-such-thing", "No rule to make target"),
        ("make test && make nothing", "make nothing"),
        ("bash _ext/absent.sh", "_ext/absent.sh is not in the checkout"),
    ],
)
def test_an_unsound_script_is_found(script, problem):
    assert problem in "\n".join(workflows.script(script))


def test_the_scripts_in_files_are_sound_too():
    files = [*ROOT.glob("tools/*.sh"), *ROOT.glob(".github/*.sh"), ROOT / ".ci" / "run"]
    assert len(files) >= 4
    assert {f.name: workflows.script(f.read_text("utf-8")) for f in files} == {
        f.name: [] for f in files
    }


def test_what_is_kept_or_published_is_something_that_the_build_makes():
    assert {path.name: workflows.made(path.read_text("utf-8")) for path in FILES} == NOTHING
    assert workflows.made("path: _build/htlm") == ["nothing makes htlm"]


def test_what_builds_the_book_may_only_read():
    assert every(workflows.rights) == NOTHING
    weekly = workflows.read(FOLDER / "weekly.yml")
    weekly["jobs"]["build"]["permissions"] = {"issues": "write"}
    assert list(workflows.rights(weekly)) == ["build builds the book and may write"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_audit_finds_nothing_against_a_workflow(path):
    assert workflows.audit(path) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2", "@v6", "unpinned-uses"),
        ("run: make test PART=browser", "run: echo ${{ github.head_ref }}", "template-injection"),
        ("permissions:\n  contents: read", "permissions: write-all", "excessive-permissions"),
        ("        with:\n          persist-credentials: false\n", "", "artipacked"),
    ],
)
def test_the_audit_finds_what_is_unsafe(tmp_path, old, new, found):
    workflow = (FOLDER / "test.yml").read_text("utf-8")
    assert old in workflow
    (tmp_path / "test.yml").write_text(workflow.replace(old, new))
    assert found in "".join(workflows.audit(tmp_path / "test.yml"))


def test_every_job_ends_and_every_action_has_its_version_beside_it():
    assert every(workflows.limits) == NOTHING
    for path in FILES:
        lines = [line for line in path.read_text("utf-8").splitlines() if "uses: actions" in line]
        assert [line for line in lines if not workflows.NAMED.match(line)] == []
    weekly = workflows.read(FOLDER / "weekly.yml")
    del weekly["jobs"]["report"]["timeout-minutes"], weekly["defaults"]
    assert len(list(workflows.limits(weekly))) == 2


def test_one_action_has_one_version_everywhere():
    used = re.findall(r"(actions/[\w-]+)@(\w+)", "".join(p.read_text("utf-8") for p in FILES))
    assert len(set(used)) == len(dict(used)) == 7


def test_a_job_waits_for_those_it_takes_something_from():
    assert every(workflows.needs) == NOTHING
    publish = workflows.read(FOLDER / "publish.yml")
    del publish["jobs"]["test"]["needs"]
    publish["jobs"]["deploy"]["needs"] = ["tests"]
    assert list(workflows.needs(publish)) == [
        "test takes from address unasked",
        "deploy needs tests, which is no job",
    ]


def test_nothing_is_published_before_its_tests_have_passed():
    jobs = workflows.read(FOLDER / "publish.yml")["jobs"]
    assert "test" in jobs["deploy"]["needs"]
    assert "if" not in jobs["deploy"]
    tests = workflows.read(FOLDER / "test.yml")["jobs"]
    assert list(tests) == ["unit", "book", "browser"] and tests["browser"]["needs"] == "book"
    steps = [step for job in tests.values() for step in job["steps"]]
    order = [step.get("name") for step in tests["book"]["steps"] if "name" in step]
    wanted = ["Build and test", "Write the site again, for its address", "Hand it over"]
    assert [name for name in order if name in wanted] == wanted
    assert all("continue-on-error" not in thing for thing in [*steps, *tests.values()])


def test_the_parts_that_run_side_by_side_are_all_of_the_tests():
    parts = re.findall(r"make test PART=(\w+)", (FOLDER / "test.yml").read_text("utf-8"))
    folders = {path.parent.name for path in (ROOT / "tests").glob("*/test_*.py")}
    assert sorted(parts) == sorted(folders)


def test_the_browser_tests_the_site_that_was_built():
    jobs = workflows.read(FOLDER / "test.yml")["jobs"]
    kept, taken = (
        [s["with"] for s in jobs[job]["steps"] if f"actions/{action}@" in s.get("uses", "")]
        for job, action in (("book", "upload-artifact"), ("browser", "download-artifact"))
    )
    assert [(w["name"], w["path"]) for w in kept] == [(w["name"], w["path"]) for w in taken]


def test_the_pythons_are_those_that_the_package_allows_and_the_oldest_is_among_them():
    tested = workflows.pythons(workflows.read(FOLDER / "test.yml"), REQUIRES)
    assert f">={min(tested, key=lambda v: tuple(map(int, v.split('.'))))}" == str(REQUIRES)
    assert workflows.pythons(workflows.read(FOLDER / "weekly.yml"), REQUIRES)
    with pytest.raises(ValueError, match=r"3\.11 is not >=3\.12"):
        workflows.pythons(workflows.read(FOLDER / "test.yml"), SpecifierSet(">=3.12"))


def test_the_citation_keeps_to_its_schema_and_names_the_version_of_the_package(tmp_path):
    path = ROOT / "CITATION.cff"
    assert workflows.schema(path, CITATION) == []
    citation = yaml.safe_load(path.read_text("utf-8"))
    assert citation["version"] == weighted_sums.__version__
    broken = copy.deepcopy(citation)
    del broken["authors"]
    (tmp_path / "CITATION.cff").write_text(yaml.safe_dump(broken))
    assert "authors" in workflows.schema(tmp_path / "CITATION.cff", CITATION)[0]
