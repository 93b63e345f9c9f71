"""Small books for the tests of the build."""

import shutil

import pytest
from checkout import once
from small_book import Book, small_book


@pytest.fixture(scope="session")
def executed(tmp_path_factory) -> Book:
    """A small book whose chapters have run: once for all processes that test at the same time."""

    def run(folder):
        done = small_book(folder).build("execute")
        assert done.returncode == 0, done.stderr
        assert done.stdout.count(" ran ") == 2

    return Book(once(tmp_path_factory, "executed", run) / "a small bóok")


@pytest.fixture
def book(tmp_path, executed) -> Book:
    """A small book whose chapters have run and which was never built."""
    small = small_book(tmp_path)
    shutil.copytree(executed.root / "_build/cache", small.root / "_build/cache")
    return small


@pytest.fixture
def new_book(tmp_path) -> Book:
    """A small book in which nothing has been done yet."""
    return small_book(tmp_path)


@pytest.fixture(scope="session")
def make_book():
    return small_book
