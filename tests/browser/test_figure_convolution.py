"""A kernel slides over a digit: weighted sums, maps and predictions are Python's."""

import re

import numpy as np
import pytest
from interactives import opened, payload_of, slide, unpacked, words

from weighted_sums import convnets
from weighted_sums.convnets import ConvNet, Convolution
from weighted_sums.convolution import convolve
from weighted_sums.networks import Layer
from weighted_sums.softmax import softmax

LEVELS = "abcdefghi"
SIGNS = """canvas => {
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const more = (a, b) => data.reduce((found, _, i) => {
        if (i % 4 === 0) found.push(data[i + a] > data[i + b]);
        return found;
    }, []);
    return [more(0, 2), more(2, 0)];
}"""


def network_and_image(sample, kernel=0, paint=None):
    """The page's network, with a kernel repainted as the letters say, and one of its images."""
    payload = payload_of("convolution")
    first, second, output = unpacked(payload["net"])
    W = np.array(first[0])
    if paint:
        levels = [(LEVELS.index(letter) - 4) / 4 for letter in paint]
        W[kernel, 0] = np.reshape(levels, (5, 5)) * abs(W[kernel]).max()
    network = ConvNet(Convolution(W, first[1]), Convolution(*second), Layer(*output))
    return network, np.array(payload["samples"][sample])[None] / 255


@pytest.mark.parametrize(
    ("sample", "kernel", "row", "column", "paint"),
    [(0, 0, 8, 10, ""), (1, 3, 12, 5, ""), (2, 7, 0, 23, "aaeiiaaeiiaaeiiaaeiiaaeii")],
)
def test_the_sum_and_the_prediction_are_pythons(page, base, sample, kernel, row, column, paint):
    network, image = network_and_image(sample, kernel, paint)
    z, _ = convolve(image.reshape(1, 1, 28, 28), *network.conv_1)
    p = softmax(convnets.logits(network, image))[0]
    state = {"sample": sample, "kernel": kernel, "row": row, "column": column}
    figure = opened(page, base, "convolution", **state, paint=paint)
    told = words(figure).replace("−", "-")
    assert f"positive at {(z[0, kernel] > 0).sum()} of 576 positions" in told
    found = re.search(r"has the weighted sum (-?[\d.]+): ReLU (\w+)", told)
    assert float(found[1]) == pytest.approx(z[0, kernel, row, column], abs=0.006)
    assert found[2] == ("keeps" if z[0, kernel, row, column] > 0 else "replaces")
    assert f"predicts {p.argmax()}" in told


def test_the_feature_map_shows_the_sign_of_every_sum(page, base):
    network, image = network_and_image(0)
    z, _ = convolve(image.reshape(1, 1, 28, 28), *network.conv_1)
    figure = opened(page, base, "convolution")
    view = figure.locator(".ws-conv-view:has-text('feature map') canvas")
    red, blue = view.evaluate(SIGNS)
    sums = z[0, 0].ravel()
    large = abs(sums) > 0.02 * abs(sums).max()  # paler ones are white on a screen
    np.testing.assert_array_equal(np.array(red)[large], (sums < 0)[large])
    np.testing.assert_array_equal(np.array(blue)[large], (sums > 0)[large])


def test_the_kernel_slides_and_a_weight_is_repainted(page, base):
    figure = opened(page, base, "convolution")
    before = words(figure)
    slide(figure, "row of the patch", 3)
    assert "row 3" in words(figure) != before
    weight = figure.get_by_role("button", name="weight in row 1, column 1:")
    labels = "all => all.slice(1).map(e => e.ariaLabel)"
    others = figure.locator(".ws-conv-weight").evaluate_all(labels)
    weight.click()
    network, _ = network_and_image(0)
    trained = network.conv_1.W[0, 0].ravel()
    limit = abs(trained).max()
    assert f"{limit:.2f}" in weight.get_attribute("aria-label")
    assert figure.locator(".ws-conv-weight").evaluate_all(labels) == others
    for number in (f"−{limit:.2f}", "0.00", f"{limit:.2f}"):
        weight.click()
        assert weight.get_attribute("aria-label").endswith(number)


def test_a_pooled_map_chooses_its_kernel(page, base):
    figure = opened(page, base, "convolution")
    pick = figure.get_by_role("button", name="kernel 5", exact=True)
    pick.click()
    assert pick.get_attribute("aria-pressed") == "true"
    network, image = network_and_image(0)
    z, _ = convolve(image.reshape(1, 1, 28, 28), *network.conv_1)
    assert f"positive at {(z[0, 5] > 0).sum()} of 576" in words(figure)
