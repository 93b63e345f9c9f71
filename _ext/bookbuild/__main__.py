"""Build the book: `python -m bookbuild book|notebooks|pdf|site|chapter NAME|lint|links|serve`."""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import sys
from collections.abc import Callable
from pathlib import Path

from bookbuild import build, record


def notebooks(root: Path) -> None:
    """Run the stale chapters and write the notebooks."""
    build.check_sources(root)
    build.execute(root)
    build.make_notebooks(root)


def pdf(root: Path) -> None:
    """Run the stale chapters and write the PDF."""
    build.check_sources(root)
    build.execute(root)
    build.make_pdf(root)


def site(root: Path) -> None:
    """Run the stale chapters, write the notebooks and the site that offers them."""
    notebooks(root)
    build.make_site(root)


def book(root: Path) -> None:
    """Make everything: notebooks, PDF and site; say where they lie and what took how long."""
    notebooks(root)
    build.make_pdf(root)
    build.make_site(root)
    times = json.loads((root / record.RECORD).read_text())
    for name, seconds in sorted(times.items(), key=lambda item: -item[1]):
        print(f"{seconds:6.1f} s  {name}")
    print(f"{sum(times.values()):6.1f} s  all chapters, one after the other")
    print(f"site       {root / '_build/html/index.html'}")
    print(f"notebooks  {root / '_build/notebooks'}")
    print(f"PDF        {root / '_build/book.pdf'}")


def lint(root: Path) -> None:
    """Check the sources of the chapters and the docstrings."""
    build.check_sources(root)


def links(root: Path) -> None:
    """List the links to other sites and, where there is a network, what became of them."""
    from bookbuild import links as external

    print(external.write(root, _site(root)))


def _site(root: Path) -> Path:
    folder = root / "_build" / "html"
    if not folder.is_dir():
        raise build.BuildError("there is no site yet: run `make site` first")
    return folder


def serve(root: Path) -> None:
    """Serve the built site on this machine."""
    folder = _site(root)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 8000), handler) as server:
        print("http://127.0.0.1:8000/ (Ctrl+C ends it)", flush=True)
        server.serve_forever()


COMMANDS: dict[str, Callable[[Path], None]] = {
    command.__name__: command for command in (book, notebooks, pdf, site, lint, links, serve)
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it succeeded, 1 with the reason on standard error."""
    parser = argparse.ArgumentParser(prog="bookbuild", description=__doc__)
    parser.add_argument("command", choices=[*COMMANDS, "chapter"])
    parser.add_argument("name", nargs="?", help="for chapter: such as neurons/networks")
    parser.add_argument("--root", type=Path, default=Path.cwd())
    given = parser.parse_args(arguments)
    root = given.root.resolve()
    if (given.command == "chapter") != (given.name is not None):
        parser.error("chapter needs NAME, such as neurons/networks; the other commands take none")
    try:
        if given.command in ("lint", "links", "serve"):
            COMMANDS[given.command](root)
            return 0
        with build.alone(root):
            if given.command == "chapter":
                print(build.make_page(root, given.name))
            else:
                COMMANDS[given.command](root)
    except build.BuildError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
