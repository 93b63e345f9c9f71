"""Refuse the house words of the first edition where the field has a term: `make lint` runs it.

`vocabulary.toml` lists the words, `vocabulary_allowed.toml` how many of each the prose of a page
may still hold: numbers that may only fall. `--shrink` lowers them to what is there, and
`--count FOLDER` counts the words of any checkout by kind of text.
"""

from __future__ import annotations

import bisect
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
WORDS, ALLOWED = "tools/vocabulary.toml", "tools/vocabulary_allowed.toml"
NOT_READ = {"CHANGELOG.md"}  # it tells of the old names
# the kind of text by file, the first that fits; what builds the book speaks of files, not networks
KINDS = {
    "code/weighted_sums/exercises/*.py": "checks", "code/**/*.py": "code", "bench/*.py": "code",
    "tests/unit/**/*.py": "tests", "tests/browser/**/*.py": "tests",
    "interactive/**/*.mjs": "JavaScript", "interactive/*.css": "JavaScript",
    "chapters/**/*.md": "prose", "*.md": "prose",
}  # fmt: skip
EVERY = [*KINDS.values(), "cells"]
CELL = re.compile(
    r"(^```\{code-cell\}.*\n(?:---\n(?:.*\n)*?---\n|(?::.*\n)*))((?:.*\n)*?)(?=^```$)", re.M
)
JOINT = re.compile(r"(?<=[A-Za-z\d])_(?=[A-Za-z\d])|(?<=[a-z])(?=[A-Z][a-z])")
MARGIN = re.compile(r"^\s*(#|//|\*|>)?\s*")  # of a line, with the sign of a comment


class Word(NamedTuple):
    """A house word, what finds it, the field's term, and the kinds of text it is refused in."""

    name: str
    pattern: re.Pattern[str]
    use: str
    kinds: list[str]


class Find(NamedTuple):
    """A house word in a text of some kind, by file and line."""

    file: str
    line: int
    kind: str
    word: Word
    found: str


def house_words() -> list[Word]:
    """Read the list of words."""
    rows = tomllib.loads((ROOT / WORDS).read_text("utf-8"))
    return [
        Word(name, re.compile(row["pattern"], re.I), row["use"], row.get("kinds", EVERY))
        for name, row in rows.items()
    ]


def texts(root: Path) -> Iterator[tuple[str, str, str]]:
    """Yield every text of a checkout: its file, its kind and its content, line by line."""
    kinds: dict[str, str] = {}
    for pattern, kind in KINDS.items():
        for path in root.glob(pattern):
            kinds.setdefault(path.relative_to(root).as_posix(), kind)
    for file in sorted(kinds.keys() - NOT_READ):
        content = (root / file).read_text("utf-8")
        if kinds[file] == "prose":
            content, code = split_page(content)
            yield f"{file} (cells)", "cells", code
        yield file, kinds[file], content


def split_page(page: str) -> tuple[str, str]:
    """Split a page into its prose and the code of its cells; each keeps the lines of the other."""
    parts = CELL.split(page)  # prose, the head of a cell, its code, prose, …
    blank = [re.sub("[^\n]+", "", part) for part in parts]
    prose = "".join(blank[i] if i % 3 == 2 else part for i, part in enumerate(parts))
    return prose, "".join(part if i % 3 == 2 else blank[i] for i, part in enumerate(parts))


def finds(file: str, kind: str, content: str, words: list[Word]) -> Iterator[Find]:
    """Yield the house words in a text, across the ends of lines and within names."""
    lines = [JOINT.sub(" ", MARGIN.sub("", line)) + " " for line in content.split("\n")]
    ends, joined = list(accumulate(map(len, lines))), "".join(lines)
    for word in words:
        if kind in word.kinds:
            for match in word.pattern.finditer(joined):
                line = bisect.bisect_right(ends, match.start()) + 1
                yield Find(file, line, kind, word, match[0])


def all_finds(root: Path) -> list[Find]:
    """Find every house word in a checkout."""
    words = house_words()
    return [find for text in texts(root) for find in finds(*text, words)]


def allowed() -> dict[tuple[str, str], int]:
    """Read how many of each word a file may hold."""
    rows = tomllib.loads((ROOT / ALLOWED).read_text("utf-8"))
    return {(file, word): n for file, row in rows.items() for word, n in row["words"].items()}


def counted(found: list[Find]) -> Counter[tuple[str, str]]:
    """Count by file and word."""
    return Counter((find.file, find.word.name) for find in found)


def problems(found: list[Find], most: dict[tuple[str, str], int]) -> list[str]:
    """Say what is found beyond what is allowed, and which of these numbers are too large."""
    counts = counted(found)
    over = {key for key, count in counts.items() if count > most.get(key, 0)}
    said = [
        f"{f.file}:{f.line}: {f.found!r} in {f.kind}; write {f.word.use}"
        for f in found
        if (f.file, f.word.name) in over
    ]
    for (file, word), n in most.items():
        if (count := counts[file, word]) < n:
            said.append(f"{ALLOWED}: {file} holds {word} {count} times: write {count}, not {n}")
    return said


def shrink(found: list[Find]) -> None:
    """Lower the allowances to what is there; none is raised, and none is added."""
    counts, path = counted(found), ROOT / ALLOWED
    before = path.read_text("utf-8")
    parts = [line for line in before.split("\n") if line.startswith("#")]
    for file, row in tomllib.loads(before).items():
        words = {word: min(n, counts[file, word]) for word, n in row["words"].items()}
        if kept := ", ".join(f"{word} = {n}" for word, n in words.items() if n):
            parts.append(f'\n["{file}"]\nreason = "{row["reason"]}"\nwords = {{ {kept} }}')
    path.write_text("\n".join(parts) + "\n", "utf-8")


def main(arguments: list[str]) -> int:
    """Print what is wrong; 0 if nothing is."""
    if arguments[:1] == ["--count"]:
        counts = Counter(f"{f.kind:12}{f.word.name}" for f in all_finds(Path(arguments[1])))
        print(*(f"{name:26}{count:6}" for name, count in sorted(counts.items())), sep="\n")
        return 0
    found = all_finds(ROOT)
    if arguments == ["--shrink"]:
        shrink(found)
    said = problems(found, allowed())
    print(end="".join(f"{problem}\n" for problem in said))
    return bool(said)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
