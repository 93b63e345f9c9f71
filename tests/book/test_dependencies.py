"""A chapter's hash changes with every file it imports, and with no other."""

import pytest

from bookbuild import dependencies
from bookbuild.chapters import chapter
from bookbuild.dependencies import imported_files, imported_names, stamped
from bookbuild.safety import BuildError


@pytest.fixture
def files(book):
    def found(name):
        paths = imported_files(book.read(name), book.root / "code")
        return {str(path.relative_to(book.root / "code")) for path in paths}

    return found


def cell(code):
    return f"\n```{{code-cell}} ipython3\n{code}\n```\n"


def test_a_chapter_depends_on_what_it_imports(files):
    assert files("chapters/one.md") == {"mini/__init__.py", "mini/first.py"}


@pytest.mark.parametrize(
    "statement",
    [
        "import mini.second",
        "from mini import second as other",
        "from mini.second import VALUE",
        "from . import second",
        "from .second import VALUE",
        "def later():\n    import mini.second",
    ],
)
def test_imports_are_followed_through_modules(book, files, statement):
    book.write("code/mini/first.py", f"VALUE = 1\n{statement}\n")
    assert "mini/second.py" in files("chapters/one.md")


def test_a_relative_import_in_a_cell_or_beyond_the_package_does_no_harm(files, book):
    book.write("code/mini/first.py", "from ... import second\n")
    book.append("chapters/one.md", cell("from . import second"))
    assert files("chapters/one.md") == {"mini/__init__.py", "mini/first.py"}


def test_parents_of_a_parent_are_followed(book, files):
    book.write("code/mini/deep/__init__.py", "")
    book.write("code/mini/deep/third.py", "from ..second import VALUE\n")
    book.append("chapters/one.md", cell("import mini.deep.third"))
    assert {"mini/second.py", "mini/deep/__init__.py"} <= files("chapters/one.md")


def test_a_check_depends_on_the_checks_of_its_chapter():
    assert "weighted_sums.exercises.digits" in imported_names('check("digits.mean", f)')
    assert not list(imported_names('uncheck("digits.mean", f)'))


def test_a_module_that_is_no_python_is_named_with_its_line(book, files):
    book.append("code/mini/first.py", "def (:\n")
    with pytest.raises(BuildError, match=r"mini/first\.py:2: this is no Python"):
        files("chapters/one.md")


def test_a_chapter_depends_on_the_recorded_tables_that_it_shows(book, files):
    book.write("code/weighted_sums/results/times.csv", "seconds\n1\n")
    book.write("code/weighted_sums/results/other.csv", "seconds\n1\n")
    book.append("chapters/one.md", cell('rows = recorded.table("times").rows'))
    found = files("chapters/one.md")
    assert "weighted_sums/results/times.csv" in found
    assert "weighted_sums/results/other.csv" not in found


def test_a_chapter_depends_on_the_document_that_a_module_of_it_reads(book, files):
    book.write("code/weighted_sums/results/run.json", "{}\n")
    book.write("code/mini/reader.py", 'def last():\n    return recorded.load_json("run")\n')
    assert "weighted_sums/results/run.json" not in files("chapters/one.md")
    book.append("chapters/one.md", cell("import mini.reader"))
    assert "weighted_sums/results/run.json" in files("chapters/one.md")


def test_magics_and_broken_cells_do_not_hide_the_other_imports(book, files):
    for code in ("%matplotlib inline\n!ls", "this is no Python", "import mini.second"):
        book.append("chapters/one.md", cell(code))
    assert "mini/second.py" in files("chapters/one.md")


def hashed(book, name):
    text, _ = stamped(book.read(name), book.root)
    return chapter(text).front["kernelspec"]["depends"]


def test_only_the_chapters_that_use_a_module_change_with_it(book):
    before = hashed(book, "chapters/one.md"), hashed(book, "chapters/two.md")
    book.append("code/mini/first.py", "# a word\n")
    assert hashed(book, "chapters/one.md") != before[0]
    assert hashed(book, "chapters/two.md") == before[1]


def test_other_packages_and_other_rules_change_every_chapter(book):
    seen = {hashed(book, "chapters/one.md")}
    book.write("requirements.lock", "numpy==1.0\n")
    seen.add(hashed(book, "chapters/one.md"))
    (book.root / "_ext").unlink()
    book.write("_ext/bookbuild/verdicts.py", "EXPECTED = {}\n")
    seen.add(hashed(book, "chapters/one.md"))
    assert len(seen) == 3


def test_the_stamp_leaves_every_line_in_its_place(book):
    text = book.read("chapters/one.md")
    changed, _ = stamped(text, book.root)
    assert len(changed.splitlines()) == len(text.splitlines())
    assert changed.split("---", 2)[2] == text.split("---", 2)[2]
    assert chapter(changed).front["kernelspec"]["name"] == "python3"


def test_a_page_without_a_kernel_is_left_alone(book):
    assert stamped("# A title\n", book.root) == ("# A title\n", set())


def test_a_renamed_file_counts_as_a_change(book):
    first = book.root / "code/mini/first.py"
    before = dependencies.fingerprint([first], book.root)
    other = first.rename(first.with_name("renamed.py"))
    assert dependencies.fingerprint([other], book.root) != before
