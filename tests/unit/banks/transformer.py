"""Answers to the exercises on the transformer."""

import numpy as np

from banks import Bank
from weighted_sums import blocks
from weighted_sums.attention import self_attention_backward
from weighted_sums.networks import Layer
from weighted_sums.workshop import parameters

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


def rms(direct=1, along=1, mean=0, divide=1, gained=1, late=0, axis=-1, total=0):
    """The solution, with an argument for each slip."""

    def answer(dy, x, gain):
        r = np.sqrt((x * x).mean(axis=-1, keepdims=True))
        d, standard = dy * gain**gained, x / r
        part = standard * (d * standard).mean(axis=axis, keepdims=True)
        found = direct * d - along * part * x.shape[-1] ** total
        return gain**late * (found - mean * d.mean(axis=-1, keepdims=True)) / r**divide

    return answer


def by_jacobian(dy, x, gain):
    out = []
    for row, d in zip(x, dy * gain, strict=True):
        n, r = len(row), np.sqrt(np.mean(row * row))
        out.append((np.eye(n) / r - np.outer(row, row) / (n * r * r * r)) @ d)
    return np.array(out)


def by_scalars(dy, x, gain):
    def one(d, row, k):
        n, r = len(row), (sum(v * v for v in row) / len(row)) ** 0.5
        inner = sum(a * g * v for a, g, v in zip(d, gain, row, strict=True))
        return gain[k] * d[k] / r - row[k] * inner / (n * r**3)

    return [[one(d, row, k) for k in range(len(row))] for d, row in zip(dy, x, strict=True)]


def gains_in_place(dy, x, gain):
    dy *= gain
    return rms(gained=0)(dy, x, gain)


def tie(grads, first=1.0, second=1.0):
    both = first * grads.embedding + second * grads.unembedding
    return grads._replace(embedding=both, unembedding=both)


def tie_in_place(grads, again=False):
    np.add(grads.embedding, grads.unembedding, out=grads.embedding)
    if not again:
        return grads._replace(unembedding=grads.embedding)
    return grads._replace(unembedding=grads.unembedding + grads.embedding)


def tie_by_leaves(grads):
    first, *others, last = parameters.leaves(grads)
    both = np.sum([first, last], axis=0)
    return parameters.rebuild(iter([both, *others, both.copy()]), grads)


def plain(stream=0, inner=0, mlp=1, swapped=False, norms=True, of=blocks.Block):
    """The solution, with an argument for each slip."""

    def answer(dy, cache):
        d, up, down = blocks.mlp_backward(dy, cache.mlp)
        d, norm_2 = blocks.layer_norm_backward(d, cache.norm_2)
        d = middle = mlp * d + inner * dy
        d, heads = self_attention_backward(d, cache.attention)
        norm_1 = norm_2
        if norms:
            d, norm_1 = blocks.layer_norm_backward(d, cache.norm_1)
        if swapped:
            norm_1, norm_2 = norm_2, norm_1
        return d + stream * (middle if inner else dy), of(norm_1, heads, norm_2, up, down)

    return answer


def without_norms(dy, cache):
    d, up, down = blocks.mlp_backward(dy, cache.mlp)
    d, heads = self_attention_backward(d, cache.attention)
    return d, blocks.Block(None, heads, None, up, down)


def adds_in_place(dy, cache):
    found = plain()(dy, cache)
    dy += found[0]
    return found


def forgets_the_mean(dy, cache):
    dx, grads = plain()(dy, cache)
    return dx, grads._replace(up=Layer(grads.up.W / 4, grads.up.b / 4))


def in_a_loop(dy, cache):
    norm, found = blocks.layer_norm_backward, []
    steps = (norm, self_attention_backward, norm, blocks.mlp_backward)
    for backward, part in zip(steps[::-1], cache[::-1], strict=True):
        dy, *grads = backward(dy, part)
        found = grads + found
    return dy, blocks.Block(*found)


BANK = {
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
    "rms_backward": Bank(
        wrong={
            "fixed rms": (rms(along=0), "treat the rms as a fixed number"),
            "mean": (rms(mean=1), "still subtract the mean"),
            "not divided": (rms(divide=0), "divide by the rms"),
            "no gain": (rms(gained=0), "gain is missing"),
            "late gain": (rms(gained=0, late=1), "you multiply by gain at the end"),
            "sign": (rms(along=-1), "it must be subtracted"),
            "sum": (rms(total=1), "1/n is missing"),
            "all rows": (rms(axis=None), "each row has its own"),
            "divided twice": (rms(divide=2), "row 0 should be"),
            "one row": (lambda *given: rms()(*given)[0], "the shape is (3,), should be (1, 3)"),
            "in place": (gains_in_place, "changes dy itself"),
        },
        unusual={
            "formula": rms(),
            "Jacobian": by_jacobian,
            "scalars, a list": by_scalars,
            "float32": lambda *given: rms()(*(part.astype(np.float32) for part in given)),
        },
    ),
    "tie": Bank(
        wrong={
            "unembedding": (lambda s: s._replace(embedding=s.unembedding), "of unembedding only"),
            "embedding": (
                lambda s: s._replace(unembedding=s.embedding),
                "of embedding only",
            ),
            "one of two": (
                lambda s: tie(s)._replace(unembedding=s.unembedding),
                "unembedding is the gradient of unembedding only",
            ),
            "mean": (lambda s: tie(s, 0.5, 0.5), "is the mean of both"),
            "sign": (lambda s: tie(s, -1, -1), "of the shared matrix says"),
            "difference": (lambda s: tie(s, 1, -1), "the difference of both"),
            "sum of a sum": (
                lambda s: tie_in_place(s, again=True),
                "counts unembedding twice",
            ),
            "transposed": (lambda s: s._replace(embedding=tie(s)[0].T), "has shape (4, 5)"),
            "other parameters": (
                lambda s: tie(s)._replace(positions=0 * s.positions),
                "must stay as they were",
            ),
            "matrix": (
                lambda s: s.embedding + s.unembedding,
                "as a Transformer",
            ),
            "in place": (tie_in_place, "changes grads itself"),
        },
        unusual={
            "sum": tie,
            "fromkeys": lambda s: s._replace(
                **dict.fromkeys(("embedding", "unembedding"), tie(s)[0])
            ),
            "leaves": tie_by_leaves,
        },
    ),
    "plain_backward": Bank(
        wrong={
            "with stream": (blocks.block_backward, "still travels along the residual stream"),
            "plus dy": (plain(stream=1), "still holds dy itself"),
            "middle": (plain(inner=1), "what comes out of the MLP"),
            "dy to attention": (plain(inner=1, mlp=0), "you give dy to attention"),
            "last norm": (plain(norms=False), "leave out the first layer norm"),
            "no norms": (without_norms, "leave out the layer norms"),
            "norms swapped": (plain(swapped=True), "the gradient of norm_1 is that of norm_2"),
            "layers swapped": (
                plain(of=lambda a, b, c, up, down: blocks.Block(a, b, c, down, up)),
                "the gradient of up is that of down",
            ),
            "up averaged": (forgets_the_mean, "the gradient of up is not"),
            "sign": (lambda dy, cache: plain()(-dy, cache), "dx should be"),
            "only dx": (lambda dy, cache: plain()(dy, cache)[0], "expected a pair"),
            "reversed": (lambda dy, cache: plain()(dy, cache)[::-1], "dx comes first"),
            "in place": (adds_in_place, "changes dy itself"),
        },
        unusual={
            "four in a row": plain(),
            "lists": plain(of=lambda *parts: list(parts)),
            "a loop": in_a_loop,
        },
    ),
}
