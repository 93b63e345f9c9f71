"""Cards: the picture that stands beside a link to a page where somebody shares it."""

from __future__ import annotations

import functools
import io
import shutil
import subprocess
from pathlib import Path

import matplotlib as mpl
from PIL import Image, ImageDraw, ImageFont
from sphinx.errors import SphinxError

FOLDER = "_static/cards"
SIZE = (1200, 630)  # pixels, as those who show cards ask for
MOST = 100_000  # bytes
MARGIN, GAP, STRIP = 56, 28, 76
NAVY, PAPER = "#1d3a5f", "#ffffff"


def write(path: Path, picture: Path, title: str, book: str) -> None:
    """Write a card with the SVG file `picture`; the same input gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encoded(drawn(picture, title, book)))


def drawn(picture: Path, title: str, book: str) -> Image.Image:
    """A card: the page's title above, its figure in the middle, the book's name below."""
    width, height = SIZE
    card = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(card)
    words, size = fitted(title, width - 2 * MARGIN)
    pen.multiline_text((MARGIN, 40), words, NAVY, _font(size), spacing=8)
    top = round(pen.multiline_textbbox((MARGIN, 40), words, _font(size), spacing=8)[3]) + GAP
    room = (width - 2 * MARGIN, height - STRIP - GAP - top)
    figure = rasterised(picture, room)
    place = ((width - figure.width) // 2, top + (room[1] - figure.height) // 2)
    card.paste(figure, place, figure)
    pen.rectangle((0, height - STRIP, width, height), NAVY)
    pen.text((MARGIN, height - STRIP / 2), book, PAPER, _font(34), anchor="lm")
    return card


def fitted(title: str, width: float) -> tuple[str, int]:
    """The title broken into at most two lines of `width` pixels, and the size of type it takes."""
    for size in (58, 50, 42, 34):
        if (words := _broken(title, width, _font(size))).count("\n") < 2:
            break
    return words, size


def _broken(title: str, width: float, font: ImageFont.FreeTypeFont) -> str:
    lines = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def rasterised(picture: Path, room: tuple[int, int]) -> Image.Image:
    """An SVG file as an image with transparency, as large as `room` (width, height) lets it be."""
    program = shutil.which("rsvg-convert")
    if program is None:
        raise SphinxError("cards need rsvg-convert: install the Debian package librsvg2-bin")
    fit = ["--width", str(room[0]), "--height", str(room[1]), "--keep-aspect-ratio"]
    run = subprocess.run([program, *fit, str(picture)], capture_output=True)
    if run.returncode:
        raise SphinxError(f"{picture} cannot be drawn: {run.stderr.decode(errors='replace')}")
    return Image.open(io.BytesIO(run.stdout)).convert("RGBA")


def encoded(card: Image.Image, most: int = MOST) -> bytes:
    """The card as a PNG of at most `most` bytes, in as many colours as that allows."""
    for colours in (256, 64, 32, 16):
        file = io.BytesIO()
        card.quantize(colours).save(file, "PNG", optimize=True)
        if file.tell() <= most:
            break
    return file.getvalue()


@functools.cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    # Matplotlib carries it: the same letters on every system
    return ImageFont.truetype(Path(mpl.get_data_path(), "fonts/ttf/DejaVuSans-Bold.ttf"), size)
