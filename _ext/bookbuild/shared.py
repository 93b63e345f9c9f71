"""What a page shows of other pages: when that changes, every page is written anew.

Sphinx writes a page again when its own text or its numbers change. But references and the
navigation show the titles of other pages, and citations show their entries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from bookbuild.freshness import program

PAGES = ("html", "notebook")  # formats of many pages; the printed book is written as a whole
WRITTEN = ".shared"  # what the pages in a builder's folder showed of each other


def digest(env) -> str:
    """One hash of all titles, numbers, labels, terms and entries of the book."""
    return hashlib.sha256("\n".join(sorted(_shown(env))).encode()).hexdigest()


def _shown(env) -> Iterator[str]:
    for name, title in env.longtitles.items():
        yield f"title {name} {title.astext()}"
    for kind in (env.toc_secnumbers, env.toc_fignumbers, env.toctree_includes):
        yield from (f"number {name} {sorted(map(str, kind[name]))} {kind[name]}" for name in kind)
    standard = env.get_domain("std").data
    for kind in ("labels", "anonlabels", "terms"):
        yield from (f"{kind} {name} {tuple(map(str, at))}" for name, at in standard[kind].items())
    for name, at in env.get_domain("math").data["objects"].items():
        yield f"equation {name} {at}"
    for name, proof in getattr(env, "proof_list", {}).items():
        yield f"proof {name} {proof}"
    for name, exercise in getattr(env, "sphinx_exercise_registry", {}).items():
        yield f"exercise {name} {exercise['docname']} {exercise['node'][0].astext()}"
    for citation in env.get_domain("cite").citations:
        yield f"citation {citation.key} {citation.formatted_entry.label} {citation.entry!r}"


def written_before(app, env) -> list[str]:
    """All pages, if this builder wrote them when they showed something else of each other."""
    if app.builder.format not in PAGES:
        return []
    path, app.env.book_shared = Path(app.outdir, WRITTEN), digest(env)
    same = path.is_file() and path.read_text("utf-8") == app.env.book_shared
    return [] if same else sorted(env.found_docs)


def note(app, exception) -> None:
    """Keep what the pages of this builder's folder show of each other."""
    if exception is None and app.builder.format in PAGES:
        Path(app.outdir, WRITTEN).write_text(app.env.book_shared, "utf-8")


def name_program(app, config) -> None:
    """Read every page anew when the program that reads them changed."""
    config.book_program = program(Path(app.srcdir))


def setup(app) -> None:
    """Connect to Sphinx."""
    app.add_config_value("book_program", "", "env")
    app.connect("config-inited", name_program)
    app.connect("env-get-updated", written_before, priority=900)  # after all are numbered
    app.connect("build-finished", note)
