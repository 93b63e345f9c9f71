"""The JavaScript of the live figures keeps its layers, as the package keeps its own."""

import re
from pathlib import Path

import pytest

MODULES = Path(__file__).parents[2] / "interactive"
# what each folder may import from, itself included
LAYERS = {"core": {"core"}, "kit": {"core", "kit"}, "figures": {"core", "kit", "figures"}}
IMPORT = re.compile(r"^(?:import|export)\b[^;]*?from \"([^\"]+)\"", re.M)


def imported(module):
    """The folders of the modules that a module imports."""
    paths = [(module.parent / path).resolve() for path in IMPORT.findall(module.read_text("utf-8"))]
    assert all(path.is_file() for path in paths), module
    return {path.parent.relative_to(MODULES).parts[0] for path in paths}


@pytest.mark.parametrize("layer", LAYERS)
def test_no_module_imports_from_a_higher_layer(layer):
    found = {m.name: imported(m) - LAYERS[layer] for m in (MODULES / layer).glob("*.mjs")}
    assert len(found) > 5
    assert {name: more for name, more in found.items() if more} == {}


def test_no_module_is_longer_than_two_hundred_lines():
    lengths = {m.name: m.read_text("utf-8").count("\n") for m in MODULES.rglob("*.mjs")}
    assert {name: n for name, n in lengths.items() if n > 200} == {}


def test_colours_are_roles_of_the_style_sheet():
    """A figure names a colour by its role; canvases compute numbers from those of the roles."""
    colour = re.compile(r"#[0-9a-f]{3,8}\b(?!\()|rgba?\((?!\$\{)|hsla?\(", re.I)
    files = [*MODULES.glob("kit/*.mjs"), *MODULES.glob("figures/*.mjs")]
    assert {f.name: colour.findall(f.read_text("utf-8")) for f in files if
            colour.search(f.read_text("utf-8"))} == {}  # fmt: skip
