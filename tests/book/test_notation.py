"""The book has what its package names: the axes on the page on notation, and the equations."""

import ast
import re
from pathlib import Path

import pytest

from bookbuild.chapters import chapter, chapter_files, read

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "chapters" / "notation.md"
PACKAGE = ROOT / "code" / "weighted_sums"


def annotated_axes(source: str) -> set[str]:
    """The axis words in the jaxtyping annotations of some Python source."""
    tree = ast.parse(source)
    dtypes = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "jaxtyping"
        for alias in node.names
    }
    words = set()
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple)):
            continue
        if isinstance(node.value, ast.Name) and node.value.id in dtypes:
            words.update(_words(node.slice.elts[-1]))
    names = {re.sub(r"^[*#?]+", "", word) for word in words}
    return {name for name in names if name not in ("...", "_") and not name.isdigit()}


def _words(axes: ast.expr) -> list[str]:
    # a bare ... is an array of any shape, like "..."
    text = axes.value if isinstance(axes, ast.Constant) else None
    return text.split() if isinstance(text, str) else []


def column(page: str, label: str, number: int = 1) -> list[str]:
    """A column of the table that follows a label, counted from one, without the header."""
    table = re.search(rf"^\({label}\)=\n.*?((?:^\|[^\n]*\n?)+)", page, re.MULTILINE | re.DOTALL)
    assert table, f"no table follows ({label})="
    return [row.split("|")[number].strip() for row in table[1].splitlines()[2:]]


def listed_axes(page: str) -> set[str]:
    """The axis words that the page explains."""
    cells = column(page, "axis-words")
    return {word for cell in cells for word in re.findall(r"`(\w+)`", cell)}


def package_axes() -> dict[str, set[str]]:
    """The axis words of every file of the package."""
    files = sorted(PACKAGE.rglob("*.py"))
    return {str(file.relative_to(ROOT)): annotated_axes(file.read_text("utf8")) for file in files}


def test_every_axis_word_is_explained():
    listed = listed_axes(PAGE.read_text("utf8"))
    missing = {file: axes - listed for file, axes in package_axes().items() if axes - listed}
    assert not missing, f"axis words that chapters/notation.md does not explain: {missing}"


def test_no_axis_word_is_explained_in_vain():
    used = set().union(*package_axes().values())
    assert listed_axes(PAGE.read_text("utf8")) <= used


def letters(page: str) -> list[str]:
    """The letters of the table, as TeX."""
    return re.findall(r"\$([^$]+)\$", " ".join(column(page, "letters")))


def formulas(page: str) -> str:
    """All formulas of a page, without spaces."""
    found = re.findall(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", page, re.DOTALL)
    return " ".join("".join("".join(pair).split()) for pair in found)


def test_each_letter_stands_once():
    found = letters(PAGE.read_text("utf8"))
    assert len(found) > 40
    assert len(found) == len(set(found))


def test_each_letter_of_the_table_is_in_a_formula_of_a_chapter():
    pages = [path for path in chapter_files(ROOT) if path != PAGE]
    used = " ".join(formulas(read(path)) for path in pages)
    unused = [x for x in letters(PAGE.read_text("utf8")) if "".join(x.split()) not in used]
    assert not unused


def test_a_letter_that_no_formula_has_would_be_found():
    page = "(letters)=\n\n| Letter | In code |\n|---|---|\n| $W_Q$, $\\xi$ | `W_q` |\n"
    assert letters(page) == ["W_Q", r"\xi"]
    assert formulas("so $a = W_Q x$ costs\n\n$$\nb\n+ c\n$$") == "a=W_Qx b+c"


def test_the_names_beside_the_letters_are_in_the_package_or_in_a_cell():
    names = re.findall(r"`([A-Za-z_]\w*)", " ".join(column(PAGE.read_text("utf8"), "letters", 2)))
    package = " ".join(path.read_text("utf8") for path in PACKAGE.rglob("*.py"))
    cells = " ".join(mark.text for path in chapter_files(ROOT)
                     for mark in chapter(read(path)).of("{code-cell}"))  # fmt: skip
    known = set(re.findall(r"\b[A-Za-z_]\w*", package + cells))
    assert len(names) > 30
    assert not set(names) - known


@pytest.mark.parametrize(
    ("annotation", "axes"),
    [
        ('Float[np.ndarray, "*example fan_in"]', {"example", "fan_in"}),
        ('Int[np.ndarray, " banana"]', {"banana"}),
        ('Float[np.ndarray, "..."]', set()),
        ("Float[np.ndarray, ...]", set()),
        ('list[Float[np.ndarray, "28 28 pear"]]', {"pear"}),
        ('dict[str, "not_an_axis"]', set()),
    ],
)
def test_an_unknown_axis_word_would_be_found(annotation, axes):
    source = f"from jaxtyping import Float, Int\ndef f(x: {annotation}): ..."
    assert annotated_axes(source) == axes


def test_a_page_without_the_word_would_be_caught():
    page = "(axis-words)=\n\n| Axis word | What |\n|---|---|\n| `example` | Examples. |\n"
    assert listed_axes(page) == {"example"}
    assert not set().union(*package_axes().values()) <= listed_axes(page)


def unknown_equations(source: str, known: set[str]) -> list[tuple[int, str]]:
    """The equations that some source cites and no chapter has, each with its line."""
    rows = enumerate(source.splitlines(), 1)
    cited = [(line, label) for line, row in rows for label in re.findall(r"\{eq\}`([^`]+)`", row)]
    return [(line, label) for line, label in cited if label not in known]


def test_every_equation_that_the_package_cites_is_in_the_book():
    chapters = [chapter(read(path)) for path in chapter_files(ROOT)]
    known = {mark.text for found in chapters for mark in found.of("equation")}
    files = sorted((ROOT / "code").rglob("*.py"))
    sources = {str(file.relative_to(ROOT)): file.read_text("utf8") for file in files}
    wrong = {name: unknown_equations(source, known) for name, source in sources.items()}
    assert not {name: found for name, found in wrong.items() if found}
    assert any(unknown_equations(source, set()) for source in sources.values())


def test_an_equation_that_no_chapter_has_would_be_found():
    source = 'def g():\n    """Implements {eq}`sum` and {eq}`product`."""\n'
    assert unknown_equations(source, {"sum"}) == [(2, "product")]
