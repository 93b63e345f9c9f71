"""A published site says where it is and what its pages hold; an unpublished one invents nothing."""

import io
import re
import shutil
import subprocess
import sys
import textwrap
import types
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from docutils import nodes
from PIL import Image, ImageChops, ImageStat
from sphinxext.opengraph._social_cards import create_social_card

from bookbuild import publishing

ROOT = Path(__file__).resolve().parents[2]
CARDS = "_images/social_previews"
ADDRESS = "https://books.example/sums/"


@pytest.fixture(scope="module")
def sites(make_book, tmp_path_factory):
    """The small book built with an address, copied, and then in the same folder without one."""
    book = make_book(tmp_path_factory.mktemp("published"))
    front = book.read("chapters/one.md").replace("# One\n", '# One\n\nIs "a" < b & c?\n', 1)
    book.write("chapters/one.md", front)
    named = book.read("chapters/two.md").replace("---\n", '---\ndescription: In "short".\n', 1)
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


def test_the_sitemap_lists_every_page_at_its_address(sites):
    text = (sites.with_address / "sitemap.xml").read_text("utf-8")
    places = [node.text for node in ElementTree.fromstring(text).iter() if node.tag.endswith("loc")]
    names = ("index", "one", "two")
    assert places == [f"{ADDRESS}chapters/{name}.html" for name in names]


def test_a_page_says_where_it_is_and_shows_its_card_where_it_is_shared(sites):
    found = tags(sites.with_address / "chapters/one.html")
    assert found["canonical"] == [f"{ADDRESS}chapters/one.html"] == [found["og:url"]]
    assert (found["og:title"], found["og:site_name"]) == ("1 One", "Weighted Sums")
    assert found["og:description"] == found["description"] == "Is “a” &lt; b &amp; c?"
    assert found["og:image:alt"] == "Weighted Sums: 1 One"
    path = sites.with_address / found["og:image"].removeprefix(ADDRESS)
    size = (int(found["og:image:width"]), int(found["og:image:height"]))
    with Image.open(path) as card:
        assert card.size == size
        colours = dict(map(reversed, card.convert("RGB").getcolors(10**6)))
    assert {(255, 255, 255), (29, 58, 95)} <= colours.keys()
    assert path.stat().st_size <= 150_000


def test_every_page_has_one_card_and_a_card_is_the_same_each_time(sites, tmp_path):
    cards = sorted((sites.with_address / CARDS).iterdir())
    named = {tags(page)["og:image"] for page in (sites.with_address / "chapters").rglob("*.html")}
    assert {f"{ADDRESS}{CARDS}/{card.name}" for card in cards} == named
    config = publishing.SETTINGS["ogp_social_cards"]
    drawn = [
        create_social_card(
            config, "Book", "A & B", "Words.", "url", "a",
            srcdir=ROOT, outdir=tmp_path / name, env=types.SimpleNamespace(),
        )
        for name in ("first", "second")
    ]  # fmt: skip
    first, second = ((tmp_path / name / drawn[0]).read_bytes() for name in ("first", "second"))
    assert first == second


def test_the_logo_of_the_cards_is_the_logo_of_the_site(tmp_path):
    with Image.open(ROOT / publishing.LOGO) as kept:
        command = ["rsvg-convert", f"--width={kept.width}", str(ROOT / "assets/logo.svg")]
        drawn = io.BytesIO(subprocess.run(command, check=True, capture_output=True).stdout)
        with Image.open(drawn) as now:
            difference = ImageChops.difference(kept.convert("RGBA"), now.convert("RGBA"))
    assert max(ImageStat.Stat(difference).mean) < 1


def test_the_front_door_is_introduced_like_the_front_page(sites):
    front, door = (tags(sites.with_address / n) for n in ("chapters/index.html", "index.html"))
    assert door["canonical"] == [f"{ADDRESS}chapters/index.html"]
    assert {key: front[key] for key in door} == door
    assert {"description", "og:title", "og:image"} <= door.keys()
    for site in (sites.with_address, sites.without):
        assert 'content="0; url=chapters/index.html"' in (site / "index.html").read_text("utf-8")


def test_without_an_address_no_page_names_one(sites):
    assert not (sites.without / "sitemap.xml").exists()
    assert not (sites.without / CARDS).exists()
    for page in pages(sites.without):
        assert ADDRESS not in page.read_text("utf-8"), page
        found = tags(page)
        assert found["canonical"] == []
        assert not [name for name in found if name.startswith("og:")]


def test_every_page_describes_itself_with_and_without_an_address(sites):
    for site in (sites.with_address, sites.without):
        for page in pages(site):
            assert tags(page)["description"].strip(), page
    assert tags(sites.without / "chapters/one.html")["description"] == "Is “a” &lt; b &amp; c?"
    assert tags(sites.without / "chapters/two.html")["description"] == "In &quot;short&quot;."


def leads(site, page, asked, prefix):
    """The links of a page into the site that lead nowhere when it is shown at the path `asked`."""
    text = page.read_text("utf-8")
    links = re.findall(r'\b(?:href|src|action|data-content_root)="([^"#][^"]*)"', text)
    paths = [urlsplit(urljoin(asked, link)).path for link in links if not urlsplit(link).scheme]
    assert len(paths) > 10
    return [p for p in paths if not (site / unquote(p.removeprefix(prefix))).exists()]


@pytest.mark.parametrize("asked", ["gone.html", "chapters/gone", "a/b/c/d/gone.html"])
def test_the_missing_page_works_at_any_depth_and_offers_the_search(sites, asked):
    for site, prefix in ((sites.with_address, "/sums/"), (sites.without, "/")):
        page = site / "404.html"
        assert leads(site, page, prefix + asked, prefix) == []
        assert tags(page)["canonical"] == []
        form = re.search(rf'<article.*?action="{prefix}search.html".*?</article>',
                         page.read_text("utf-8"), re.S)  # fmt: skip
        assert form and 'name="q"' in form[0] and f'href="{prefix}chapters/index.html"' in form[0]


def test_an_ordinary_page_would_not_work_at_another_depth(sites):
    page = sites.with_address / "search.html"
    assert leads(sites.with_address, page, "/sums/a/b/c/gone.html", "/sums/") != []


def test_what_a_crawler_or_a_card_needs_costs_readers_nothing(sites):
    for page in pages(sites.with_address):
        loaded = re.findall(r'<(?:img|script|source)[^>]*src="([^"]*)"', page.read_text("utf-8"))
        assert not [link for link in loaded if "social_previews" in link or urlsplit(link).scheme]


@pytest.mark.parametrize("wrong", ["books.example/sums", "https://", "ftp://a/b", "https://a b/"])
def test_an_address_that_is_none_is_refused(monkeypatch, wrong):
    monkeypatch.setenv("BOOK_URL", wrong)
    with pytest.raises(publishing.ConfigError, match=re.escape(repr(wrong))):
        publishing.address(types.SimpleNamespace(html_baseurl=""))


def test_an_address_is_taken_from_the_environment_before_the_configuration(monkeypatch):
    config = types.SimpleNamespace(html_baseurl="https://old.example")
    assert publishing.address(config) == "https://old.example/"
    monkeypatch.setenv("BOOK_URL", "https://new.example/a/")
    assert publishing.address(config) == "https://new.example/a/"


@pytest.mark.parametrize(
    ("prose", "taken"),
    [
        ("A neuron is small. It adds 0.5 and 1.5. It answers", None),
        ("word " * 100 + "end.", "word " * 39 + "…"),
        ("", None),
    ],
)
def test_a_description_is_the_first_words_that_fit(prose, taken):
    note = nodes.note("", nodes.paragraph("", "Not this."))
    page = nodes.section("", note, nodes.paragraph("", prose), nodes.paragraph("", "Nor this."))
    assert publishing.first_words(page) == (prose if taken is None else taken)


def test_a_build_for_an_address_leaves_no_process_behind(tmp_path):
    script = """
        import psutil, types
        import sphinx_sitemap
        from bookbuild import publishing
        app = types.SimpleNamespace()
        app.builder = types.SimpleNamespace(env=types.SimpleNamespace(app=app))
        sphinx_sitemap.record_builder_type(app)
        before = len(psutil.Process().children())
        publishing.without_a_process(app)
        app.sitemap_links.put(1)
        print(before, len(psutil.Process().children()), app.sitemap_links.get_nowait())
    """
    path = tmp_path / "script.py"
    path.write_text(textwrap.dedent(script))
    run = subprocess.run(
        [sys.executable, str(path)],
        env={"PYTHONPATH": str(ROOT / "_ext")},
        capture_output=True,
        text=True,
    )
    assert run.stdout == "1 0 1\n", run.stderr
