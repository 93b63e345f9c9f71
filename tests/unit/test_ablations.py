"""An ablated part does nothing, the others stay, and the model that was given is not changed."""

import numpy as np
import pytest

from weighted_sums import transformer
from weighted_sums.experiments.ablations import without_attention, without_choice, without_mlp
from weighted_sums.workshop.parameters import copy, leaves

MODEL = transformer.init_transformer(7, 9, 12, 3, 2, np.random.default_rng(0), np.float64)
TOKENS = np.random.default_rng(1).integers(7, size=(2, 9))
WAYS = (without_choice, without_attention, without_mlp)


@pytest.mark.parametrize("ablate", WAYS)
@pytest.mark.parametrize("layer", [0, 1])
def test_the_output_changes_and_the_model_does_not(ablate, layer):
    before = copy(MODEL)
    ablated = ablate(MODEL, layer)
    assert not np.allclose(transformer.logits(ablated, TOKENS), transformer.logits(MODEL, TOKENS))
    for now, then in zip(leaves(MODEL), leaves(before), strict=True):
        np.testing.assert_array_equal(now, then)
    for now, then in zip(
        leaves(ablated.blocks[1 - layer]), leaves(MODEL.blocks[1 - layer]), strict=True
    ):
        np.testing.assert_array_equal(now, then)


def test_without_a_choice_every_visible_position_gets_the_same_weight():
    pattern = transformer.attention_patterns(without_choice(MODEL, 1), TOKENS)[1]
    equal = np.tri(9) / np.arange(1, 10)[:, None]
    np.testing.assert_allclose(pattern, np.broadcast_to(equal, pattern.shape))


def test_without_attention_no_position_learns_of_another():
    alone = without_attention(without_attention(MODEL, 0), 1)
    other = TOKENS.copy()
    other[:, :-1] = 6 - other[:, :-1]
    np.testing.assert_array_equal(
        transformer.logits(alone, TOKENS)[:, -1], transformer.logits(alone, other)[:, -1]
    )


def test_without_both_a_block_passes_its_input_on():
    bare = without_mlp(without_attention(MODEL, 0), 0)
    shorter = MODEL._replace(blocks=MODEL.blocks[1:])
    np.testing.assert_allclose(
        transformer.logits(bare, TOKENS), transformer.logits(shorter, TOKENS), atol=1e-12
    )


@pytest.mark.parametrize("ablate", WAYS)
def test_a_layer_that_there_is_not_cannot_be_ablated(ablate):
    for layer in (-1, 2):
        with pytest.raises(ValueError, match="layers to be ablated must lie in"):
            ablate(MODEL, layer)
