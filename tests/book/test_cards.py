"""Cards are the same each time, small, and hold the whole title."""

import io

import pytest
from PIL import Image

from bookbuild import cards


def test_a_card_is_the_same_each_time_and_its_title_fits(tmp_path):
    picture = tmp_path / "wide.svg"
    picture.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="9"><path d="M0 0h90v9z"/></svg>'
    )
    title = (
        "A very long title that says what the chapter is about, and then goes on and on to its end"
    )
    first, second = (cards.encoded(cards.drawn(picture, title, "Book")) for _ in range(2))
    assert first == second
    words, _ = cards.fitted(title, 1088)
    assert words.count("\n") == 1 and words.replace("\n", " ") == title


def test_a_card_takes_fewer_colours_rather_than_more_bytes():
    noise = Image.effect_noise(cards.SIZE, 90).convert("RGB")
    most = len(cards.encoded(noise, most=10**9))
    file = cards.encoded(noise, most=most - 1)
    assert len(file) < most
    assert len(Image.open(io.BytesIO(file)).getcolors()) < 256


def test_a_card_without_the_program_that_draws_it_names_the_package(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(cards.SphinxError, match="librsvg2-bin"):
        cards.rasterised(tmp_path / "x.svg", (10, 10))
