"""Notebooks for readers: plain Markdown, executed cells, and a zip of everything they need."""

from __future__ import annotations

from bookbuild.notebooks.builder import NotebookBuilder
from bookbuild.notebooks.cells import TYPES


def setup(app) -> None:
    """Register the builder, and tell MyST-NB which outputs it may find there."""
    app.add_builder(NotebookBuilder)
    app.connect("config-inited", _allow_types)


def _allow_types(app, config) -> None:
    allowed = [(NotebookBuilder.name, kind, 10 + i) for i, kind in enumerate(TYPES)]
    config.nb_mime_priority_overrides = [*config.nb_mime_priority_overrides, *allowed]
