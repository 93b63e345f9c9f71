"""One small book in all its forms: the printed pages, the EPUB, the zip of the site, the index."""

import re
import shutil
import subprocess
import zipfile
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from checkout import once
from small_book import Book

SETTINGS = {"BOOK_URL": "https://books.example/sums", "SOURCE_DATE_EPOCH": "1750000000"}
LONG = "What would you expect of a title that does not fit into a single line of a page, and "
ONE = """
```{admonition} Short?
:class: dropdown recall
Yes.
```

```{admonition} LONG would not stop there?
:class: dropdown recall
That it goes on in the next line, said the secretanswer.
```

**{term}`slope`s** lead to {ref}`ch-two` and {numref}`tab-far`.

```{prf:theorem} LONG that is a theorem
:label: thm-one
Something follows by {eq}`far`.
```

```{prf:proof}
Clearly.
```

```{admonition} What people get wrong
:class: misconception
Nothing.
```

```{exercise-start} A task (a proof, hard)
:label: ex-one
```
Do it.

```{admonition} Hint
:class: dropdown
Begin with secrethint.
```
```{exercise-end}
```

```{solution-start} ex-one
:label: sol-one
:class: dropdown
```
It is secretsolution, by {prf:ref}`thm-one`.
```{solution-end}
```
"""
LAST = """# Last words

See {ref}`ch-two`.

```{glossary}
slope
  How steep a line is.
```

```{figure} ../assets/logo.svg
:name: fig-sign
:alt: A sign
A sign.[ It can be dragged.]{.live}[ It keeps still.]{.still}
```
"""
TWO = """
FILLER

```{table} Far away
:name: tab-far

| a | b |
|---|---|
| c | d |
```

$$
y = x
$$ (far)

A {term}`slope` is used. A **bold word** is no term.
See <a href="../book.pdf">a file</a>.
"""


def written(book):
    front = (
        'part_figure: fig-sign\npart_text: "This part has openingwords."\n---\n\n# One\n\n(ch-one)='
    )
    chapter = book.read("chapters/one.md").replace("---\n\n# One\n", f"{front}\n", 1)
    book.write("chapters/one.md", chapter + ONE.replace("LONG", LONG))
    two = book.read("chapters/two.md").replace("# Two", "(ch-two)=\n# Two", 1)
    filler = "\n\n".join(["A paragraph that fills the page. " * 30] * 9)
    book.write("chapters/two.md", two + TWO.replace("FILLER", filler))
    book.write("chapters/last.md", LAST)
    book.write("chapters/terms.md", "(words)=\n# All terms\n\n```{index-of-terms}\n```\n")
    book.append("_toc.yml", "  - caption: Appendix\n    chapters:\n")
    book.append("_toc.yml", "      - file: chapters/last\n      - file: chapters/terms\n")


@pytest.fixture(scope="module")
def made(make_book, tmp_path_factory):
    """The folder of what was built, and the words of each printed page."""

    def make(folder):
        book = make_book(folder)
        written(book)
        done = book.build("book", **SETTINGS)
        assert done.returncode == 0, done.stderr
        (folder / "root").symlink_to(book.root)

    root = once(tmp_path_factory, "whole", make) / "root"
    line = ["pdftotext", "-layout", root / "_build/book.pdf", "-"]
    text = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    log = (root / "_build/work/latex/book.log").read_text("utf-8", "replace")
    return SimpleNamespace(built=root / "_build", pages=text.split("\f"), log=log)


def page_of(made, words) -> int:
    """The number of the first printed page that has these words."""
    pages = [" ".join(page.split()) for page in made.pages]
    (first,) = [number for number, page in enumerate(pages) if "A small book." in page]
    return next(n for n, page in enumerate(pages) if words in page and n >= first) - first + 1


def line_of(made, words) -> str:
    return next(row for page in made.pages for row in page.splitlines() if words in row)


def test_titles_of_boxes_break_and_nothing_is_cut(made):
    assert re.findall(r"Overfull \\hbox \((?:[3-9]|\d\d)\S*pt.*", made.log) == []
    for last in ("would not stop there?", "that is a theorem"):
        assert page_of(made, last)
    assert page_of(made, "Proof. Clearly.") == page_of(made, "that is a theorem")


def test_hints_and_answers_stand_at_the_end_and_each_side_names_the_page_of_the_other(made):
    for secret, here in (
        ("secrethint", r"Hint on p\. (\d+)"),
        ("secretsolution", r"Hint on p.*Answer on p\. (\d+)"),
        ("secretanswer", r"stop there\?\s+Answer on p\. (\d+)"),
    ):
        there = page_of(made, secret)
        assert there > page_of(made, "Far away")
        text = "\n".join(made.pages)
        assert int(re.search(here, text)[1]) == there
    assert f"by Theorem 1.1 on p. {page_of(made, 'lead to')}" in text
    back = re.search(r"Exercise 1\.1 A task · a proof, hard\s+p\. (\d+)", "\n".join(made.pages))
    assert int(back[1]) == page_of(made, "Do it.")


def test_a_reference_names_the_page_of_what_is_far_away_and_the_chapter(made):
    last = " ".join(line_of(made, "See Two").split())
    assert last == f"See Two (chapter 2, p. {page_of(made, 'Chapter 2 Two')})."
    assert "to Two and" in line_of(made, "lead to")  # which begins on the next page
    assert f"on p. {page_of(made, 'Far away')}" in line_of(made, "lead to") + "".join(made.pages)
    near = line_of(made, "Something follows by")
    assert f"(2.1) on p. {page_of(made, 'A slope is used')}" in near


def test_a_part_opens_with_a_picture_and_words_and_contents_begin_with_one_page(made):
    (opening,) = [page for page in made.pages if "openingwords" in page]
    assert "Part I" in opening and "Minimal" in opening
    overview = next(page for page in made.pages if "Contents at a glance" in page)
    assert "1 One" in " ".join(re.sub(r"[.\s]+", " ", overview).split())
    assert "Hints and answers" in overview


def test_pages_bear_the_title_of_their_chapter(made):
    (page,) = [page for page in made.pages if "Far away" in page]
    assert page.strip().startswith("2 ") and "Two" in page.strip().splitlines()[0]


def test_the_printed_index_names_where_a_term_is_defined_and_used(made):
    index = made.pages[-2] if made.pages[-1].strip() == "" else made.pages[-1]
    (pages,) = re.findall(r"slope,([\d, ]+)", index)
    defined, used = page_of(made, "lead to"), page_of(made, "A slope is used")
    assert {defined, used} <= {int(number) for number in pages.split(",")}
    assert "bold word" not in index
    idx = (made.built / "work/latex/book.idx").read_text("utf-8")
    assert re.search(rf"slope.*spxpagem.*\{{{defined}\}}", idx)


def test_the_index_on_the_site_names_sections_and_sets_definitions_in_bold(made):
    page = (made.built / "html/chapters/terms.html").read_text("utf-8")
    entry = page[page.index('class="index-of-terms') :].partition("</ul>")[0]
    links = re.findall(r'(<strong>)?<a class="reference internal" href="([^"]*)">([^<]*)', entry)
    assert [(bool(bold), text) for bold, _, text in links] == [
        (False, "slope"), (True, "1"), (False, "2"),
    ]  # fmt: skip
    anchor = links[1][1].partition("#")[2]
    assert f'id="{anchor}"' in (made.built / "html/chapters/one.html").read_text("utf-8")
    assert "bold word" not in entry


def test_the_epub_is_sound_and_has_no_scripts(made):
    with zipfile.ZipFile(made.built / "book.epub") as book:
        first, *names = book.infolist()
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert book.read("mimetype") == b"application/epub+zip"
        pages = {i.filename: book.read(i).decode() for i in names if i.filename.endswith("xhtml")}
        manifest = book.read("content.opf").decode()
        held = {info.filename for info in names}
    for name, page in pages.items():
        ElementTree.fromstring(page)  # XML, not only HTML
        assert "<script" not in page and "book.pdf" not in page
        assert ("<math" in page) == (
            f'href="{name}"' in manifest and "mathml" in item(manifest, name)
        )
        for target in re.findall(r'src="([^"]+)"', page):
            assert f"chapters/{target}".replace("chapters/../", "") in held
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML"' in pages["chapters/two.xhtml"]
    assert "A sign" in re.search('alt="([^"]*)"', pages["chapters/last.xhtml"])[1]


def test_each_form_has_the_words_on_what_it_shows(made):
    with zipfile.ZipFile(made.built / "book.epub") as book:
        epub = book.read("chapters/last.xhtml").decode()
    for text in (epub, "\n".join(made.pages)):
        assert "It keeps still." in text and "It can be dragged." not in text
    page = (made.built / "html/chapters/last.html").read_text("utf-8")
    assert '<span class="live"> It can be dragged.</span>' in page
    assert '<span class="still"> It keeps still.</span>' in page
    index = (made.built / "html/_static/search-index.js").read_text("utf-8")
    assert "A sign. It can be dragged." in index and "It keeps still." not in index


def item(manifest: str, name: str) -> str:
    return re.search(f'<item [^>]*href="{name}"[^>]*>', manifest)[0]


def test_another_folder_gives_the_same_epub_byte_by_byte(made, tmp_path):
    leave = shutil.ignore_patterns("work", "html", "notebooks", "stamp.json", "book.*")
    shutil.copytree(made.built.parent, tmp_path / "again", symlinks=True, ignore=leave)
    again = Book(tmp_path / "again")
    done = again.build("epub", **SETTINGS)
    assert done.returncode == 0, done.stderr
    first, second = (root / "book.epub" for root in (made.built, again.root / "_build"))
    assert first.read_bytes() == second.read_bytes()


def test_the_zip_holds_the_site_as_it_stands(made):
    site = made.built / "html"
    with zipfile.ZipFile(site / "weighted-sums-site.zip") as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    files = {path for path in site.rglob("*") if path.is_file() and path.suffix != ".zip"}
    files |= {site / "notebooks/weighted-sums-notebooks.zip"}
    assert packed == {f"weighted-sums/{p.relative_to(site)}": p.read_bytes() for p in files}
    assert {"weighted-sums/book.pdf", "weighted-sums/book.epub"} <= packed.keys()


def test_the_menu_offers_all_forms_and_colab_where_the_address_is_known(made):
    page = (made.built / "html/chapters/one.html").read_text("utf-8")
    links = re.findall(r'<a href="([^"]*)"[^>]*\bbtn-download-(\w+)-button', page)
    links = dict((kind, target) for target, kind in links)
    notebook = "https%3A%2F%2Fbooks.example%2Fsums%2Fnotebooks%2F01-one.ipynb"
    assert links == {
        "ipynb": "../notebooks/01-one.ipynb",
        "zip": "../notebooks/weighted-sums-notebooks.zip",
        "pdf": "../book.pdf",
        "epub": "../book.epub",
        "colab": f"https://colab.research.google.com/#fileId={notebook}",
    }
    notebook = (made.built / "notebooks/01-one.ipynb").read_text("utf-8")
    assert "https://books.example/sums/notebooks/wheel/mini-1-py3-none-any.whl" in notebook
