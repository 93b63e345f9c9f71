"""A style sheet without the rules for what the site does not have.

The theme brings all of Bootstrap, for pages that might have an accordion; a book has none. A rule
stays if each class in its selector stands in a page, or is a word of a script, which may use it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

import tinycss2
from tinycss2.ast import Node

CLASSES = re.compile(r'\bclass="([^"]*)"')
WORD = re.compile(r"[\w-]+")
NESTED = {"media", "supports"}  # rules that hold rules


def known(pages: Iterable[str], scripts: Iterable[str]) -> set[str]:
    """The classes in `pages`, and every word of the `scripts`."""
    classes = {name for page in pages for found in CLASSES.findall(page) for name in found.split()}
    return classes.union(*(WORD.findall(script) for script in scripts))


def without_unused(sheet: str, known: set[str]) -> str:
    """The rules of `sheet` for classes that are `known`, without comments.

    A script may put a class together: one that begins like a known word that ends in `-` stays.
    ValueError, with the line, where the sheet cannot be read.
    """
    begun = tuple(word for word in known if word.endswith("-") and len(word) > 1)

    def may_be(selector: list[Node]) -> bool:
        named = itertools.pairwise(selector)  # those in brackets, as in :not(.a), do not count
        names = [name.value for dot, name in named if dot == "." and name.type == "ident"]
        return all(name in known or name.startswith(begun) for name in names)

    def kept(rules: list[Node]) -> Iterator[str]:
        for rule in rules:
            if rule.type == "qualified-rule":
                parts = filter(may_be, _split(rule.prelude))
                if selectors := ",".join(tinycss2.serialize(part) for part in parts):
                    yield f"{selectors}{{{tinycss2.serialize(rule.content)}}}"
            elif rule.type == "at-rule" and rule.lower_at_keyword in NESTED:
                within = tinycss2.parse_rule_list(rule.content, True, True)
                if text := "".join(kept(within)):
                    prelude = tinycss2.serialize(rule.prelude)
                    yield f"@{rule.at_keyword}{prelude}{{{text}}}"
            elif rule.type == "error":
                raise ValueError(f"line {rule.source_line} of the sheet: {rule.message}")
            else:
                yield rule.serialize()

    return "".join(kept(tinycss2.parse_stylesheet(sheet, True, True)))


def _split(prelude: list[Node]) -> Iterator[list[Node]]:
    part: list[Node] = []
    for node in prelude:
        if node == ",":
            yield part
            part = []
        else:
            part.append(node)
    yield part
