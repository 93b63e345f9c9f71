"""Build the book: `python -m bookbuild book|site|notebooks|pdf|execute|chapter NAME|lint|…`."""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import os
import sys
from pathlib import Path

from bookbuild import freshness
from bookbuild.safety import BuildError, alone, refusal

TIMES = Path("_build", "times.json")
COMMANDS = {
    "book": ("notebooks", "pdf", "site"),
    "notebooks": ("notebooks",),
    "pdf": ("pdf",),
    "site": ("notebooks", "site"),
}


def make(root: Path, command: str) -> None:
    """Make what the command stands for unless it is there already; say where it lies."""
    products, made_from = COMMANDS[command], freshness.inputs(root)
    if freshness.is_current(root, products, made_from):
        print("nothing has changed since the last build")
    else:
        from bookbuild import build  # Sphinx and its kin take seconds to import

        build.make(root, products)
        freshness.note(root, products, made_from)
        if command == "book":
            tell_times(root)
    for product in products:
        print(f"{product:10} {root / '_build' / freshness.PLACES[product]}")


def tell_times(root: Path) -> None:
    """Print how long each chapter took when it last ran."""
    times = json.loads((root / TIMES).read_text("utf-8"))
    for name, seconds in sorted(times.items(), key=lambda item: -item[1]):
        print(f"{seconds:6.1f} s  {name}")
    print(f"{sum(times.values()):6.1f} s  all chapters, one after the other")


def execute(root: Path) -> None:
    """Run the chapters whose text, code or data changed; their results go into the cache."""
    from bookbuild import build, guards

    guards.check(root)
    build.execute(root)


def chapter(root: Path, name: str) -> None:
    """Make one chapter's page; say where it lies."""
    from bookbuild import build

    print(build.make_page(root, name))


def lint(root: Path) -> None:
    """Check the sources of the chapters and the docstrings."""
    from bookbuild import guards

    guards.check(root)


def links(root: Path) -> None:
    """List the links to other sites and, where there is a network, what became of them."""
    from bookbuild import links as external

    print(external.write(root))


def _site(root: Path) -> Path:
    folder = root / "_build" / "html"
    if not folder.is_dir():
        raise BuildError("there is no site yet: run `make site` first")
    return folder


def serve(root: Path) -> None:
    """Serve the built site on this machine."""
    folder = _site(root)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 8000), handler) as server:
        print("http://127.0.0.1:8000/ (Ctrl+C ends it)", flush=True)
        server.serve_forever()


OTHERS = {"lint": lint, "links": links, "serve": serve}


def run(root: Path, command: str, names: list[str]) -> None:
    """Do what the command line asks for."""
    if command in OTHERS:
        OTHERS[command](root)
        return
    with alone(root):
        if command == "execute":
            execute(root)
        elif command == "chapter":
            chapter(root, *names)
        else:
            make(root, command)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it succeeded, 1 with the reason on standard error."""
    parser = argparse.ArgumentParser(prog="bookbuild", description=__doc__)
    parser.add_argument("command", choices=[*COMMANDS, "execute", "chapter", *OTHERS])
    parser.add_argument("names", nargs="*", help="a chapter, such as neurons/networks")
    parser.add_argument("--root", type=Path, default=Path.cwd())
    given = parser.parse_args(arguments)
    root = given.root.resolve()
    if len(given.names) != (given.command == "chapter"):
        parser.error("chapter, and no other command, takes a NAME, such as neurons/networks")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # a terminal that knows ASCII alone
    try:
        run(root, given.command, given.names)
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        refused = refusal(error, root)
        if not (refused or isinstance(error, BuildError)):
            raise
        told = [str(error)] if isinstance(error, BuildError) else []
        print(*told, *filter(None, [refused]), sep="\n", file=sys.stderr)
        return 1


def in_utf8() -> None:
    """Begin again in UTF-8 where the locale says otherwise: paths and chapters are full of it."""
    if sys.getfilesystemencoding() != "utf-8" and os.environ.get("PYTHONUTF8") != "1":
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, "-m", "bookbuild", *sys.argv[1:]])


if __name__ == "__main__":
    in_utf8()
    raise SystemExit(main())
