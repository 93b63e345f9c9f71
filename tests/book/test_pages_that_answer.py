"""What becomes of a figure that answers back: picture and payload on the site, the picture alone
in notebooks and on paper, and its modules under a name that changes with them."""

import json
import re

import nbformat
import pytest

from bookbuild import interactive

CELL = """
See [how it looks at two](#fig-push?push.w=2&push.name=a%20b).

```{code-cell} ipython3
---
mystnb:
  figure: {name: fig-push, caption: "A figure to push."}
  image: {alt: "A dot."}
---
from weighted_sums.figures.style import Drawing
from weighted_sums.workshop.interactive import Interactive

drawing = Drawing("<svg xmlns='http://www.w3.org/2000/svg'/>", b"")
Interactive("push", {"w": 1}, drawing, b"bytes")
```

```{code-cell} ipython3
---
mystnb:
  figure: {name: fig-pull, caption: "A figure with much in it."}
  image: {alt: "A dot."}
---
Interactive("pull", {"much": "<" * interactive_payload}, drawing)
```
""".replace("interactive_payload", str(interactive.LARGE))


@pytest.fixture(scope="module")
def built(tmp_path_factory, make_book):
    book = make_book(tmp_path_factory.mktemp("interactive"))
    book.append("chapters/one.md", CELL)
    book.write("interactive/main.mjs", "// wakes\n")
    book.write("interactive/interactive.css", "\n")
    book.write("interactive/figures/push.mjs", "export default {};\n")
    book.write("interactive/tests/push.test.mjs", "\n")
    done = book.build("site")
    assert done.returncode == 0, done.stderr
    return book


def figure(book):
    page = book.read("_build/html/chapters/one.html")
    return re.search("<figure.*?</figure>", page, re.S)[0]


def modules(book):
    (folder,) = (book.root / "_build/html/_static").glob("interactive-*")
    return folder


def test_the_site_has_picture_payload_and_caption(built):
    found = figure(built)
    assert re.search('<img [^>]*alt="A dot." src="[^"]*_images/[^"]*svg"', found)
    assert 'data-interactive="push"' in found and '{"w":1}' in found
    assert "A figure to push." in found and "data:image" not in found


def test_bytes_lie_in_a_file_of_their_own(built):
    (src,) = re.findall('data-src="([^"]*)"', figure(built))
    assert (built.root / "_build/html/chapters" / src).read_bytes() == b"bytes"
    assert "data-bytes" not in figure(built)


def test_a_long_payload_lies_in_a_file_of_its_own(built):
    page = built.read("_build/html/chapters/one.html")
    attributes, text = re.search(r'<script([^>]*"pull"[^>]*)>(.*?)</script>', page, re.S).groups()
    (src,) = re.findall('data-payload="([^"]*)"', attributes)
    assert text == ""
    payload = (built.root / "_build/html/chapters" / src).read_text("utf-8")
    assert json.loads(payload) == {"much": "<" * interactive.LARGE}
    assert "data-payload" not in figure(built)


def test_the_modules_are_there_without_their_tests(built):
    names = {p.name for p in modules(built).rglob("*") if p.is_file()}
    assert names == {"main.mjs", "interactive.css", "push.mjs"}


def test_only_the_page_with_the_figure_loads_them(built):
    entry = f"{modules(built).name}/main.mjs"
    one, two = (built.read(f"_build/html/chapters/{name}.html") for name in ("one", "two"))
    assert re.search(f'<script type="module" src="[^"]*{entry}', one)
    assert "main.mjs" not in two


def test_a_link_in_the_text_leads_to_the_figure_in_a_state(built):
    page = built.read("_build/html/chapters/one.html")
    (link,) = re.findall("<a [^>]*sets-figure[^>]*>", page)
    assert 'href="?push.w=2&amp;push.name=a%20b#fig-push"' in link
    assert 'id="fig-push"' in page
    (path,) = built.root.glob("_build/notebooks/*one.ipynb")
    notebook = path.read_text("utf-8")
    assert "See how it looks at two." in notebook and "push.w" not in notebook


def test_the_notebook_shows_the_picture_alone(built):
    notebook = nbformat.read(built.root / "_build/notebooks/01-one.ipynb", 4)
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    assert "data-interactive" not in str(outputs)
    assert "<svg" in str(outputs) or "image/svg" in str(outputs)


def test_a_changed_module_changes_the_name_that_pages_use(built):
    assert interactive.folder(built.root) == modules(built).name
    built.write("interactive/figures/push.mjs", "export default { title: 'other' };\n")
    assert interactive.folder(built.root) != modules(built).name
