"""Style sheets of other extensions, put on the site before a page is written instead of after.

A page names a style sheet with a hash of its content if the file is there: else a first build and
a second one would write different pages.
"""

from __future__ import annotations

from pathlib import Path

import sphinx_exercise
import sphinx_proof
from myst_nb import sphinx_ext as myst_nb

COPIES = (
    myst_nb.add_global_html_resources,
    sphinx_exercise.copy_asset_files,
    sphinx_proof.copy_asset_files,
)


def copy_first(app) -> None:
    """Copy what these extensions copy when the build ends."""
    if app.builder.format == "html":
        Path(app.outdir, "_static").mkdir(exist_ok=True)
        for copy in COPIES:
            copy(app, None)


def setup(app) -> None:
    """Connect to Sphinx."""
    app.connect("builder-inited", copy_first)
