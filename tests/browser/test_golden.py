"""The modules of the figures compute what the package computes, in Node and in Chromium."""

import json
import os
import shutil
import subprocess

import golden
import pytest
from interactives import FIGURES
from served import ROOT, serve


@pytest.fixture(scope="module")
def modules():
    """The folder of modules, served as they lie in the checkout."""
    server, address = serve(ROOT / "interactive")
    yield address
    server.shutdown()


def test_every_figure_has_golden_vectors():
    assert golden.figures() == sorted([*FIGURES, "kit"])


@pytest.mark.parametrize("figure", golden.figures())
def test_in_chromium(page, modules, figure):
    page.goto(modules + "interactive.css")
    script = """async ([url, figure, vectors]) =>
        (await import(url + "tests/compare.mjs")).compare(figure, vectors)"""
    results = page.evaluate(script, [modules, figure, golden.vectors(figure)])
    assert results
    assert [(what, problem) for what, problem in results if problem] == []


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
def test_in_node(tmp_path):
    golden.write(tmp_path / "golden.json")
    command = ["node", "--test", str(ROOT / "interactive" / "tests" / "golden.test.mjs")]
    environment = {**os.environ, "GOLDEN": str(tmp_path / "golden.json")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout


def test_a_difference_is_found(page, modules):
    page.goto(modules + "interactive.css")
    vectors = golden.vectors("neuron")
    vectors["sigmoid"][0]["output"][3] += 1e-6
    script = """async ([url, vectors]) =>
        (await import(url + "tests/compare.mjs")).compare("neuron", vectors)"""
    results = page.evaluate(script, [modules, json.loads(json.dumps(vectors))])
    problems = [problem for _, problem in results if problem]
    assert len(problems) == 1 and "[3]" in problems[0]
