"""The cells of a reader's notebook: prose, executed code, and a first cell that sets up."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from html import escape

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from bookbuild.notebooks.text import Block

SVG = "image/svg+xml"
TYPES = (SVG, "image/png", "text/markdown", "text/plain")  # kept, best first
FOR_THE_BUILD = ("application/papermill.record/", "application/pdf", "application/vnd.weighted")
GLUED = "application/papermill.record/text/plain"
HIDDEN = {"remove-cell", "hide-cell", "hide-input", "remove-input", "solution"}
FENCE = re.compile(r"^ *(`{3,}|~{3,})(?![`~{]).*?^ *\1", re.M | re.S)
CODE = re.compile(r"(?<![`}])(`{1,2})(?!`)(.+?)(?<!`)\1(?!`)", re.S)
RAW_MYST = re.compile(
    r"\{[\w:-]+\}`|^[ >]*(?:`{3,}|~{3,}|:{3,}) *\{|^[ >]*:{3,} *$|^[ >]*\([\w:-]+\)= *$"
    r"|^[ >]*\$\$ *\([\w:-]+\)|\]\{[.#][A-Za-z]|^[ >]*\{[.#][^}]*\} *$|\[\]\(|^\+\+\+",
    re.M,
)

SETUP = """\
# Installs the book's package if it is not here yet: from the wheel that came with this notebook,
# from the book's site, or from the package index.
import importlib.util, pathlib, subprocess, sys

if any(importlib.util.find_spec(name) is None for name in NEEDED):
    here, places = pathlib.Path.cwd(), PLACES
    for folder in (*here.parents[::-1], here):
        places[:0] = [f" @ {w.as_uri()}" for w in folder.glob("wheel/weighted_sums-*.whl")]
    for place in places:
        pip = [sys.executable, "-m", "pip", "install", "-q", f"weighted_sumsEXTRA{place}"]
        done = subprocess.run(pip, capture_output=True, text=True)
        if done.returncode == 0:
            break
    else:
        raise ModuleNotFoundError(
            "The book's package could not be installed. Unpack weighted-sums-notebooks.zip from "
            "the book's site, which holds it, and open this notebook there. pip said: "
            + done.stderr[-500:]
        )
    importlib.invalidate_caches()

if importlib.util.find_spec("numpy"):
    import numpy

    numpy.set_printoptions(legacy="1.25")  # 4.0 and not np.float64(4.0)"""
TORCH = re.compile(r"^(import|from) torch\b", re.M)


def setup_cell(executed: NotebookNode, wheel: str, site: str) -> NotebookNode:
    """The first code cell: it installs the package, and PyTorch where the chapter imports it.

    The wheel of this name may lie beside the notebook or, if `site` is an address, on the site.
    """
    torch = any(TORCH.search(c.source) for c in executed.cells if c.cell_type == "code")
    needed = '("weighted_sums", "torch")' if torch else '("weighted_sums",)'
    places = [f" @ {site}notebooks/wheel/{wheel}"] * bool(site) + [f"=={wheel.split('-')[1]}"]
    filled = SETUP.replace("NEEDED", needed).replace("PLACES", str(places).replace("'", '"'))
    source = filled.replace("EXTRA", "[torch]" if torch else "")
    return new_code_cell(source, metadata={"jupyter": {"source_hidden": True}})


def assemble(blocks: Iterable[Block]) -> NotebookNode:
    """Join blocks into a notebook: a Markdown cell ends at a heading and at any other cell."""
    cells: list[NotebookNode] = []
    prose: NotebookNode | None = None
    for block in blocks:
        if not isinstance(block, str):
            prose = None
            cells.append(block)
        elif prose is None or block.startswith("#"):  # folds end at cells, not within
            prose = new_markdown_cell(block)
            cells.append(prose)
        else:
            prose.source += f"\n\n{block}"
    for i, cell in enumerate(cells):
        cell["id"] = f"cell-{i}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return new_notebook(cells=cells, metadata=metadata)


def clean_cell(cell: NotebookNode) -> NotebookNode:
    """A code cell with the results a reader sees, and nothing of the build's."""
    tags = list(cell.metadata.get("tags", []))
    metadata: dict = {"tags": tags} if tags else {}
    if "timing" in tags:  # a comparison of two builds ignores these numbers in the prose
        metadata["measured"] = [o.data[GLUED] for o in cell.outputs if GLUED in o.get("data", {})]
    if HIDDEN & set(tags):
        metadata["jupyter"] = {"source_hidden": True}
    alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
    outputs = [kept for output in cell.outputs if (kept := _clean_output(output, alt))]
    return new_code_cell(
        cell.source, metadata=metadata, execution_count=cell.execution_count, outputs=outputs
    )


def _clean_output(output: NotebookNode, alt: str) -> NotebookNode | None:
    if "data" not in output:
        return output
    data = {kind: value for kind, value in output.data.items() if kind in TYPES}
    if not data and not all(kind.startswith(FOR_THE_BUILD) for kind in output.data):
        raise ValueError(f"a result is of no type that notebooks keep: {', '.join(output.data)}")
    if SVG in data:
        # Jupyter draws no SVG in a notebook that came from elsewhere, but it shows pictures
        source = f"data:{SVG};base64,{base64.b64encode(data[SVG].encode()).decode()}"
        data["text/html"] = f'<img alt="{escape(alt)}" src="{source}">'
    return NotebookNode({**output, "data": data, "metadata": {}}) if data else None


def raw_myst(notebook: NotebookNode) -> list[str]:
    """What a notebook's Markdown holds that only MyST understands."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    prose = [CODE.sub("", FENCE.sub("", text)) for text in texts]
    return [found[0].strip() for text in prose for found in RAW_MYST.finditer(text)]
