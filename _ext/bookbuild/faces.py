"""The fonts of the text, from packages: Newsreader for the argument, Inter for what surrounds it.

Both are variable fonts under the SIL Open Font License. The site gets the weights that its sheets
use, at one optical size a face, and of these the characters that it shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path

from bookbuild import glyphs

FEATURES = ["kern", "liga", "lnum", "tnum"]
# a family of the sheets: package, file, style, lightest and heaviest weight, optical size
FACES = (
    ("Book Serif", "newsreader", "Newsreader", "normal", (400, 700), 16),
    ("Book Serif", "newsreader", "Newsreader-Italic", "italic", (400, 400), 16),
    ("Book Display", "newsreader", "Newsreader", "normal", (500, 500), 48),
    ("Book Sans", "inter", "Inter", "normal", (400, 700), 14),
)
RULE = (
    '@font-face{{font-family:"{}";font-style:{};font-weight:{} {};font-display:optional;'
    'src:url("fonts/{}") format("woff2")}}\n'
)


def write(folder: Path, shown: Iterable[str]) -> tuple[str, list[Path]]:
    """Write the fonts with the characters of `shown`; return the sheet's rules and the files."""
    characters = set().union(*shown)
    rules, files = "", []
    for family, package, name, style, weights, size in FACES:
        source = distribution(f"fontpkg-{package}").locate_file(
            f"fontpkg_{package}/files/{name}[opsz,wght].ttf"
        )
        limits = {"opsz": size, "wght": weights if weights[0] < weights[1] else weights[0]}
        file = glyphs.cut(Path(source), characters, folder, FEATURES, limits)
        rules += RULE.format(family, style, *weights, file.name)
        files.append(file)
    return rules, files
