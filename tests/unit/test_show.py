"""What a chapter shows is the imported source itself, and what it glues is a number."""

import ast
import inspect

import numpy as np
import pytest
from IPython.testing.globalipapp import start_ipython
from IPython.utils.capture import capture_output

from weighted_sums import networks, neurons
from weighted_sums.workshop.show import GLUE_MIME, glue, show


@pytest.fixture(scope="module")
def ipython():
    return start_ipython()


def test_the_source_shown_is_the_source_imported():
    text = show(neurons.sigmoid)._repr_markdown_()
    assert text == f"```python\n{inspect.getsource(neurons.sigmoid).rstrip()}\n```"


def test_several_things_are_shown_as_one_runnable_text():
    shown = ast.parse(show(neurons.sigmoid, networks.Layer).text)
    assert [part.name for part in shown.body] == ["sigmoid", "Layer"]


@pytest.mark.parametrize(
    ("value", "text"), [(3, "3"), (0.5, "0.5"), (np.float32(0.5), "0.5"), ("Pixel", "'Pixel'")]
)
def test_glue_records_what_myst_nb_reads(ipython, value, text):
    with capture_output() as captured:
        glue("a-name", value)
    (output,) = captured.outputs
    assert output.data == {GLUE_MIME + "text/plain": text}
    assert output.metadata == {"scrapbook": {"name": "a-name", "mime_prefix": GLUE_MIME}}
