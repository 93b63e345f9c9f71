"""Refuse a letter that names two things in one chapter: `make lint` runs it.

A letter is named where a noun stands beside it: "the learning rate $\\eta$", "$L$ is the largest
curvature", "$h$, the height". `letters.toml` lists the nouns that name letters, and which of them
say the same. Indices may count several things. What the page on notation does not say may be
explained where it is needed, in one section. A letter that no noun names, as in "at $x$", this
lint cannot see.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "_ext")]

from bookbuild.chapters import chapter_files, read  # noqa: E402
from tools.vocabulary import split_page  # noqa: E402

LETTER = r"\$(\\?[A-Za-z]+|\\hat ?[a-z])\$"
BEFORE = re.compile(rf"\b([a-z][a-z-]+)s?\s+{LETTER}(?!-)")
NOUNS = r"(?:the|an?|its|one)\s+((?:[a-z-]+\s+){0,3}?[a-z-]+)"
IS = re.compile(rf"(?<!of )(?<!in ){LETTER}(?: is| are| be)\s+{NOUNS}\b(?:[,.;:)]| of| that|$)")
BESIDE = re.compile(rf"{LETTER},\s+{NOUNS}[,.;:)]")
INDICES = set("ijkl")
FOLDERS = {"Part I": "neurons", "Part II": "gradient-descent", "Part III": "backpropagation",
           "Part IV": "transformers"}  # fmt: skip
DISPLAY = re.compile(r"\$\$.*?\$\$", re.S)
MARKUP = re.compile(r"\{term\}|\*\*|`|<[^<>\n]*>|\*(?=\w)|(?<=\w)\*")
ROW = re.compile(r"^\| ([^|]*\$[^|]*) \|[^|]*\| ([^|]*) \|$", re.M)
LABEL = re.compile(r"^\(([\w-]+)\)=$", re.M)
ELSEWHERE = re.compile(r"\{ref\}`([\w-]+)`|(Part I+V?)\b")


class Naming(NamedTuple):
    """A letter and the noun that names it, by line and section of a page."""

    line: int
    section: int
    letter: str
    noun: str


def rules() -> tuple[set[str], list[set[str]]]:
    """The nouns that name letters, and the groups of those that say the same."""
    found = tomllib.loads((ROOT / "tools/letters.toml").read_text("utf-8"))
    groups = [set(group.split()) for group in found["same"]]
    return set(found["nouns"].split()).union(*groups), groups


def namings(page: str, nouns: set[str]) -> Iterator[Naming]:
    """Yield each letter of a page that a known noun names, in order."""
    text = DISPLAY.sub(lambda m: "\n" * m[0].count("\n"), split_page(page)[0])
    text = MARKUP.sub("", text)
    found = [(m.start(), m[2], [m[1]]) for m in BEFORE.finditer(text)]
    for pattern in (IS, BESIDE):
        found += [(m.start(), m[1], m[2].split()) for m in pattern.finditer(text)]
    for at, letter, words in sorted(found):
        known = [one for word in words if (one := singular(word, nouns))]
        if known and letter not in INDICES:
            before = text[:at]
            yield Naming(before.count("\n") + 1, before.count("\n## "), letter, known[-1])


def singular(word: str, nouns: set[str]) -> str | None:
    """Return the noun that a word is, also in the plural."""
    forms = (word, word.removesuffix("s"), re.sub("ices$", "ix", word))
    return next((form for form in forms if form in nouns), None)


def same(one: str, other: str, groups: list[set[str]]) -> bool:
    """Whether two nouns name the same thing."""
    return one == other or any(one in group and other in group for group in groups)


def collisions(page: str, nouns: set[str], groups: list[set[str]]) -> list[str]:
    """Name each letter of a page that a second noun names in another sense."""
    first: dict[str, Naming] = {}
    said = []
    for now in namings(page, nouns):
        known = first.setdefault(now.letter, now)
        if not same(known.noun, now.noun, groups):
            said.append(
                f"{now.line}: ${now.letter}$ is the {now.noun} here, the {known.noun} in line "
                f"{known.line}; give one of them another letter"
            )
    return said


def meanings(notation: str) -> dict[str, str]:
    """The letters of the page on notation, each with what that page says of it."""
    return {
        letter: row[2]
        for row in ROW.finditer(notation)
        for letter in re.findall(r"\$([^$]+)\$", row[1])
    }


def unexplained(
    page: str, folder: str, notation: str, nouns: set[str], groups: list[set[str]]
) -> list[str]:
    """Name each letter that the page on notation has, and that sections use in another sense."""
    known, found = meanings(notation), list(namings(page, nouns))
    label, said = LABEL.search(page), []
    for now in found:
        sections = {one.section for one in found if one[2:] == now[2:]}
        if now.letter not in known or len(sections) < 2 or label is None:
            continue
        words = words_for(known[now.letter], {label[1], folder})
        if not any(same(now.noun, singular(word, nouns) or word, groups) for word in words):
            said.append(
                f"{now.line}: ${now.letter}$ is the {now.noun} here; chapters/notation.md does "
                "not say so"
            )
    return said


def words_for(meaning: str, page: set[str]) -> list[str]:
    """Return the words with which the page on notation explains a letter to one page."""
    parts = [(part, {a or FOLDERS[b] for a, b in ELSEWHERE.findall(part)})
             for part in meaning.split(";")]  # fmt: skip
    own = [part for part, places in parts if places & page]
    general = [part for part, places in parts if not places]
    return re.findall(r"[a-z-]+", " ".join(own or general).lower())


def main() -> int:
    """Print what is wrong; 0 if nothing is."""
    nouns, groups = rules()
    notation, wrong = read(ROOT / "chapters/notation.md"), 0
    for path in chapter_files(ROOT):
        page = read(path)
        if path.name == "notation.md":
            continue
        said = collisions(page, nouns, groups)
        said += unexplained(page, path.parent.name, notation, nouns, groups)
        wrong += len(said)
        print(end="".join(f"{path.relative_to(ROOT)}:{one}\n" for one in said))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
