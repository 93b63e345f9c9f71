"""Settings for all tests."""

import random

import pytest
from hypothesis import settings

# how long an example takes says something of the machine, nothing of the code
settings.register_profile("book", deadline=None)
settings.load_profile("book")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup():
    """Let beartype, which looks at one item of a list by chance, look at the same ones again."""
    random.seed(0)
