"""Build the book: `bookbuild book|site|notebooks|pdf|epub|execute|chapter NAME|lint|links`."""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext
from pathlib import Path

from bookbuild import freshness
from bookbuild.safety import alone, reason

PRODUCTS = {
    "book": ("notebooks", "pdf", "epub", "site"),
    "notebooks": ("notebooks",),
    "pdf": ("pdf",),
    "epub": ("epub",),
    "site": ("notebooks", "site"),
}
UNLOCKED = ("lint", "links")  # they change nothing that a build reads


def make(root: Path, products: tuple[str, ...]) -> None:
    """Make the products unless they are there already; say where they lie."""
    made_from = freshness.inputs(root)
    if freshness.is_current(root, products, made_from):
        print("nothing has changed since the last build")
    else:
        from bookbuild import build  # Sphinx and its kin take seconds to import

        build.make(root, products)
        freshness.note(root, products, made_from)
    for product in products:
        print(f"{product:10} {root / '_build' / freshness.PLACES[product]}")


def run(root: Path, command: str, name: str) -> None:
    """Run one command; say where its product lies."""
    if command in PRODUCTS:
        return make(root, PRODUCTS[command])
    from bookbuild import build, guards

    match command:
        case "lint":
            guards.check(root)
        case "links":
            print(build.ask_links(root))
        case "execute":
            build.execute(root)
        case "chapter":
            print(build.make_page(root, name))


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it succeeded, 1 with the reason on standard error."""
    parser = argparse.ArgumentParser(prog="bookbuild", description=__doc__)
    parser.add_argument("command", choices=[*PRODUCTS, "execute", "chapter", *UNLOCKED])
    parser.add_argument("name", nargs="?", help="a chapter, such as neurons/networks")
    parser.add_argument("--root", type=Path, default=Path.cwd())
    given = parser.parse_args(arguments)
    root = given.root.resolve()
    if (given.command == "chapter") != bool(given.name):
        parser.error("chapter, and no other command, takes a NAME, such as neurons/networks")
    try:
        with nullcontext() if given.command in UNLOCKED else alone(root):
            run(root, given.command, given.name)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if not (told := reason(error, root)):
            raise
        print(told, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
