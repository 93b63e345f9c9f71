"""A digit fades into noise: the network's answer at every level."""

import numpy as np
import pytest
from interactives import opened, payload_of, slide, unpacked, words

from weighted_sums import analysis, networks


@pytest.mark.parametrize(("level", "digit", "noise"), [(0, 0, 0), (0.5, 1, 2), (1, 2, 1)])
def test_the_answer_is_pythons(page, base, level, digit, noise):
    payload = payload_of("noise")
    network = [networks.Layer(**layer) for layer in unpacked(payload["layers"])]
    images, grain = unpacked(payload["images"]), unpacked(payload["noise"])
    faded = analysis.add_noise(images[digit][None], grain[noise][None], float(level))
    outputs = networks.feedforward(network, faded)[0]
    figure = opened(page, base, "noise", level=level, digit=digit, noise=noise)
    assert f"predicts {outputs.argmax()} with an output of {outputs.max():.2f}" in words(figure)
    accuracy = np.interp(level, *np.array(payload["curves"]["accuracy"]).T)
    assert f"accuracy of about {100 * accuracy:.0f} %" in words(figure)


def test_without_noise_it_is_correct(page, base):
    figure = opened(page, base, "noise")
    assert "which is correct" in words(figure)
    slide(figure, "noise level s", 1)
    assert "Noise level 1.00" in words(figure)
