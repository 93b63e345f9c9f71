"""Checks for the exercises of the chapter on the transformer."""

from __future__ import annotations

import numpy as np

from weighted_sums import blocks, counting, transformer
from weighted_sums.exercises import call, require, require_equal
from weighted_sums.networks import Layer

NAMES = ("nobody", "a Michael", "a Jordan", "Michael Jordan")
WHO = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0]], float)


def either(answer) -> str:
    """`(up, down)` writes "basketball" once for Michael, for Jordan, and for both."""
    questions = _try_gate(answer, np.array([0, 1, 1, 1]))
    return f"once for one name or for both, with {questions}"


def exclusive(answer) -> str:
    """`(up, down)` writes "basketball" for Michael or Jordan, but not for both."""
    questions = _try_gate(answer, np.array([0, 1, 1, 0]))
    return f"once for one name, nothing for both, with {questions}"


def norm_row(answer) -> str:
    """`norm_row` is the layer norm of (1, 1, 1, 9) with gain 2 and bias 1."""
    row = np.array([1.0, 1.0, 1.0, 9.0])
    centred = row - row.mean()
    std = np.sqrt((centred * centred).mean())
    want, unbiased = 2 * centred / std + 1, np.sqrt((centred * centred).sum() / 3)
    found = np.asarray(answer, dtype=float)
    require(found.shape == (4,), f"four numbers are asked for, not shape {found.shape}")
    slips = {
        "gain and bias are missing": centred / std,
        "the bias is missing": 2 * centred / std,
        "the gain is missing": centred / std + 1,
        "you divide by the variance, not by its root": 2 * centred / std**2 + 1,
        "you divide by n - 1 in the variance; a layer norm divides by n":
            2 * centred / unbiased + 1,
        "you forget to subtract the mean": 2 * row / std + 1,
        "you add the bias before you multiply by the gain": 2 * (centred / std + 1),
    }  # fmt: skip
    near = [why for why, value in slips.items() if np.allclose(found, value, atol=0.02)]
    require(not near, near[0] if near else "")
    right = np.allclose(found, want, atol=0.02)
    require(right, f"the mean is 3 and the variance 12; yours is {found.round(3).tolist()}")
    return "mean 3, deviation the root of 12, then gain and bias"


def parameters(answer) -> str:
    """`parameters(n_vocab, context, d_model, n_layers)` counts every parameter of this book's."""
    for n_vocab, context, d_model, n_layers in ((11, 6, 8, 3), (27, 16, 16, 2), (50, 9, 12, 1)):
        where = f"for {n_vocab} tokens, {context} positions, width {d_model}, {n_layers} blocks"
        rng = np.random.default_rng(0)
        model = transformer.init_transformer(n_vocab, context, d_model, 1, n_layers, rng)
        want = counting.total(counting.parts(counting.configuration(model)))
        square, ends = d_model * d_model, 2 * n_vocab * d_model
        slips = {
            "you have only the matrices of the famous total": ends + 12 * square * n_layers,
            "the positions are missing": want - context * d_model,
            "embedding and unembedding are two matrices here": want - n_vocab * d_model,
            "the biases of the MLP are missing": want - 5 * d_model * n_layers,
            "the layer norms are missing": want - (4 * n_layers + 2) * d_model,
            "the last layer norm is missing": want - 2 * d_model,
            "each layer norm has a gain and a bias; you count one": want
                - (2 * n_layers + 1) * d_model,
            "the output matrix of attention is missing": want - square * n_layers,
        }  # fmt: skip
        found = call(answer, where, n_vocab, context, d_model, n_layers)
        require_equal(found, want, where, slips, f"there are {want:,}, yours is {found}")
    return "as many as the arrays hold, whatever the number of heads"


def shapes(answer) -> str:
    """`shapes(T, d_model, n_heads, n_vocab)` gives the shape of each array on the way."""
    for T, d_model, n_heads, n_vocab in ((6, 8, 2, 11), (12, 16, 4, 27), (3, 10, 5, 7)):
        where = f"for {T} positions, width {d_model}, {n_heads} heads, {n_vocab} tokens"
        d_k = d_model // n_heads
        want = {
            "stream": (T, d_model), "queries": (n_heads, T, d_k), "weights": (n_heads, T, T),
            "hidden": (T, 4 * d_model), "logits": (T, n_vocab),
        }  # fmt: skip
        found = call(answer, where, T, d_model, n_heads, n_vocab)
        require(isinstance(found, dict), f"a dictionary is asked for, not {type(found).__name__}")
        require(found.keys() == want.keys(), f"its keys should be {[*want]}, not {[*found]}")
        for name, shape in want.items():
            yours = tuple(int(n) for n in found[name])
            why = ""
            if name == "queries" and yours == (n_heads, T, d_model):
                why = "; each head has its own, smaller dimension"
            if name == "weights" and yours == (T, T):
                why = "; each head has its own table"
            if name == "logits" and yours == (n_vocab,):
                why = "; every position predicts its next token"
            require(yours == shape, f"{where} {name} has shape {shape}, yours is {yours}{why}")
    return "only the weights have positions on two axes"


def block(answer) -> str:
    """`block(x, norm_1, attend, norm_2, mlp)` adds each part's output to the stream itself."""
    rng = np.random.default_rng(2)
    A, M = rng.normal(size=(2, 5, 5))
    x = rng.normal(2, 3, size=(4, 5))

    def norm_1(v):
        return (v - v.mean(axis=-1, keepdims=True)) / v.std(axis=-1, keepdims=True)

    def norm_2(v):
        return 2 * norm_1(v) + 1

    def attend(v):
        return np.tril(np.ones((4, 4))) @ v @ A

    def mlp(v):
        return np.maximum(v @ M, 0)

    def run(first=0, second=0, late=1, n=(norm_1, norm_2)):
        middle = (n[0](x) if first else x) + attend(n[0](x))
        update = mlp(n[1](middle if late else x))
        return (n[1](middle) if second else middle) + update

    middle = norm_1(x + attend(x))
    require_equal(call(answer, "for four positions", x, norm_1, attend, norm_2, mlp), run(),
                  "for four positions", {
        "both sums begin with the normed stream; add to the stream itself": run(1, 1),
        "the first sum begins with the normed stream; add to the stream itself": run(1),
        "the second sum begins with the normed stream; add to the stream itself": run(0, 1),
        "the MLP gets the stream from before attention": run(late=0),
        "you normalise after each sum; the norm belongs before each part":
            norm_2(middle + mlp(middle)),
        "the parts get the stream without a norm": x + attend(x) + mlp(x + attend(x)),
        "nothing is added: the stream is replaced": mlp(norm_2(attend(norm_1(x)))),
        "the two norms are swapped": run(n=(norm_2, norm_1)),
    }, "the result differs")  # fmt: skip
    return "the stream passes through, and two updates are added"


def lens(answer) -> str:
    """`lens(model, tokens)` gives the logits read from the stream after 0, 1, … all blocks."""
    rng = np.random.default_rng(3)
    drawn = transformer.init_transformer(7, 6, 8, 2, 3, rng, dtype=np.float64)
    model = drawn._replace(
        norm=blocks.Norm(*rng.normal(size=(2, 8))), unembedding=rng.normal(size=(7, 8))
    )
    tokens = np.array([3, 1, 4, 1, 5])
    streams = [transformer.embed(model, tokens)]
    for one in model.blocks:
        streams.append(blocks.block_forward(streams[-1], one)[0])
    want = [blocks.layer_norm(x, model.norm)[0] @ model.unembedding.T for x in streams]
    found = call(answer, "for a model of three blocks", model, tokens)
    raw = [x @ model.unembedding.T for x in streams]
    first = [blocks.layer_norm(x, model.blocks[0].norm_1)[0] @ model.unembedding.T for x in streams]
    require_equal(np.array(list(found)), np.array(want), "for a model of three blocks", {
        "you leave out the last layer norm": np.array(raw),
        "the norm should be the model's last, not that of a block": np.array(first),
        "the stream before the first block is missing": np.array(want[1:]),
        "the stream after the last block is missing": np.array(want[:-1]),
        "you return the streams, not the logits": np.array(streams),
        "you return only what the last position predicts": np.array(want)[:, -1],
        "only the last logits are there": np.array(want[-1:]),
    }, "some logits differ")  # fmt: skip
    return "and the last of them are the model's own logits"


def _try_gate(answer, wanted) -> str:
    layers = _pair(answer, "(up, down) of layers")
    up, down = (Layer(*(np.asarray(part, float) for part in layer)) for layer in layers)
    require(
        up.W.ndim == 2 and up.W.shape[1] == 3 and down.W.shape == (3, len(up.W)),
        f"up.W must be (questions, 3) and down.W (3, questions); yours are {up.W.shape} and "
        f"{down.W.shape}",
    )
    found, _ = blocks.mlp(WHO, up, down)
    with_relu = np.maximum(WHO @ up.W.T + up.b, 0) @ down.W.T + down.b
    right = np.stack([0 * wanted, 0 * wanted, wanted], axis=1)
    require(
        np.abs(found - right).max() < 0.1 or not np.allclose(with_relu, right),
        "with ReLU this would be right, but GELU is round near 0; make the weights of up larger "
        "and those of down smaller",
    )
    for who, row, want in zip(NAMES, found, wanted, strict=True):
        require(
            abs(row[2] - want) < 0.1,
            f"for {who} your MLP writes {row[2]:.2f} times basketball, it should be {want}",
        )
        require(
            np.abs(row[:2]).max() < 0.1,
            f"for {who} your MLP also writes {row[:2].round(2)} along Michael and Jordan",
        )
    few = "one neuron, because GELU falls before it rises"
    return few if len(up.W) == 1 else f"{len(up.W)} neurons and their weighted answers"


def _pair(found, what):
    is_pair = isinstance(found, tuple | list) and len(found) == 2
    size = f" of {len(found)}" if isinstance(found, tuple | list) else ""
    require(is_pair, f"expected a pair {what}, not {type(found).__name__}{size}")
    return found
