"""The sizes give the published totals, and the number of parameters that our models have."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums import counting, heads, transformer
from weighted_sums.counting import GPT_2, GPT_3, Configuration
from weighted_sums.workshop import parameters


def test_gpt_3_has_its_famous_total_in_its_famous_number_of_matrices():
    matrices = counting.matrices(GPT_3)
    assert counting.total(matrices) == 175_181_291_520
    assert sum(part.copies for part in matrices) == 27_938


def test_the_parts_of_gpt_3_are_those_that_are_quoted():
    groups = counting.by_group(counting.matrices(GPT_3))
    assert groups == {
        "embedding": 617_558_016,
        "attention": 57_982_058_496,
        "MLP": 115_964_116_992,
        "unembedding": 617_558_016,
    }


def test_one_head_of_gpt_3_has_6_291_456_parameters():
    attention = counting.by_group(counting.matrices(GPT_3))["attention"]
    assert attention == 6_291_456 * GPT_3.n_heads * GPT_3.n_layers


def test_what_the_famous_total_does_not_count():
    rest = counting.by_group(counting.uncounted(GPT_3))
    assert rest["layer norm"] == 4_743_168
    assert rest["tied"] == -617_558_016
    assert counting.total(counting.parts(GPT_3)) == 174_604_259_328


def test_gpt_2_small_has_as_many_parameters_as_its_file():
    assert counting.total(counting.parts(GPT_2)) == 124_439_808


def test_gpt_2_as_built_by_torch_has_as_many():
    torch = pytest.importorskip("torch")
    with torch.device("meta"):  # shapes without numbers
        block = torch.nn.TransformerEncoderLayer(768, 12, 4 * 768, activation="gelu")
        others = [torch.nn.Embedding(50_257, 768), torch.nn.Embedding(1024, 768)]
        norm = torch.nn.LayerNorm(768)
    size = lambda module: sum(p.numel() for p in module.parameters())  # noqa: E731
    expected = 12 * size(block) + sum(map(size, others)) + size(norm)
    assert counting.total(counting.parts(GPT_2)) == expected


@given(
    st.integers(1, 13), st.integers(1, 11), st.integers(1, 4), st.integers(1, 3), st.integers(1, 3)
)
def test_a_model_has_as_many_as_its_arrays(vocab_size, context_length, d_head, n_heads, n_layers):
    rng = np.random.default_rng(0)
    given_sizes = vocab_size, context_length, d_head * n_heads, n_heads, n_layers
    model = transformer.init_transformer(*given_sizes, rng)
    sizes = counting.configuration(model)
    assert sizes == Configuration(*given_sizes)
    held = sum(array.size for array in parameters.leaves(model))
    assert counting.total(counting.parts(sizes)) == held


@pytest.mark.parametrize("c", [GPT_2, GPT_3, Configuration(11, 6, 8, 2, 2)])
def test_the_fractions_of_a_model_sum_to_1(c):
    fractions = counting.fractions(c)
    assert sum(fractions.values()) == pytest.approx(1)
    assert fractions["MLP"] == pytest.approx(2 * fractions["attention"])
    assert min(fractions.values()) >= 0


def test_tying_saves_exactly_one_embedding():
    untied = Configuration(7, 5, 6, n_heads=2, n_layers=3)
    tied = Configuration(7, 5, 6, n_heads=2, n_layers=3, tied=True)
    saved = counting.total(counting.parts(untied)) - counting.total(counting.parts(tied))
    assert saved == 7 * 6
    assert counting.matrices(untied) == counting.matrices(tied)


def test_sizes_that_no_model_can_have_are_refused():
    with pytest.raises(ValueError, match="d_model = 12 cannot be split equally among 5 heads"):
        Configuration(7, 5, 12, n_heads=5, n_layers=1)
    with pytest.raises(ValueError, match="n_layers must be a whole number of at least 1"):
        Configuration(7, 5, 12, n_heads=2, n_layers=0)


@pytest.mark.parametrize("tied", [False, True])
def test_the_fraction_of_the_embeddings_counts_a_tied_array_once(tied):
    c = Configuration(7, 5, 6, n_heads=2, n_layers=3, tied=tied)
    held = (1 if tied else 2) * 7 * 6
    fractions = counting.fractions(c)
    assert fractions["embeddings"] == pytest.approx(held / counting.total(counting.parts(c)))
    assert list(fractions) == ["embeddings", "attention", "MLP", "the rest"]


def test_a_model_with_biases_of_attention_has_as_many_as_its_arrays():
    model = transformer.init_transformer(7, 5, 6, 2, 3, np.random.default_rng(0))
    blocks = [
        block._replace(attention=heads.with_biases(block.attention)) for block in model.blocks
    ]
    model = model._replace(blocks=blocks)
    sizes = counting.configuration(model)
    assert sizes.attention_biases and not sizes.tied
    held = sum(array.size for array in parameters.leaves(model))
    assert counting.total(counting.parts(sizes)) == held


def test_a_counted_array_counts_the_multiplications_of_its_products():
    a, b = (np.ones(shape).view(counting.Counted) for shape in ((2, 3), (3, 5)))
    counting.Counted.multiplications = 0
    assert (a @ b).tolist() == np.full((2, 5), 3.0).tolist()
    assert counting.Counted.multiplications == 2 * 3 * 5
    batch = np.ones((4, 2, 3)).view(counting.Counted)
    total = batch @ b + 1  # a sum multiplies nothing
    assert counting.Counted.multiplications == 5 * 2 * 3 * 5 and total.shape == (4, 2, 5)
    a *= 2
    assert isinstance(a, counting.Counted) and a[0, 0] == 2
