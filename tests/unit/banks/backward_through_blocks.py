"""Answers to the exercises on the backward pass of a transformer."""

import numpy as np

from banks import Bank
from weighted_sums import blocks
from weighted_sums.attention import self_attention_backward
from weighted_sums.networks import Layer
from weighted_sums.workshop import parameters


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


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def last_wins(tokens, d, vocab_size):
    found = np.zeros((vocab_size, d.shape[1]))
    found[tokens] += d
    return found


def summed(tokens, d, vocab_size):
    found = np.zeros((vocab_size, d.shape[1]))
    np.add.at(found, tokens, d)
    return found


def averaged(tokens, d, vocab_size):
    count = np.maximum(np.bincount(tokens, minlength=vocab_size), 1)
    return summed(tokens, d, vocab_size) / count[:, None]


def first_wins(tokens, d, vocab_size):
    return last_wins(tokens[::-1], d[::-1], vocab_size)


def clears_d(tokens, d, vocab_size):
    found = summed(tokens, d, vocab_size)
    d[:] = 0
    return found


ALL = {"norm_1", "W_q", "W_k", "W_v", "W_o", "norm_2", "up", "down.W", "down.b"}
ZERO = {"norm_1", "W_q", "W_k", "W_v", "norm_2", "up"}
DX, DW = [[2, 2], [0, 0]], [[2, 0], [4, 6]]

BANK = {
    "residual": Bank(
        wrong={
            "no sum": (([[1, 1], [0, -2]], DW), "the sum passes dY on as well"),
            "only the sum": (([[1, 1], [0, 2]], DW), "X also reaches Y through W"),
            "transposed W": (([[4, 0], [4, 0]], DW), "multiply dY by W, not by its transpose"),
            "from the left": (([[2, 6], [0, 0]], DW), "multiply dY by W from the right"),
            "subtracted": (([[0, 0], [0, 4]], DW), "added, not subtracted"),
            "dY not transposed": ((DX, [[3, 3], [2, 6]]), "transpose dY: row j of dW"),
            "dW transposed": ((DX, [[2, 4], [0, 6]]), "yours is the transpose; dW"),
            "sum in dW": ((DX, [[3, 1], [4, 8]]), "adds nothing to the gradient of W"),
            "dX only": (DX[:1], "expected a pair"),
        },
        unusual={
            "lists": (DX, DW),
            "arrays": [np.array(DX, float), np.array(DW, float)],
        },
    ),
    "swish_derivative": Bank(
        wrong={
            "gate": (sigmoid, "you have the gate alone"),
            "no z": (lambda z: sigmoid(z) * (2 - sigmoid(z)), "missing its factor z"),
            "second term": (lambda z: z * sigmoid(z) * sigmoid(-z), "through the gate"),
            "one minus": (lambda z: sigmoid(z) + z * sigmoid(-z), "sigma' is sigma (1 - sigma)"),
            "itself": (lambda z: z * sigmoid(z), "you return swish itself"),
            "minus": (
                lambda z: sigmoid(z) - z * sigmoid(z) * sigmoid(-z),
                "the derivative of the sigmoid is positive",
            ),
            "product": (lambda z: sigmoid(z) * sigmoid(-z), "a product has two terms"),
            "relu": (lambda z: (z > 0) * 1.0, "it should be one half at 0"),
        },
        unusual={
            "product rule": lambda z: sigmoid(z) * (1 + z * sigmoid(-z)),
            "by swish": lambda z: z * sigmoid(z) + sigmoid(z) * (1 - z * sigmoid(z)),
            "complex step": lambda z: ((z + 1e-20j) / (1 + np.exp(-z - 1e-20j))).imag / 1e-20,
        },
    ),
    "embedding_backward": Bank(
        wrong={
            "last": (last_wins, "you keep only the last"),
            "first": (first_wins, "you keep only the first"),
            "mean": (averaged, "you average the rows of a token"),
            "positions": (lambda t, d, n: d, "it needs one for each token"),
            "sign": (lambda t, d, n: -summed(t, d, n), "the sign is wrong"),
            "all": (
                lambda t, d, n: np.tile(d.sum(axis=0), (n, 1)),
                "every token gets the sum of all rows",
            ),
            "transposed": (lambda t, d, n: summed(t, d, n).T, "the shape is"),
            "in place": (clears_d, "you change an input in place"),
        },
        unusual={
            "add.at": summed,
            "one-hot product": lambda t, d, n: np.eye(n)[t].T @ d,
            "masks": lambda t, d, n: [d[t == token].sum(axis=0) for token in range(n)],
        },
    ),
    "zero_gradients": Bank(
        wrong={
            "all": (ALL, "W_o is zero, but its input is not"),
            "down too": (ZERO | {"down.W"}, "down.W is zero, but its input is not"),
            "bias": (ZERO | {"down.b"}, "down.b is added to the stream"),
            "none": (set(), "norm_1 acts only through W_o"),
            "no norms": (ZERO - {"norm_1", "norm_2"}, "norm_1 acts only through W_o"),
            "no up": (ZERO - {"up"}, "up acts only through down.W"),
            "queries only": ({"norm_1", "W_q", "W_k"}, "W_v acts only through W_o"),
            "other names": ({"W_1"}, "are no parameters of the list"),
        },
        unusual={"a list": sorted(ZERO), "a tuple": tuple(ZERO), "a set": ZERO},
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
