"""Build the book: `python -m bookbuild book|site|notebooks|pdf|execute|chapter NAME|lint|…`."""

from __future__ import annotations

import argparse
import functools
import sys
from pathlib import Path

from bookbuild import freshness
from bookbuild.safety import BuildError, alone, refusal

PRODUCTS = {
    "book": ("notebooks", "pdf", "site"),
    "notebooks": ("notebooks",),
    "pdf": ("pdf",),
    "site": ("notebooks", "site"),
}


def make(root: Path, command: str) -> None:
    """Make what the command stands for unless it is there already; say where it lies."""
    products, made_from = PRODUCTS[command], freshness.inputs(root)
    if freshness.is_current(root, products, made_from):
        print("nothing has changed since the last build")
    else:
        from bookbuild import build  # Sphinx and its kin take seconds to import

        build.make(root, products)
        freshness.note(root, products, made_from)
    for product in products:
        print(f"{product:10} {root / '_build' / freshness.PLACES[product]}")


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
    """Check the sources of the chapters."""
    from bookbuild import guards

    guards.check(root)


def links(root: Path) -> None:
    """Ask for the links to other sites; say where Sphinx's list of those that fail lies."""
    from bookbuild import build

    out = root / "_build" / "linkcheck"
    try:
        doctrees, rules = out / ".doctrees", {"strict": False, "book_prepared": False}
        build.run_sphinx(root, "linkcheck", out, doctrees, **rules)
    except BuildError as error:
        if error.__cause__:  # a link that fails is no reason to fail: other sites come and go
            raise
    print(out / "output.txt")


BUILDS = {name: functools.partial(make, command=name) for name in PRODUCTS} | {"execute": execute}
OTHERS = {"lint": lint, "links": links}  # they change nothing that a build reads


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it succeeded, 1 with the reason on standard error."""
    parser = argparse.ArgumentParser(prog="bookbuild", description=__doc__)
    parser.add_argument("command", choices=[*BUILDS, "chapter", *OTHERS])
    parser.add_argument("name", nargs="?", help="a chapter, such as neurons/networks")
    parser.add_argument("--root", type=Path, default=Path.cwd())
    given = parser.parse_args(arguments)
    root = given.root.resolve()
    if (given.command == "chapter") != bool(given.name):
        parser.error("chapter, and no other command, takes a NAME, such as neurons/networks")
    try:
        if given.command in OTHERS:
            OTHERS[given.command](root)
        else:
            with alone(root):
                chapter(root, given.name) if given.name else BUILDS[given.command](root)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        refused = refusal(error, root)
        if not (refused or isinstance(error, BuildError)):
            raise
        told = [str(error)] if isinstance(error, BuildError) else []
        print(*told, *filter(None, [refused]), sep="\n", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
