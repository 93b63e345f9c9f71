"""One style sheet in place of the many with which every page of the site would begin.

A browser draws nothing before the last of them is there, and asks for what they import only then.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

TOGETHER = "_static/together.css"
THEME = ("_static/styles/theme.css", "_static/styles/pydata-sphinx-theme.css")
CHARSET = re.compile(r'@charset\s+"[^"]*"\s*;', re.I)
NAMED = re.compile(
    r"""@import\s+(?:url\()?["']([^"':]+)["']\)?\s*;"""
    r"""|url\(\s*(["']?)(?!data:|\#|/|[a-z]+:)([^)"']+)\2\s*\)"""
)
READ_FIRST = "_static/documentation_options.js"  # text in the page relies on it


def head(app, pagename, templatename, context, doctree) -> None:
    """Name one sheet in place of all, and let scripts wait until the page has been read.

    The global context collects the names of all; what is for print only stays a sheet of its own.
    """
    names = app.builder.globalcontext.setdefault("sheets", [*THEME])
    files = sorted(context["css_files"], key=lambda sheet: sheet.priority)
    kept = [file for file in files if file.filename == TOGETHER or "media" in file.attributes]
    names += [file.filename for file in files if file not in kept and file.filename not in names]
    context["css_files"] = kept
    for script in context["script_files"]:
        if script.filename != READ_FIRST and not {"body", "async", "type"} & {*script.attributes}:
            script.attributes["defer"] = "defer"


def together(site: Path, names: list[str]) -> str:
    """The text of `TOGETHER` from the sheets of these `names` in `site`."""
    return "\n".join(_moved(site / name, (site / TOGETHER).parent) for name in names)


def _moved(sheet: Path, folder: Path) -> str:
    # with what it imports, and with its addresses as they are seen from `folder`
    def moved(found: re.Match) -> str:
        if found[1]:
            return _moved(sheet.parent / found[1], folder)
        return f'url("{Path(os.path.relpath(sheet.parent / found[3], folder)).as_posix()}")'

    return NAMED.sub(moved, CHARSET.sub("", sheet.read_text("utf-8")))
