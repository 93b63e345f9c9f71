"""The prose of a chapter: its text with code, mathematics, roles and addresses blanked out."""

from __future__ import annotations

import re
from collections.abc import Iterator

FENCE = re.compile(r"^\s*(`{3,}|:{3,}|~{3,})(?:\{([\w:-]+)\})?(.*)$")
OPTION = re.compile(r"^\s*:[\w-]+:")
TEXT_DIRECTIVES = {"admonition", "note", "warning", "tip", "important", "epigraph", "table"}
TEXT_DIRECTIVES |= {"exercise", "exercise-start", "prf:theorem", "prf:proof", "prf:lemma"}
TEXT_DIRECTIVES |= {"figure", "glossary", "list-table", "grid", "grid-item", "grid-item-card"}

NOT_PROSE = (
    re.compile(r"\{[\w:-]+\}(`+)[^`]+\1"),  # a role
    re.compile(r"(`+)[^`]+\1"),  # inline code
    re.compile(r"\$[^$]+\$"),  # inline mathematics
    re.compile(r"(?<=\])\([^)\s]*\)"),  # a link's address
    re.compile(r"<[^<>]+>"),  # an address or a tag
    re.compile(r"^\([\w:-]+\)=$"),  # a label
    re.compile(r"^\s*\d+[.)](?=\s)"),  # the number of an item in a list
    re.compile(r"^%.*"),  # a comment
)


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line that holds prose, with its number, what is not prose blanked out."""
    fences: list[tuple[str, bool]] = []  # the open fences, and whether they hold prose
    mathematics = front = options = False
    for number, line in enumerate(text.splitlines(), 1):
        if (number == 1 or front) and line.strip() == "---":
            front = not front
            continue
        verbatim = front or (fences and not fences[-1][1])
        if line.strip().startswith("$$") and not verbatim:
            mathematics = not mathematics and line.count("$$") == 1
            continue
        fence = FENCE.match(line)
        if fence and fences and fence[1].startswith(fences[-1][0]) and not line.strip(" `:~"):
            fences.pop()
            continue
        if verbatim or mathematics:
            continue
        if fence:
            options = True
            fences.append((fence[1], fence[2] in TEXT_DIRECTIVES))
            line = fence[3] if fence[2] in TEXT_DIRECTIVES - {"figure", "exercise-start"} else ""
        elif options and OPTION.match(line):
            continue
        else:
            options = False
        yield number, blank(line)


def blank(line: str) -> str:
    """Replace by spaces what is not prose in one line."""
    for pattern in NOT_PROSE:
        line = pattern.sub(lambda found: " " * len(found[0]), line)
    return line
