"""Notebooks for readers: plain Markdown, executed cells, and a zip of everything they need."""

from bookbuild.notebooks.builder import setup as setup
