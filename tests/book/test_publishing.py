"""A published site says where it is and what its pages hold; an unpublished one invents nothing."""

import re
import shutil
import types
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from docutils import nodes
from PIL import Image

from bookbuild import cards, publishing

ADDRESS = "https://books.example/sums/"
FIGURE = """
```{code-cell} ipython3
---
mystnb:
  figure: {name: fig-square, caption: "A square."}
  image: {alt: "A blue \\"square\\"."}
---
from IPython.display import SVG
SVG('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" '
    'fill="#00f"/></svg>')
```
"""


@pytest.fixture(scope="module")
def sites(make_book, tmp_path_factory):
    """The small book built with an address, copied, and then in the same folder without one."""
    book = make_book(tmp_path_factory.mktemp("published"))
    book.append("chapters/one.md", FIGURE)
    named = book.read("chapters/two.md").replace("---\n", "---\ndescription: In short.\n", 1)
    book.write("chapters/two.md", named)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BOOK_URL", ADDRESS.rstrip("/"))
        done = book.build("site")
        assert done.returncode == 0, done.stderr
        # a copy: what stands there already must not pass for the site without an address
        with_address = shutil.copytree(book.root / "_build/html", book.root / "published")
        patch.delenv("BOOK_URL")
        done = book.build("site")
    assert done.returncode == 0, done.stderr
    return types.SimpleNamespace(with_address=with_address, without=book.root / "_build/html")


def pages(site):
    return [page for page in site.rglob("*.html") if "_static" not in page.parts]


def tags(page):
    """The named tags in the head of a page, its canonical link among them."""
    text = page.read_text("utf-8")
    found = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', text))
    found |= {"canonical": re.findall(r'<link rel="canonical" href="([^"]*)"', text)}
    return found


def test_the_sitemap_lists_every_page_at_its_address_and_robots_name_it(sites):
    text = (sites.with_address / "sitemap.xml").read_text("utf-8")
    places = [node.text for node in ElementTree.fromstring(text).iter() if node.tag.endswith("loc")]
    names = ("index", "one", "two")
    assert places == [f"{ADDRESS}chapters/{name}.html" for name in names]
    robots = (sites.with_address / "robots.txt").read_text()
    assert f"Sitemap: {ADDRESS}sitemap.xml" in robots


def test_a_page_says_where_it_is_and_shows_its_first_figure_where_it_is_shared(sites):
    found = tags(sites.with_address / "chapters/one.html")
    assert found["canonical"] == [f"{ADDRESS}chapters/one.html"] == [found["og:url"]]
    assert (found["og:title"], found["og:site_name"]) == ("One", "Weighted Sums")
    assert found["og:image:alt"] == "A blue &quot;square&quot;."
    assert found["og:image"] == f"{ADDRESS}_static/cards/chapters/one.png"
    path = sites.with_address / found["og:image"].removeprefix(ADDRESS)
    card = Image.open(path).convert("RGB")
    assert card.size == (1200, 630) == (int(found["og:image:width"]), int(found["og:image:height"]))
    assert card.getpixel((600, 330)) == (0, 0, 255)
    assert path.stat().st_size <= cards.MOST


def test_a_page_without_figures_shows_the_logo(sites):
    card = Image.open(sites.with_address / "_static/cards/chapters/two.png").convert("RGB")
    assert card.size == cards.SIZE
    assert len(card.getcolors(10**6)) > 8


def test_the_front_door_is_introduced_like_the_front_page(sites):
    front, door = (tags(sites.with_address / n) for n in ("chapters/index.html", "index.html"))
    assert door["canonical"] == [f"{ADDRESS}chapters/index.html"]
    assert {key: front[key] for key in door} == door
    assert {"description", "og:title", "og:image"} <= door.keys()


def test_without_an_address_no_page_names_one(sites):
    assert not (sites.without / "sitemap.xml").exists()
    assert not (sites.without / cards.FOLDER).exists()
    assert "Sitemap" not in (sites.without / "robots.txt").read_text()
    for page in pages(sites.without):
        assert ADDRESS not in page.read_text("utf-8"), page
        found = tags(page)
        assert found["canonical"] == []
        assert not {"og:url", "og:image"} & found.keys()


def test_every_page_describes_itself_with_and_without_an_address(sites):
    for site in (sites.with_address, sites.without):
        for page in pages(site):
            assert tags(page)["description"].strip(), page
    assert tags(sites.without / "chapters/one.html")["description"] == "The end of One."
    assert tags(sites.without / "chapters/two.html")["description"] == "In short."


def leads(site, page, asked):
    """The links of a page into the site that lead nowhere when it is shown at the path `asked`."""
    text = page.read_text("utf-8")
    links = re.findall(r'\b(?:href|src|action)="([^"#][^"]*)"', text)
    prefix = urlsplit(ADDRESS).path
    paths = [urlsplit(urljoin(asked, link)).path for link in links if not urlsplit(link).scheme]
    assert len(paths) > 10
    return [p for p in paths if not (site / unquote(p.removeprefix(prefix))).exists()]


@pytest.mark.parametrize("asked", ["gone.html", "chapters/gone", "a/b/c/d/gone.html"])
def test_the_page_for_lost_readers_works_at_any_depth(sites, asked):
    page = sites.with_address / "404.html"
    assert leads(sites.with_address, page, urlsplit(ADDRESS).path + asked) == []
    assert tags(page)["canonical"] == []


def test_an_ordinary_page_would_not_work_at_another_depth(sites):
    page = sites.with_address / "search.html"
    assert leads(sites.with_address, page, urlsplit(ADDRESS).path + "a/b/c/gone.html") != []


def test_what_a_crawler_or_a_card_needs_costs_readers_nothing(sites):
    for page in pages(sites.with_address):
        loaded = re.findall(r'<(?:img|script|source)[^>]*src="([^"]*)"', page.read_text("utf-8"))
        assert not [link for link in loaded if "cards/" in link or urlsplit(link).scheme]


@pytest.mark.parametrize("wrong", ["books.example/sums", "https://", "ftp://a/b", "https://a b/"])
def test_an_address_that_is_none_is_refused(monkeypatch, wrong):
    monkeypatch.setenv("BOOK_URL", wrong)
    with pytest.raises(publishing.ConfigError, match=re.escape(repr(wrong))):
        publishing.take_address(None, types.SimpleNamespace(html_baseurl=""))


def test_an_address_is_taken_from_the_environment_before_the_configuration(monkeypatch):
    config = types.SimpleNamespace(html_baseurl="https://old.example")
    publishing.take_address(None, config)
    assert config.html_baseurl == "https://old.example/"
    monkeypatch.setenv("BOOK_URL", "https://new.example/a/")
    publishing.take_address(None, config)
    assert config.html_baseurl == "https://new.example/a/"


LENGTHY = "A sentence that is as long as what a search engine shows of a page, or a little longer "
LENGTHY += "than that, though no reader minds, because it says what the chapter is for."


@pytest.mark.parametrize(
    ("prose", "count"),
    [
        ("A neuron is small. It adds up 0.5 and 1.5, and no more than that. It answers.", 3),
        (f"{LENGTHY} It goes on.", 1),
        (f"How much is 0.5 or 1.5 of it? {LENGTHY}", 1),
        ("No end", 0),
    ],
)
def test_a_description_is_the_first_sentence_and_those_after_it_that_fit(prose, count):
    note = nodes.note("", nodes.paragraph("", "Not this."))
    page = nodes.section("", note, nodes.paragraph("", prose), nodes.paragraph("", "Nor this."))
    taken = publishing.first_words(page)
    assert prose.startswith(taken)
    assert len(publishing.SENTENCE.findall(taken)) == count
    assert taken in (prose, LENGTHY) or len(taken) <= publishing.SHOWN


def test_a_description_ends_somewhere():
    page = nodes.section("", nodes.paragraph("", "word " * 100 + "end."))
    taken = publishing.first_words(page)
    assert taken.endswith("word …") and len(taken) <= publishing.LONG
