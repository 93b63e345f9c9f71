"""What several of the unit tests need."""

import importlib.util
import re

import bad_servers
import jaxtyping
import pytest
from hypothesis import settings

from weighted_sums.workshop.downloads import FOLDER_VARIABLE

# `make check` tries few cases of each property, `make test` many
settings.register_profile("quick", max_examples=20)
# slow cases of tests that are not slow as a whole; those are marked where they stand
SLOW = re.compile(
    r"exercises_autodiff.*\[order by|exercises_descent.*\[largest rate by halving"
    r"|exercises_what_it_learned.*\[(memorise|true labels)"
)
TORCH = re.compile(r"^ *(import|from) torch\b|\b(torch_twin|distributed)\b|^from bench\b", re.M)


def pytest_addoption(parser):
    """Let a run in which everything is installed insist on every test."""
    parser.addoption("--no-skips", action="store_true", help="a test that is skipped has failed")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Fail what was skipped when nothing may be."""
    report = yield
    if report.skipped and item.config.getoption("--no-skips"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but nothing may be: {report.longrepr[-1]}"
    return report


def pytest_collection_modifyitems(items):
    """Mark the slow cases of parametrised tests."""
    for item in items:
        if SLOW.search(item.nodeid):
            item.add_marker(pytest.mark.slow)


class WithoutTorch(pytest.Module):
    """A module of tests that is skipped as a whole, and visibly."""

    def collect(self):
        pytest.skip(f"{self.path.name} needs PyTorch", allow_module_level=True)


def pytest_pycollect_makemodule(module_path, parent):
    """Skip what needs PyTorch where there is none, as in a Python that is newer than it."""
    needed = TORCH.search(module_path.read_text("utf-8"))
    if needed and importlib.util.find_spec("torch") is None:
        return WithoutTorch.from_parent(parent, path=module_path)
    return None


@pytest.fixture(autouse=True)
def screens_only(request, monkeypatch):
    """Draw the figures whose colours and dots are counted as SVG alone, which halves their time."""
    if request.module.__name__.startswith("test_figures_"):
        from weighted_sums.figures import style

        monkeypatch.setattr(style.FigureCanvasPdf, "print_pdf", lambda *arguments, **settings: None)


@pytest.fixture
def serve():
    """Start a server that answers in the given way; they all end with the test."""
    servers = []

    def start(answer, content=bad_servers.CONTENT):
        servers.append(bad_servers.Server(answer, content))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def no_folder(monkeypatch):
    """Let no variable of the surroundings say where files are to be found."""
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def without_shape_checks(monkeypatch):
    """Let annotations be checked by nobody, as it is when a reader runs the package."""
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
