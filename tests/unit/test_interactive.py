"""A figure with a payload: one bundle for notebook, PDF and site, and numbers that survive."""

import base64
import json
import re

import numpy as np
import pytest

from weighted_sums.figures.style import Drawing
from weighted_sums.networks import Layer
from weighted_sums.workshop.interactive import Interactive, packed, packed_tree

PICTURE = Drawing("<svg/>", b"%PDF")


def script(figure):
    text = figure._repr_mimebundle_()["text/html"]
    return re.search(r"<script([^>]*)>(.*)</script>", text, re.S).groups()


def test_all_forms_come_from_one_bundle():
    bundle = Interactive("neuron", {"w": 1}, PICTURE)._repr_mimebundle_()
    assert {"text/html", "image/svg+xml", "application/pdf"} <= set(bundle)
    assert bundle["image/svg+xml"] == "<svg/>"
    assert base64.b64encode(b"<svg/>").decode() in bundle["text/html"]


def test_the_payload_is_json_that_no_text_can_end():
    payload = {"text": "</script><b>&", "numbers": [1, 2.5]}
    attributes, text = script(Interactive("neuron", payload, PICTURE))
    assert json.loads(text) == payload
    assert "<" not in text and 'data-interactive="neuron"' in attributes


def test_data_travel_beside_the_payload():
    attributes, _ = script(Interactive("gpt", {}, PICTURE, bytes(range(256))))
    found = re.search('data-bytes="([^"]*)"', attributes)[1]
    assert base64.b64decode(found) == bytes(range(256))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), np.zeros(2)])
def test_what_json_cannot_hold_is_refused_by_name(value):
    with pytest.raises(ValueError, match="payload of the figure 'neuron'"):
        Interactive("neuron", {"w": value}, PICTURE)._repr_mimebundle_()


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_packed_numbers_come_back(dtype):
    values = np.random.default_rng(0).standard_normal((3, 5)).astype(dtype)
    part = packed(values, dtype)
    raw = np.frombuffer(base64.b64decode(part["base64"]), np.dtype(dtype).newbyteorder("<"))
    assert part["shape"] == [3, 5] and part["dtype"] == dtype
    np.testing.assert_array_equal(raw.reshape(3, 5), values)


@pytest.mark.parametrize(
    ("values", "dtype"),
    [([1e6], "float16"), ([np.nan], "float32"), ([300], "uint8"), ([-1], "uint8"), ([0.5], "int8")],
)
def test_numbers_that_do_not_fit_are_refused(values, dtype):
    with pytest.raises(ValueError, match=dtype):
        packed(np.array(values), dtype)


def test_a_dtype_that_the_page_cannot_read_is_refused():
    with pytest.raises(ValueError, match="float64"):
        packed(np.zeros(3), "float64")


def test_a_tree_keeps_its_names_and_says_where_its_numbers_begin():
    network = [Layer(np.ones((2, 3), "f4"), np.zeros(2, "f4"))]
    data = bytearray()
    (layer,) = packed_tree(network, "float16", data)
    assert layer["W"] == {"dtype": "float16", "shape": [2, 3], "offset": 0}
    assert layer["b"]["offset"] == 12 and len(data) == 16
    assert "base64" in packed_tree(network)[0]["W"]
