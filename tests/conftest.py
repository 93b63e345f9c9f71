"""Settings for all tests."""

from hypothesis import settings

# how long an example takes says something of the machine, nothing of the code
settings.register_profile("book", deadline=None)
settings.load_profile("book")
