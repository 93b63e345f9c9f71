"""What a chapter passes to its page: the source it imports, and the numbers it computed."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

GLUE_MIME = "application/papermill.record/"


@dataclass(frozen=True)
class Source:
    """Source code, shown as a block of Python."""

    text: str

    def _repr_markdown_(self) -> str:
        return f"```python\n{self.text}\n```"

    def __repr__(self) -> str:
        return self.text


def show(*things: Any) -> Source:
    """Return the source of functions or classes: the very lines that the chapter imports."""
    return Source("\n\n\n".join(inspect.getsource(thing).rstrip() for thing in things))


def glue(name: str, value: Any) -> None:
    """Pass `value` to the prose of this chapter, which quotes it as {glue:text}`name`.

    Displays nothing. The record equals the one that MyST-NB's own `glue` leaves in a notebook;
    writing it here keeps Sphinx out of the environment in which a reader runs a chapter.
    """
    from IPython import get_ipython
    from IPython.display import display

    if get_ipython() is None:  # a plain script has no prose
        return
    display(
        {GLUE_MIME + "text/plain": repr(value.item() if hasattr(value, "item") else value)},
        raw=True,
        metadata={"scrapbook": {"name": name, "mime_prefix": GLUE_MIME}},
    )
