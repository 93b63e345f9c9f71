"""What several of the unit tests need."""

import bad_servers
import jaxtyping
import pytest

from weighted_sums.downloads import FOLDER_VARIABLE


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
