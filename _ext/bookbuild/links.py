"""The report on links to other sites that Sphinx's builder `linkcheck` leaves: `_build/links.md`.

Nothing fails because of a link: other sites come and go, and the book is built without a network.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from bookbuild.build import sphinx

REPORT = "links.md"
KINDS = ("broken", "timeout", "redirected", "ignored", "working")  # in the order of the report


def write(root: Path) -> Path:
    """Ask for every link of the book and return the report; BuildError where Sphinx fails."""
    out = sphinx(root, "linkcheck", root / "_build", strict=False, book_prepared=False)
    return out.with_name(REPORT)


def note_page(app, uri: str) -> str:
    """Keep on which pages a link stands, since Sphinx tells only of the first."""
    address = uri.partition("#")[0]
    vars(app).setdefault("book_links", {}).setdefault(address, set()).add(app.env.docname)
    return address


def report(found: list[dict], pages: dict[str, set[str]]) -> str:
    """A page of Markdown: what gave no good answer first, then what moved, then the rest."""
    head = f"# Links to other sites\n\n{len(found)} addresses"
    if found and all("Max retries exceeded" in link["info"] for link in found):
        return f"{head}, and no network here to ask for any of them.\n"
    counts = Counter(link["status"] for link in found)
    lines = [f"{head}: {', '.join(f'{counts[kind]} {kind}' for kind in KINDS)}.\n"]
    lines += ["| what became of it | address | where it stands | more |", "|---|---|---|---|"]
    for link in sorted(found, key=lambda link: (KINDS.index(link["status"]), link["uri"])):
        where = ", ".join(sorted(pages[link["uri"]]))
        cells = (link["status"], link["uri"], where, " ".join(link["info"].split()))
        lines.append(f"| {' | '.join(cell.replace('|', '%7C') for cell in cells)} |")
    return "\n".join(lines) + "\n"


def finish(app, exception) -> None:
    """Write the report once Sphinx has asked for all links, and let the build succeed."""
    if exception or app.builder.name != "linkcheck":
        return
    lines = Path(app.outdir, "output.json").read_text("utf-8").splitlines()
    found = [link for link in map(json.loads, lines) if link["uri"].startswith("http")]
    text = report(found, getattr(app, "book_links", {}))
    Path(app.outdir).with_name(REPORT).write_text(text, "utf-8")
    app.statuscode = 0


def setup(app) -> None:
    """Connect to Sphinx."""
    app.connect("linkcheck-process-uri", note_page)
    app.connect("build-finished", finish)
