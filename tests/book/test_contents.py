"""Sidebar, cards, map and foot of a small book, from its table of contents and its chapters."""

import json
import re
import shutil

import pytest
from small_book import CHAPTER

REPOSITORY = "https://github.com/someone/book"
RECALL = """
```{admonition} What was One about?
:class: recall
About one. ({ref}`ch-one`)
```

```{admonition} And once more?
:class: recall
The same. ({ref}`ch-one`)
```
"""
OVERVIEW = """
```{chapter-cards}
```

```{chapter-map}
```
"""
FRONT = "question: What is {}?\nable: [see]\n---\n\n(ch-{})=\n# "


def told(book, name, key):
    text = book.read(f"chapters/{name}.md").replace("---\n\n# ", FRONT.format(name, key), 1)
    book.write(f"chapters/{name}.md", text)


@pytest.fixture(scope="module")
def built(make_book, executed, tmp_path_factory):
    """A small book with an overview of itself and a repository, and its notebooks."""
    book = make_book(tmp_path_factory.mktemp("overview"))
    shutil.copytree(executed.root / "_build/cache", book.root / "_build/cache")
    for name in ("one", "two"):
        told(book, name, name)
    book.append("chapters/two.md", RECALL)
    book.write("chapters/index.md", CHAPTER.format(title="Small", module="first") + OVERVIEW)
    settings = book.read("_config.yml").replace('url: ""', f"url: {REPOSITORY}", 1)
    book.write("_config.yml", settings)
    done = book.build("site", SOURCE_DATE_EPOCH="1700000000")
    assert done.returncode == 0, done.stderr
    return book


def page(book, name):
    return book.read(f"_build/html/chapters/{name}.html")


def test_cards_carry_number_title_and_question(built):
    cards = re.findall(r'<li><a href="([^"]*)">(.*?)</a></li>', page(built, "index"), re.S)
    text = [re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", card)).strip() for _, card in cards]
    assert [address for address, _ in cards] == ["one.html", "two.html"]
    assert text == ["1 One What is one?", "2 Two What is two?"]


def test_the_map_joins_a_chapter_to_those_that_its_recall_questions_name(built):
    links = re.findall(
        r'<a href="(\w+)\.html" aria-label="([^"]*)">(.*?)</a>', page(built, "index"), re.S
    )
    names = {name: (label, body.count("<path")) for name, label, body in links}
    assert names == {"one": ("1, One", 0), "two": ("2, Two: recalls 1", 1)}


def test_the_sidebar_opens_the_part_of_the_page(built):
    assert "<details open>\n    <summary>Part I: Minimal" in page(built, "one")
    (current,) = re.findall(r'data-page="([^"]*)" aria-current="page"', page(built, "one"))
    assert current == "chapters/one"


def test_a_notebook_lists_the_parts_in_place_of_cards_and_leaves_the_map_out(built):
    cells = json.loads(built.read("_build/html/notebooks/00-index.ipynb"))["cells"]
    text = "".join("".join(cell["source"]) for cell in cells)
    assert re.search(r"\*\*Part I: Minimal\*\*: \[One\]\([^)]*\), \[Two\]\([^)]*\)\.", text)
    assert "Map" not in text


def test_the_foot_asks_for_mistakes_with_page_and_version_where_there_is_a_repository(built):
    (link,) = re.findall(r'href="([^"]*/issues/new[^"]*)"', page(built, "one"))
    assert link.startswith(f"{REPOSITORY}/issues/new?title=Mistake%20in%20chapters/one")
    assert "Page%3A%20chapters/one%0AVersion%3A" in link
    assert "14%20November%202023" in link
    assert "text of 14 November 2023" in page(built, "one")


def test_without_a_repository_the_foot_leaves_it_out(book):
    assert book.build("site").returncode == 0
    assert "issues/new" not in page(book, "one")


def test_a_thumbnail_of_a_figure_that_is_not_there_stops_the_build(book):
    text = book.read("chapters/one.md").replace("---\n\n# ", "thumbnail: fig-gone 1\n---\n\n# ", 1)
    book.write("chapters/one.md", text)
    done = book.build("site")
    assert done.returncode != 0
    assert "chapters/one.md has no drawing fig-gone for its thumbnail" in done.stderr + done.stdout
