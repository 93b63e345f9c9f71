"""Chapters are read as MyST reads them: files, front matter, cells, each with its line."""

import codecs
import shutil
from pathlib import Path

import pytest
from jupytext.cli import jupytext

from bookbuild import chapters, marks, sources
from bookbuild.safety import BuildError

ROOT = Path(__file__).resolve().parents[2]
TEXT = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {name: python3}
---

# A title

```{code-cell} ipython3
x = 1
```

~~~{code-cell}
:tags: [hide-input, remove-cell]

y = 2
~~~

````{admonition} Not a cell
```python
z = 3
```
````

```{code-block} python
z = 4
```

````{code-cell}ipython3
---
mystnb: {figure: {caption: "Words."}}
tags: [starter]
---
figures.draw(x)
````
"""


def faults(text):
    return [(mark.line, mark.text) for mark in chapters.chapter(text).of("fault")]


def test_cells_come_with_their_line_and_code():
    cells = chapters.chapter(TEXT).of("{code-cell}")
    assert [cell.text.strip() for cell in cells] == ["x = 1", "y = 2", "figures.draw(x)"]
    lines = TEXT.splitlines()
    assert all("{code-cell}" in lines[cell.line - 1] for cell in cells)


def test_every_kind_of_header_is_read():
    one, two, three = (mark.options for mark in chapters.chapter(TEXT).of("{code-cell}"))
    assert one == {}
    assert two == {"tags": ["hide-input", "remove-cell"]}
    assert three == {"mystnb": {"figure": {"caption": "Words."}}, "tags": ["starter"]}


def test_a_page_without_kernel_or_jupytext_does_not_run():
    assert chapters.chapter(TEXT).runs
    for text in (
        "# A title\n",
        "---\nkernelspec: {name: python3}\n---\n# A title\n",
        TEXT.replace("name: python3", "display_name: Python"),
        TEXT.replace("{name: python3}", ""),
        TEXT.replace("{extension: .md, format_name: myst}", "3"),
    ):
        assert not chapters.chapter(text).runs


def test_the_checks_see_the_cells_that_run():
    for path in chapters.chapter_files(ROOT):
        text = chapters.read(path)
        seen = chapters.chapter(text).of("{code-cell}")
        notebook = chapters.notebook(text)
        cells = zip(notebook.metadata["source_map"], notebook.cells, strict=True)
        run = [(line, c.metadata, c.source) for line, c in cells if c.cell_type == "code"]
        assert run == [(mark.line, mark.options, mark.text) for mark in seen]


@pytest.mark.parametrize(
    "text",
    [
        ":::{code-cell}\nx\n:::\n",
        "- ```{code-cell}\n  x\n  ```\n",
        "> ```{code-cell}\n> x\n> ```\n",
        "````{note}\n```{code-cell}\nx\n```\n````\n",
        "::::{grid}\n:::{card}\n```{code-cell}\nx\n```\n:::\n::::\n",
        "``` {code-cell}\nx\n```\n",
        "```{code-cell }\nx\n```\n",
        "```{Code-Cell}\nx\n```\n",
        "```{code_cell}\nx\n```\n",
    ],
)
def test_a_cell_that_would_not_run_is_refused_at_its_line(text):
    line = text[: text.lower().index("{code")].count("\n") + 1
    assert (line, marks.NOT_RUN) in faults(text)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("```{code-cell}\n---\ntags: [a]\n\tmystnb: {}\n---\nx\n```\n", 4, r"'\t' that cannot"),
        ("```{code-cell}\n:tags: [a\n:mystnb: {}\n\nx\n```\n", 3, "expected ',' or ']'"),
        ("```{code-cell}\n---\n- a\n---\nx\n```\n", 2, "expected `name: value`"),
        ("```{code-cell}\n:tags: starter\n\nx\n```\n", 1, "the header of a cell holds"),
        ("```{code-cell}\n:tag: [starter]\n\nx\n```\n", 1, "the header of a cell holds"),
        ("```{code-cell}\n:load: x.py\n```\n", 1, "the header of a cell holds"),
        ("```{code-cell}\n:mystnb: {figure: words}\n\nx\n```\n", 1, "the header of a cell holds"),
        ("```{code-cell}\n:mystnb: words\n\nx\n```\n", 1, "the header of a cell holds"),
        ("---\njupytext:\n\tformat: x\n---\n# A\n", 3, r"'\t' that cannot"),
        ("---\nkernelspec: {name: python3\n---\n# A\n", 2, "expected ',' or '}'"),
        ("# A\n\n```python\nx\n", 3, "this fence is never closed"),
        ("# A\n\n```{note}\n```python\nx\n```\nWords.\n```\n", 4, "this fence is never closed"),
        ("# A\n\n:::{note}\nWords.\n", 3, "this fence is never closed"),
        ("# A\n\nWords\n``{code-cell}\nx\n``\n", 3, "this looks like a directive"),
        ("# A\n\n    ```{code-cell}\n    x\n    ```\n", 3, "this looks like a directive"),
        ("# A\n\n<div>\n```{code-cell}\nx\n```\n</div>\n", 3, "no check can read this html_bl"),
        ("# A\n\n    ```{exercise-end}\n    ```\n", 3, "this looks like a directive"),
        ("# A\n\n<!-- Not yet\n\nWords.\n", 3, "no check can read this html_block"),
        ("# A\n\n+++ {\n\nWords.\n", 3, "no check can read this myst_block_break"),
        ("# A\n\n{{ accuracy }} percent.\n", 3, "no check can read this substitution"),
        ("# A\n\n{{ accuracy }}\n", 3, "no check can read this substitution"),
        ("# A\n\n```{eval-rst}\n.. image:: x.svg\n```\n", 3, "no check can read this {eval-rst}"),
        ("# A\n\n```{raw} html\n<img src=x>\n```\n", 3, "no check can read this {raw}"),
        ("# A\n\n```{nota}\nWords.\n```\n", 3, "no check can read this {nota}"),
        ("# A\n\n```{note }\nWords.\n```\n", 3, "no check can read this {note }"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text, line, message):
    found = faults(text)
    assert any(place == line and message in said for place, said in found)


def test_all_faults_of_a_chapter_are_found_at_once():
    cell = "```{code-cell}\n:tags: [\n\nx\n```\n"
    assert [line for line, _ in faults(f"# A\n\n{cell}\n{cell}")] == [4, 10]


def test_faults_are_told_with_the_name_of_the_file(tmp_path):
    path = tmp_path / "chapters" / "x.md"
    path.parent.mkdir()
    path.write_text("# A\n\n```python\n")
    with pytest.raises(BuildError, match=r"^chapters/x\.md:3: this fence is never closed$"):
        chapters.read(path)


def test_a_byte_order_mark_changes_nothing(tmp_path):
    windows = TEXT.replace("\n", "\r\n").encode()
    (tmp_path / "x.md").write_bytes(codecs.BOM_UTF8 + windows)
    assert chapters.read(tmp_path / "x.md") == TEXT


@pytest.mark.parametrize("odd", ["ö".encode("latin-1"), b"\x01", "\u2028".encode()])
def test_a_character_that_not_every_program_reads_is_named_with_its_line(tmp_path, odd):
    path = tmp_path / "chapters" / "neurons" / "x.md"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"# A\n\nZwei W" + odd + b"rter.\n")
    with pytest.raises(BuildError, match=r"^chapters/neurons/x\.md:3: save this as UTF-8 text"):
        chapters.read(path)


@pytest.fixture
def book(tmp_path):
    (tmp_path / "chapters" / "b").mkdir(parents=True)
    for name in ("index", "b/two", "b/one"):
        (tmp_path / "chapters" / f"{name}.md").write_text("# A\n")
    files = "".join(f"  - file: chapters/b/{name}\n" for name in ("two", "one"))
    (tmp_path / "_toc.yml").write_text(f"format: jb-book\nroot: chapters/index\nchapters:\n{files}")
    return tmp_path


def test_chapters_are_the_files_that_the_contents_name_in_their_order(book):
    (book / "chapters" / ".#index.md").symlink_to("nobody@nowhere.1")
    (book / "chapters" / "folder.md").mkdir()
    (book / "chapters" / "draft.md").write_text("# Not yet\n")
    names = [sources.name(path) for path in chapters.chapter_files(book)]
    assert names == ["chapters/index.md", "chapters/b/two.md", "chapters/b/one.md"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("two", "three", "_toc.yml:4: there is no file chapters/b/three.md"),
        (
            "file: chapters/b/two",
            "glob: chapters/b/*",
            "_toc.yml:4: there is no file chapters/b/*.md",
        ),
        ("  - file: chapters/b/two", "\t- file: x", "_toc.yml:4: YAML: found character"),
        ("format: jb-book", "format: book", "_toc.yml:1: 'format' key value not recognised"),
        ("b/two", "b/one", "_toc.yml:1: document file used multiple times"),
        ("root:", "rot:", "_toc.yml:1: 'root' key not found"),
    ],
)
def test_faults_of_the_contents_are_named(book, old, new, message):
    toc = book / "_toc.yml"
    toc.write_text(toc.read_text().replace(old, new))
    with pytest.raises(BuildError) as raised:
        chapters.chapter_files(book)
    assert str(raised.value).startswith(message)


TWICE = "# A\n\n```{note}\nWords.\n```\n\n```{code-cell}\nf()\n```\n\n```{code-cell}\nf()\n```\n"


@pytest.mark.parametrize("edited", [False, True])
def test_of_two_cells_alike_the_one_that_failed_is_named(tmp_path, edited):
    path, notebook = tmp_path / "x.md", chapters.notebook(TWICE)
    path.write_text("# Edited while it ran\n" if edited else TWICE)
    (last,) = (i for i, line in enumerate(notebook.metadata["source_map"]) if line == 11)
    report = chapters.failure_report(path, notebook, last, "NameError: f")
    assert report == f"{path}:11: cell 2 failed\n    f()\nNameError: f"


def meaning(text):
    """The cells of a chapter, however the YAML of their headers is written."""
    return [(c.cell_type, c.source, c.metadata) for c in chapters.notebook(text).cells]


def test_saving_in_jupyter_changes_only_how_the_headers_of_cells_are_set(tmp_path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    texts = {}
    for number, path in enumerate(chapters.chapter_files(ROOT)):
        text = chapters.read(path)
        if text.startswith("---"):
            text = text.replace("---\n", "---\ndescription: In short.\n", 1)
            texts[tmp_path / f"{number}.md"] = text
            (tmp_path / f"{number}.md").write_text(text)
    jupytext(["--quiet", "--to", "ipynb", *map(str, texts)])
    jupytext(["--quiet", "--to", "md:myst", *(str(path.with_suffix(".ipynb")) for path in texts)])
    for path, text in texts.items():
        saved = path.read_text()
        assert meaning(saved) == meaning(text)
        assert chapters.chapter(saved).front == chapters.chapter(text).front
