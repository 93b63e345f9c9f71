"""A product is taken for current only if nothing that it was made from, nor it itself, changed."""

import shutil

import pytest

from bookbuild import freshness

SOURCES = [
    "_config.yml",
    "_toc.yml",
    "references.bib",
    "pyproject.toml",
    "assets/book.css",
    "chapters/one.md",
    "code/mini/second.py",
]


@pytest.mark.parametrize("name", SOURCES)
def test_a_change_of_any_source_counts(book, name):
    before = freshness.inputs(book.root)
    assert freshness.inputs(book.root) == before
    book.append(name, "\n")
    assert freshness.inputs(book.root) != before


@pytest.mark.parametrize("name", ["requirements.lock", "interactive/new.mjs", "chapters/three.md"])
def test_a_new_file_counts_and_so_does_a_renamed_one(book, name):
    before = freshness.inputs(book.root)
    book.write(name, "")
    after = freshness.inputs(book.root)
    assert after != before
    (book.root / name).rename(book.root / "other.txt")
    assert freshness.inputs(book.root) not in (before, after)


@pytest.mark.parametrize("name", ["_build/x", "tests/x.py", "code/mini/__pycache__/x", ".git/x"])
def test_what_no_page_shows_does_not_count(book, name):
    before = freshness.inputs(book.root)
    book.write(name, "something")
    assert freshness.inputs(book.root) == before


def test_packages_the_program_and_dates_count(book, monkeypatch, tmp_path):
    seen = {freshness.inputs(book.root)}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    seen.add(freshness.inputs(book.root))
    monkeypatch.setattr(freshness, "last_change", lambda root, form: "2")
    seen.add(freshness.inputs(book.root))
    monkeypatch.setattr(freshness, "_installed", lambda: ["numpy-9.dist-info"])
    seen.add(freshness.inputs(book.root))
    program = shutil.copytree(freshness.PROGRAM, tmp_path / "program")
    (program / "new.py").touch()
    monkeypatch.setattr(freshness, "PROGRAM", program)
    seen.add(freshness.inputs(book.root))
    assert len(seen) == 5


@pytest.fixture
def built(book):
    for name in ("html/index.html", "notebooks/one.ipynb", "book.pdf", "book.epub"):
        book.write(f"_build/{name}", "made")
    freshness.note(book.root, freshness.PLACES, "these")
    return book


def current(book, made_from="these"):
    return {n for n in freshness.PLACES if freshness.is_current(book.root, [n], made_from)}


def test_what_was_made_from_the_same_is_current(built):
    assert current(built) == {"epub", "notebooks", "pdf", "site"}
    assert freshness.is_current(built.root, freshness.PLACES, "these")
    assert current(built, "others") == set()


@pytest.mark.parametrize("name", freshness.PLACES)
def test_a_product_that_is_gone_is_made_again(built, name):
    path = built.root / "_build" / freshness.PLACES[name]
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert current(built) == {"epub", "notebooks", "pdf", "site"} - {name}


def test_each_product_is_remembered_with_its_own_sources(built):
    freshness.note(built.root, ["pdf"], "these")
    assert current(built) == {"epub", "notebooks", "pdf", "site"}
    freshness.note(built.root, ["pdf"], "others")
    assert current(built, "others") == {"pdf"}
    assert current(built) == {"epub", "notebooks", "site"}  # which lie there as they were
