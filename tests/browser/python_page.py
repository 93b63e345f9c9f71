"""Python as the built pages run it, for tests that ask it many things at once."""

from __future__ import annotations

import io
import json
import zipfile

from served import ROOT, SITE

BANKS = "/tests/banks.zip"
BEGIN = """async cells => {
    const script = document.querySelector("script[data-runtime]");
    const { Session } = await import(new URL("session.mjs", script.src));
    window.python = Session.at({ ...script.dataset, cells });
    await window.python.open();
}"""
RUN = """async ([source, cell]) => {
    let printed = "";
    const asked = { scope: cell === null ? "alone" : "answer", cell, source };
    const result = await window.python.run(asked, ({ kind, text }) => {
        if (kind === "out") printed += text;
    });
    return { printed, ...result };
}"""
TAKE_BANKS = """
import io, math, sys, types, zipfile
import page_of_the_book
content = page_of_the_book.get("{base}").to_py()
zipfile.ZipFile(io.BytesIO(content)).extractall("/home/pyodide")
sys.path.insert(0, "/home/pyodide")

class Absent(sys.__class__):
    "PyTorch or SciPy, which some unusual answers use and which no page has."
    __path__ = []
    asked_of_absent = []
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self
    def __call__(self, *given, **named):
        self.asked_of_absent.append(1)
        return self
    def __array__(self, *given, **named):
        self.asked_of_absent.append(1)
        raise ImportError("the page does not have this library")
    __iter__ = __float__ = __len__ = __index__ = __array__
    __getitem__ = __add__ = __sub__ = __mul__ = __rmul__ = __pow__ = __array__
    __matmul__ = __rmatmul__ = __truediv__ = __rtruediv__ = __neg__ = __array__

for name in (
    "torch", "torch.nn", "torch.nn.functional",
    "scipy", "scipy.linalg", "scipy.ndimage", "scipy.signal", "scipy.special", "scipy.stats",
):
    sys.modules[name] = Absent(name)

import numpy as np
special = sys.modules["scipy.special"]
special.logsumexp = lambda x, axis=None, keepdims=False: np.log(
    np.exp(x - (top := np.max(x, axis=axis, keepdims=True))).sum(axis=axis, keepdims=keepdims)
) + (top if keepdims else np.squeeze(top, axis=axis))
special.log_softmax = lambda x, axis=None: x - special.logsumexp(x, axis, keepdims=True)
special.softmax = lambda x, axis=None: np.exp(special.log_softmax(x, axis))
sys.modules["scipy.stats"].norm = types.SimpleNamespace(
    sf=lambda x, scale=1: math.erfc(x / scale / 2**0.5) / 2
)
"""


def banks() -> bytes:
    """The modules of the answer banks, as a zip."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for path in sorted((ROOT / "tests" / "unit" / "banks").glob("*.py")):
            archive.write(path, f"banks/{path.name}")
    return file.getvalue()


class Python:
    """A page's Python: begun once, then asked."""

    def __init__(self, page, base: str):
        self.page = page
        page.goto(base + "chapters/neurons/networks.html", wait_until="load")
        page.evaluate(BEGIN, "cells/chapters/neurons/networks.json")
        self.run(TAKE_BANKS.format(base=base.rstrip("/") + BANKS))

    def run(self, source: str, cell: int | None = None) -> dict:
        """What a piece of code prints and shows; an AssertionError where it stops."""
        found = self.page.evaluate(RUN, [source, cell])
        errors = [part["text"] for part in found["parts"] if part["kind"] == "error"]
        assert not errors, errors
        return found


def there() -> bool:
    """Whether the built site has Python in its pages."""
    return any((SITE / "_static").glob("python-[0-9]*"))


def chapters() -> dict[str, list[dict]]:
    """The cells of each page that has exercises, by its address without the ending."""
    folder = SITE / "_static" / "cells"
    found = {path: json.loads(path.read_text("utf-8")) for path in sorted(folder.rglob("*.json"))}
    named = {str(path.relative_to(folder).with_suffix("")): cells for path, cells in found.items()}
    return {
        name: cells for name, cells in named.items() if any("starter" in c["tags"] for c in cells)
    }
