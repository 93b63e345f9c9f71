"""Answers to the exercises on the transformer."""

import numpy as np

from banks import Bank
from weighted_sums import blocks, transformer
from weighted_sums.networks import Layer
from weighted_sums.workshop.parameters import leaves

COUNT, BOTH = 0, -1  # biases: "how many names?", "both?"


def gate(weights, biases, answers, loud=4.0, row=2):
    """Questions that weigh both names equally, and how much basketball each writes."""
    rows = [[loud * w, loud * w, 0] for w in weights]
    up = Layer(np.array(rows), loud * np.array(biases, float))
    column = np.zeros((3, len(rows)))
    column[row] = np.array(answers) / loud
    return up, Layer(column, np.zeros(3))


def also_along_names():
    up, down = gate([1, 1], [COUNT, BOTH], [1, -1])
    down.W[0] = [0.25, -0.25]
    return up, down


def one_of_two(first, second):
    """Questions for one name without the other, or one name and then the other."""
    up = Layer(np.array([[*first, 0.0], [*second, 0.0]]), np.zeros(2))
    return up, Layer(np.array([[0, 0], [0, 0], [0.125, 0.125]]), np.zeros(3))


def one_neuron(weight, bias, down, back):
    """A single GELU that falls before it rises."""
    up = Layer(np.array([[weight, weight, 0]]), np.array([bias]))
    return up, Layer(np.array([[0], [0], [down]]), np.array([0, 0, back]))


def nested(answer):
    """Plain lists in place of layers and arrays."""
    return [[layer.W.tolist(), layer.b.tolist()] for layer in answer]


CENTRED = np.array([-2.0, -2.0, -2.0, 6.0])
STD = 12**0.5


def total(n_vocab, context, d_model, n_layers):
    block = 4 * d_model**2 + 8 * d_model**2 + 5 * d_model + 4 * d_model
    return (2 * n_vocab + context) * d_model + n_layers * block + 2 * d_model


def by_building(*sizes):
    model = transformer.init_transformer(*sizes[:3], 1, sizes[3], np.random.default_rng(1))
    return sum(array.size for array in leaves(model))


def without(what):
    """The count, less what a slip leaves out."""
    return lambda n_vocab, context, d, layers: (
        total(n_vocab, context, d, layers) - what(n_vocab, context, d, layers)
    )


def shapes(T, d_model, n_heads, n_vocab, **other):
    d_k = d_model // n_heads
    return {
        "stream": (T, d_model),
        "queries": (n_heads, T, d_k),
        "weights": (n_heads, T, T),
        "hidden": (T, 4 * d_model),
        "logits": (T, n_vocab),
        **other,
    }


def from_a_model(T, d_model, n_heads, n_vocab):
    """Run a model and look."""
    rng = np.random.default_rng(0)
    model = transformer.init_transformer(n_vocab, T, d_model, n_heads, 1, rng)
    z, cache = transformer.forward(model, np.zeros(T, int))
    [block] = cache.blocks
    weights = transformer.attention_patterns(model, np.zeros(T, int))[0]
    return {
        "stream": cache.normed.shape,
        "queries": (n_heads, T, model.blocks[0].attention.W_q.shape[1]),
        "weights": weights.shape,
        "hidden": block.mlp.a.shape,
        "logits": z.shape,
    }


def pre_norm(x, norm_1, attend, norm_2, mlp):
    x = x + attend(norm_1(x))
    return x + mlp(norm_2(x))


def in_one_line(x, norm_1, attend, norm_2, mlp):
    return sum(
        (update := attend(norm_1(x)), mlp(norm_2(x + update))),
        start=x,
    )


def adds_in_place(x, norm_1, attend, norm_2, mlp):
    x += attend(norm_1(x))
    x += mlp(norm_2(x))
    return x


def post_norm(x, norm_1, attend, norm_2, mlp):
    x = norm_1(x + attend(x))
    return norm_2(x + mlp(x))


def streams(model, tokens):
    found = [transformer.embed(model, tokens)]
    for block in model.blocks:
        found.append(blocks.block_forward(found[-1], block)[0])
    return found


def lens(model, tokens):
    read = [blocks.layer_norm(x, model.norm)[0] for x in streams(model, tokens)]
    return [x @ model.unembedding.T for x in read]


def by_cutting(model, tokens):
    """Models that end earlier: the same, with fewer blocks."""
    return np.array([
        transformer.logits(model._replace(blocks=model.blocks[:count]), tokens)
        for count in range(len(model.blocks) + 1)
    ])  # fmt: skip


BANK = {
    "norm_row": Bank(
        wrong={
            "no gain, no bias": (CENTRED / STD, "gain and bias are missing"),
            "no bias": (2 * CENTRED / STD, "the bias is missing"),
            "no gain": (CENTRED / STD + 1, "the gain is missing"),
            "variance": (2 * CENTRED / 12 + 1, "you divide by the variance"),
            "n - 1": (2 * CENTRED / 4 + 1, "you divide by n - 1"),
            "no mean": (2 * (CENTRED + 3) / STD + 1, "you forget to subtract the mean"),
            "bias first": (2 * (CENTRED / STD + 1), "you add the bias before"),
            "three numbers": ([-0.15, -0.15, 4.46], "four numbers are asked for"),
        },
        unusual={
            "by hand": [-0.15, -0.15, -0.15, 4.46],
            "exactly": 2 * CENTRED / STD + 1,
            "roots": [1 - 2 / 3**0.5] * 3 + [1 + 12**0.5],
        },
    ),
    "parameters": Bank(
        wrong={
            "famous": (
                lambda v, c, d, n: 2 * v * d + 12 * d * d * n,
                "only the matrices of the famous total",
            ),
            "no positions": (without(lambda v, c, d, n: c * d), "the positions are missing"),
            "tied": (without(lambda v, c, d, n: v * d), "are two matrices here"),
            "no biases": (without(lambda v, c, d, n: 5 * d * n), "the biases of the MLP"),
            "no norms": (
                without(lambda v, c, d, n: (4 * n + 2) * d),
                "the layer norms are missing",
            ),
            "no last norm": (without(lambda v, c, d, n: 2 * d), "the last layer norm"),
            "gains only": (
                without(lambda v, c, d, n: (2 * n + 1) * d),
                "has a gain and a bias; you count one",
            ),
            "no output": (without(lambda v, c, d, n: n * d * d), "the output matrix of attention"),
            "one block": (lambda v, c, d, n: total(v, c, d, 1), "there are "),
        },
        unusual={
            "formula": total,
            "by building one": by_building,
            "a float": lambda *sizes: float(total(*sizes)),
        },
    ),
    "shapes": Bank(
        wrong={
            "whole queries": (
                lambda T, d, h, v: shapes(T, d, h, v, queries=(h, T, d)),
                "each head has its own, smaller dimension",
            ),
            "one table": (
                lambda T, d, h, v: shapes(T, d, h, v, weights=(T, T)),
                "each head has its own table",
            ),
            "one row": (
                lambda T, d, h, v: shapes(T, d, h, v, logits=(v,)),
                "every position predicts its next token",
            ),
            "hidden": (
                lambda T, d, h, v: shapes(T, d, h, v, hidden=(T, d)),
                "hidden has shape (6, 32)",
            ),
            "transposed": (
                lambda T, d, h, v: shapes(T, d, h, v, stream=(d, T)),
                "stream has shape (6, 8)",
            ),
            "a list": (lambda *sizes: list(shapes(*sizes)), "a dictionary is asked for"),
            "a key": (lambda *sizes: shapes(*sizes, values=()), "its keys should be"),
        },
        unusual={
            "formula": shapes,
            "lists": lambda *sizes: {k: list(v) for k, v in shapes(*sizes).items()},
            "measured": from_a_model,
        },
    ),
    "block": Bank(
        wrong={
            "both normed": (
                lambda x, n1, a, n2, m: (lambda y: n2(y) + m(n2(y)))(n1(x) + a(n1(x))),
                "both sums begin with the normed stream",
            ),
            "first normed": (
                lambda x, n1, a, n2, m: (lambda y: y + m(n2(y)))(n1(x) + a(n1(x))),
                "the first sum begins with the normed stream",
            ),
            "second normed": (
                lambda x, n1, a, n2, m: (lambda y: n2(y) + m(n2(y)))(x + a(n1(x))),
                "the second sum begins with the normed stream",
            ),
            "parallel": (
                lambda x, n1, a, n2, m: x + a(n1(x)) + m(n2(x)),
                "the stream from before attention",
            ),
            "post": (post_norm, "the norm belongs before each part"),
            "no norm": (
                lambda x, n1, a, n2, m: x + a(x) + m(x + a(x)),
                "without a norm",
            ),
            "replaced": (lambda x, n1, a, n2, m: m(n2(a(n1(x)))), "nothing is added"),
            "swapped": (
                lambda x, n1, a, n2, m: pre_norm(x, n2, a, n1, m),
                "the two norms are swapped",
            ),
            "in place": (adds_in_place, "you change an input in place"),
        },
        unusual={
            "two lines": pre_norm,
            "one expression": in_one_line,
            "a list": lambda *given: pre_norm(*given).tolist(),
        },
    ),
    "lens": Bank(
        wrong={
            "no norm": (
                lambda m, t: [x @ m.unembedding.T for x in streams(m, t)],
                "you leave out the last layer norm",
            ),
            "first norm": (
                lambda m, t: [
                    blocks.layer_norm(x, m.blocks[0].norm_1)[0] @ m.unembedding.T
                    for x in streams(m, t)
                ],
                "the norm should be the model's last",
            ),
            "no embedding": (lambda m, t: lens(m, t)[1:], "before the first block is missing"),
            "no end": (lambda m, t: lens(m, t)[:-1], "after the last block is missing"),
            "streams": (streams, "you return the streams"),
            "last position": (
                lambda m, t: [z[-1] for z in lens(m, t)],
                "only what the last position predicts",
            ),
            "only logits": (lambda m, t: lens(m, t)[-1:], "only the last logits"),
            "softmax": (
                lambda m, t: [np.exp(z) / np.exp(z).sum(-1, keepdims=True) for z in lens(m, t)],
                "some logits differ",
            ),
        },
        unusual={
            "a loop": lens,
            "shorter models": by_cutting,
            "a generator": lambda m, t: (z for z in lens(m, t)),
        },
    ),
    "either": Bank(
        wrong={
            "counts": (gate([1], [COUNT], [1]), "for Michael Jordan your MLP writes 2.00"),
            "and": (gate([1], [BOTH], [1]), "for a Michael your MLP writes 0.00"),
            "too soft": (gate([1, 1], [COUNT, BOTH], [1, -1], loud=0.5), "with ReLU this would"),
            "bias": (gate([1, 1], [0.5, BOTH], [1, -1]), "for nobody your MLP writes"),
            "only up": (gate([1, 1], [COUNT, BOTH], [1, -1])[0], "down.W (3, questions)"),
            "one number": ([1.0], "expected a pair"),
            "swapped": (gate([1, 1], [COUNT, BOTH], [1, -1])[::-1], "up.W must be"),
            "first row": (gate([1, 1], [COUNT, BOTH], [1, -1], row=0), "a Michael your MLP writes"),
            "along the names": (also_along_names(), "also writes"),
            "exclusive": (gate([1, 1], [COUNT, BOTH], [1, -2]), "Jordan your MLP writes 0.00"),
        },
        unusual={
            "count less both": gate([1, 1], [COUNT, BOTH], [1, -1]),
            "louder": gate([1, 1], [COUNT, BOTH], [1, -1], loud=20.0),
            "the first, or the second alone": one_of_two([8.0, -8.0], [0.0, 8.0]),
            "lists": nested(gate([1, 1], [COUNT, BOTH], [1, -1])),
            "one neuron": one_neuron(1.244, -2.744, -10.85, -0.088),
        },
    ),
    "exclusive": Bank(
        wrong={
            "either": (gate([1, 1], [COUNT, BOTH], [1, -1]), "for Michael Jordan your MLP writes"),
            "and": (gate([1], [BOTH], [1]), "for a Michael your MLP writes 0.00"),
            "nor": (gate([-1], [1], [1]), "for nobody your MLP writes 1.00"),
            "counts": (gate([1], [COUNT], [1]), "for Michael Jordan your MLP writes 2.00"),
            "sign": (gate([1, 1], [COUNT, BOTH], [-1, 2]), "for a Michael your MLP writes -1.00"),
            "too soft": (gate([1, 1], [COUNT, BOTH], [1, -2], loud=0.5), "with ReLU this would"),
            "one name": (one_of_two([8.0, -8.0], [0.0, 0.0]), "for a Jordan your MLP writes 0.00"),
            "only up": (gate([1, 1], [COUNT, BOTH], [1, -2])[:1], "of layers, not tuple of 1"),
        },
        unusual={
            "double and minus": gate([1, 1], [COUNT, BOTH], [1, -2]),
            "each alone": one_of_two([8.0, -8.0], [-8.0, 8.0]),
            "one neuron": one_neuron(-0.7152, -0.2, -12.384, -1.0418),
            "lists": nested(gate([1, 1], [COUNT, BOTH], [1, -2], loud=10.0)),
        },
    ),
}
