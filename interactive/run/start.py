"""Python's side of the page: what `worker.mjs` calls, and imports that are fetched when needed."""

import importlib
import importlib.machinery
import io
import json
import logging
import sys
import sysconfig
import zipfile

import page_of_the_book

from weighted_sums.exercises import _page

SITE = sysconfig.get_path("purelib")
LATER = json.loads(bytes(page_of_the_book.get(page_of_the_book.runtime + "later.json").to_py()))
NEVER = {
    "torch": "PyTorch does not run in a browser. Run the chapter's notebook instead.",
    "pooch": "A page downloads nothing from elsewhere. Run the chapter's notebook instead.",
}


class Finder:
    """Finds packages that are fetched at their first import, and says which never can be."""

    def find_spec(self, name, path=None, target=None):
        """Fetch Matplotlib with all that it needs; leave other names to Python."""
        if name in NEVER:
            raise ImportError(NEVER[name])
        if name not in LATER["imports"] or not LATER["files"]:
            return None
        page_of_the_book.say("status", text="Loading Matplotlib, 9 MB …")
        logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
        while LATER["files"]:
            content = page_of_the_book.get(page_of_the_book.runtime + LATER["files"].pop())
            zipfile.ZipFile(io.BytesIO(content.to_py())).extractall(SITE)
        importlib.invalidate_caches()
        return importlib.machinery.PathFinder.find_spec(name, path)


class Page:
    """The chapter of this page."""

    def open(self, cells):
        """Begin with the chapter's cells, and with nothing run."""
        self.chapter = _page.Chapter([(cell["source"], cell["tags"]) for cell in json.loads(cells)])

    def run(self, scope, cell, source):
        """Run an answer or a cell; as JSON what the page shows, and what an answer builds on."""
        sys.stdout = sys.stderr = _page.Output(lambda text: page_of_the_book.say("out", text=text))
        result = {"setup": ""}
        try:
            if scope == "answer":
                setup = self.chapter.setup(cell, source)
                result["setup"] = "\n".join(statement.text for statement in setup)
                value = self.chapter.answer(cell, source)
            elif scope == "cell":
                value = self.chapter.cell(cell, source)
            else:
                value = _page.run(source, self.chapter.names, _page.OWN)
            result["parts"] = _page.shown(value)
        except BaseException as error:
            result["parts"] = [{"kind": "error", "text": _page.told(error)}]
        return json.dumps(result)


import numpy as np  # noqa: E402 - first what it needs

from weighted_sums import data  # noqa: E402

read_digits = data._small_file


def small_file():
    """The digits; their labels are indices, which have 32 bits here."""
    pixels, labels = read_digits()
    return pixels, labels.astype(np.intp)


data._small_file = small_file
np.set_printoptions(legacy="1.25")  # 4.0 and not np.float64(4.0), as on the book's pages
sys.meta_path.insert(0, Finder())
_page.without_notebook()
Page()
