"""Python in the page: its files are believed by their hashes alone, and a book can do without."""

import hashlib
import json
import re
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from checkout import ROOT

from bookbuild import running, runtime

STATIC = ROOT / "_build" / "html" / "_static"
CONTENT = {name: name.encode() for name in ("first.wasm", "second.whl")}


@pytest.fixture
def pinned(monkeypatch):
    """Pins of two small files."""
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in CONTENT.items()}
    monkeypatch.setattr(runtime, "FILES", hashes)


def courier(path, files):
    with zipfile.ZipFile(path, "w") as wheel:
        for name, content in files.items():
            wheel.writestr(f"anywhere/{name}", content)
    return path


def test_a_courier_is_believed_by_the_hashes_of_what_it_carries(tmp_path, pinned):
    assert runtime._carried(courier(tmp_path / "good.whl", CONTENT)) == CONTENT
    forged = courier(tmp_path / "forged.whl", {**CONTENT, "first.wasm": b"something else"})
    with pytest.raises(ValueError, match=r"first\.wasm has the SHA-256"):
        runtime._carried(forged)
    with pytest.raises(ValueError, match=r"short\.whl does not carry second\.whl"):
        runtime._carried(courier(tmp_path / "short.whl", {"first.wasm": CONTENT["first.wasm"]}))


def refuse(*given, **named):
    raise OSError("there is no network")


def test_files_that_cannot_be_had_are_told_in_a_sentence_and_leave_nothing(
    tmp_path, pinned, monkeypatch, capsys
):
    monkeypatch.setattr(runtime.urllib.request, "urlopen", refuse)
    monkeypatch.setattr(runtime, "_wheel", refuse)
    monkeypatch.setattr(
        runtime, "fetch", lambda fetch=runtime.fetch: fetch(tmp_path / "share" / "x")
    )
    assert runtime.main() == 1
    told = capsys.readouterr().err
    assert told == "The site will be made without Python in the page: there is no network\n"
    assert list((tmp_path / "share").iterdir()) == []


def test_the_release_is_asked_first_and_the_courier_where_it_does_not_answer(
    tmp_path, pinned, monkeypatch
):
    asked = []
    monkeypatch.setattr(runtime.urllib.request, "urlopen", refuse)
    monkeypatch.setattr(runtime, "_take_editor", lambda wheel, folder: None)
    given = courier(tmp_path / "wheel.whl", CONTENT)
    monkeypatch.setattr(runtime, "_wheel", lambda name, folder: asked.append(name) or given)
    runtime.fetch(tmp_path / "store")
    assert {p.name: p.read_bytes() for p in (tmp_path / "store").glob("*.w*")} == CONTENT
    assert asked == runtime.PINNED["couriers"]
    runtime.fetch(tmp_path / "store")  # what is there is not fetched again
    assert len(asked) == 2


def test_every_pin_is_a_hash_and_every_courier_is_pinned():
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in runtime.FILES.values())
    assert all(
        re.search(r"==\S+ --hash=sha256:[0-9a-f]{64}$", c) for c in runtime.PINNED["couriers"]
    )
    told = "\n".join(runtime.licences())
    assert all(name in told for name in ("NumPy", "Matplotlib", "Pyodide", "MPL-2.0", "BSD"))


def page(tmp_path, monkeypatch, store):
    """What the page of a small chapter would load."""
    monkeypatch.setattr(runtime, "STORE", store)
    (tmp_path / "interactive" / "run").mkdir(parents=True)
    (tmp_path / "interactive" / "run" / "main.mjs").touch()
    (tmp_path / "_build").mkdir()
    (tmp_path / "one.md").write_text(Path(ROOT, "chapters/neurons/networks.md").read_text("utf-8"))
    added = []
    app = SimpleNamespace(
        srcdir=tmp_path,
        outdir=tmp_path / "out",
        builder=SimpleNamespace(name="html"),
        add_js_file=lambda name, **named: added.append((name, named)),
    )
    running.link(app, "one", "page.html", {}, doctree=True)
    if not store.is_dir():
        running.copy(app, None)
    return added


def test_without_the_files_a_page_is_made_as_it_would_be_without(tmp_path, monkeypatch, capsys):
    assert page(tmp_path, monkeypatch, tmp_path / "nothing") == []
    assert "without Python" in capsys.readouterr().out
    assert not (tmp_path / "out").exists()


def test_with_the_files_a_page_names_them_by_their_content(tmp_path, monkeypatch):
    (tmp_path / "store").mkdir()
    with zipfile.ZipFile(tmp_path / "store" / "python_stdlib.zip", "w") as library:
        for name in sys.stdlib_module_names:
            library.writestr(f"{name}.py", "")
    ((name, places),) = page(tmp_path, monkeypatch, tmp_path / "store")
    assert re.fullmatch(r"interactive-[0-9a-f]{16}/run/main\.mjs", name)
    assert places["data-runtime"] == f"{running.folder()}/"
    assert re.fullmatch(r"python-book-[0-9a-f]{16}\.zip", places["data-book"])
    told = json.loads((tmp_path / "out" / "_static" / "cells" / "one.json").read_text("utf-8"))
    assert told[0] == {"source": "", "tags": []}  # text
    assert places["data-lacking"] == "{}"
    assert any(cell["source"].startswith("import json") for cell in told)


# the built book
BUILT = sorted(STATIC.glob("python-[0-9]*"))
built = pytest.mark.skipif(not BUILT, reason="this site has no Python in its pages")


@built
def test_the_site_holds_the_pinned_files_and_names_their_licences():
    (folder,) = BUILT
    for name, digest in runtime.FILES.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert (folder / "LICENCES.txt").read_text("utf-8").strip()
    (book,) = STATIC.glob("python-book-*.zip")
    with zipfile.ZipFile(book) as archive:
        names = archive.namelist()
    assert "weighted_sums/exercises/__init__.py" in names
    assert any(re.match(r"jaxtyping-[\d.]+\.dist-info/licenses/LICENSE", name) for name in names)


@built
def test_every_starter_is_the_cell_that_its_number_says():
    seen = 0
    for path in (STATIC / "cells").rglob("*.json"):
        cells = json.loads(path.read_text("utf-8"))
        page = STATIC.parent / path.relative_to(STATIC / "cells").with_suffix(".html")
        text = page.read_text("utf-8")
        starters = [n for n, cell in enumerate(cells) if "starter" in cell["tags"]]
        classes = re.findall(r'class="([^"]*tag_starter[^"]*)"', text)
        shown = [int(re.search(r"\bcell-(\d+)", found)[1]) for found in classes]
        assert shown == starters, page.name
        seen += len(shown)
    assert seen > 100
