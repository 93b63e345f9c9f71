"""Answers to the steps of the project on a GPT of one's own."""

import numpy as np
from scipy.special import softmax

from banks import Bank
from weighted_sums import blocks, transformer
from weighted_sums.attention import self_attention
from weighted_sums.heads import Attention


def norm(x, gain, bias, eps=1e-5, ddof=0, axis=-1, root=0.5, centre=1):
    mean = x.mean(axis=axis, keepdims=True)
    std = (x.var(axis=axis, keepdims=True, ddof=ddof) + eps) ** root
    return (x - centre * mean) / std * gain + bias


def norm_by_rows(x, gain, bias):
    flat = [
        (row - np.mean(row)) / np.sqrt(np.mean((row - np.mean(row)) ** 2) + 1e-5) * gain + bias
        for row in x.reshape(-1, x.shape[-1])
    ]
    return np.array(flat).reshape(x.shape)


def norm_in_place(x, gain, bias):
    x -= x.mean(axis=-1, keepdims=True)
    return x / np.sqrt((x * x).mean(axis=-1, keepdims=True) + 1e-5) * gain + bias


def attend(x, W_q, W_k, W_v, W_o, mask=True, scale=None, late=False, axis=-1):
    q, k, v = (np.einsum("td,hkd->htk", x, W) for W in (W_q, W_k, W_v))
    s = q @ k.swapaxes(1, 2) * (W_q.shape[1] ** -0.5 if scale is None else scale)
    seen = np.tril(np.ones((len(x), len(x)), bool))
    if mask and not late:
        s = np.where(seen, s, -np.inf)
    p = softmax(s, axis=axis)
    if late:
        p = np.where(seen, p, 0)
    return np.einsum("htk,hdk->td", p @ v, W_o)


def by_queries(x, W_q, W_k, W_v, W_o):
    """One query at a time: no mask is needed if later keys are not there."""
    found = np.zeros_like(x)
    for t in range(len(x)):
        for q, k, v, o in zip(W_q, W_k, W_v, W_o, strict=True):
            p = softmax((x[: t + 1] @ k.T) @ (q @ x[t]) / len(q) ** 0.5)
            found[t] += o @ (p @ (x[: t + 1] @ v.T))
    return found


def gelu(z):
    return z / 2 * (1 + np.tanh((2 / np.pi) ** 0.5 * (z + 0.044715 * z * z * z)))


def hidden(x, W_up, b_up, W_down, b_down, of=gelu):
    return of(x @ W_up.T + b_up) @ W_down.T + b_down


def own_logits(model, tokens):
    x = model.embedding[tokens] + model.positions[: len(tokens)]
    for b in model.blocks:
        x = x + attend(norm(x, *b.norm_1), *b.attention[:4])
        x = x + hidden(norm(x, *b.norm_2), *b.up, *b.down)
    return norm(x, *model.norm) @ model.unembedding.T


def by_the_package(model, tokens):
    x = transformer.embed(model, tokens)
    for b in model.blocks:
        x = x + self_attention(blocks.layer_norm(x, b.norm_1)[0], Attention(*b.attention[:4]))[0]
        x = x + blocks.mlp(blocks.layer_norm(x, b.norm_2)[0], b.up, b.down)[0]
    return blocks.layer_norm(x, model.norm)[0] @ model.unembedding.T


def one_by_one(model, tokens):
    """Each prefix on its own: its last row is what the whole text has there."""
    return np.array([own_logits(model, tokens[: t + 1])[-1] for t in range(len(tokens))])


def altered(**changes):
    return lambda model, tokens: own_logits(
        model._replace(**{k: change(model) for k, change in changes.items()}), tokens
    )


def greedy(next_logits, tokens, count, context):
    for _ in range(count):
        tokens = [*tokens, int(np.argmax(next_logits(tokens[-context:])))]
    return tokens


def recursive(next_logits, tokens, count, context):
    if not count:
        return np.array(tokens)
    new = np.asarray(next_logits(tokens[-context:])).argsort()[-1]
    return recursive(next_logits, [*tokens, new], count - 1, context)


def first_window(next_logits, tokens, count, context):
    for _ in range(count):
        tokens = [*tokens, int(np.argmax(next_logits(tokens[:context])))]
    return tokens


BANK = {
    "layer_norm": Bank(
        wrong={
            "no gain": (lambda x, g, b: norm(x, 1, 0), "gain and bias are missing"),
            "whole": (lambda x, g, b: (x - x.mean()) / x.std() * g + b, "the whole array"),
            "columns": (lambda x, g, b: norm(x, g, b, axis=0), "you normalise the columns"),
            "variance": (lambda x, g, b: norm(x, g, b, root=1), "you divide by the variance"),
            "no mean": (lambda x, g, b: norm(x, g, b, centre=0), "you do not subtract the mean"),
            "bias first": (
                lambda x, g, b: (norm(x, 1, 0) + b) * g,
                "you add the bias before",
            ),
            "n - 1": (lambda x, g, b: norm(x, g, b, ddof=1), "divides by n, not by n - 1"),
            "in place": (norm_in_place, "you change an input in place"),
        },
        unusual={
            "var": norm,
            "row by row": norm_by_rows,
            "the package": lambda x, g, b: blocks.layer_norm(x, blocks.Norm(g, b))[0],
        },
    ),
    "attention": Bank(
        wrong={
            "no mask": (lambda *p: attend(*p, mask=False), "the mask is missing"),
            "no root": (lambda *p: attend(*p, scale=1), "not divided by the root of d_k"),
            "d_model": (
                lambda x, *p: attend(x, *p, scale=x.shape[1] ** -0.5),
                "by the root of d_model",
            ),
            "late": (lambda *p: attend(*p, late=True), "the mask comes too late"),
            "mean": (lambda x, *p: attend(x, *p) / len(p[0]), "the heads are averaged"),
            "one head": (
                lambda x, *p: attend(x, *(W[:1] for W in p)),
                "only the first head is there",
            ),
            "residual": (lambda x, *p: x + attend(x, *p), "belongs to the block"),
            "values only": (lambda x, q, k, v, o: x @ v[0].T, "the shape is"),
        },
        unusual={
            "einsum": attend,
            "query by query": by_queries,
            "the package": lambda x, *p: self_attention(x, Attention(*p))[0],
        },
    ),
    "mlp": Bank(
        wrong={
            "relu": (lambda *p: hidden(*p, of=lambda z: np.maximum(z, 0)), "this is ReLU"),
            "linear": (
                lambda *p: hidden(*p, of=lambda z: z),
                "the activation function is missing",
            ),
            "gate": (lambda *p: hidden(*p, of=blocks.gelu_gate), "you have the gate alone"),
            "no biases": (
                lambda x, u, a, d, b: gelu(x @ u.T) @ d.T,
                "the biases are missing",
            ),
            "no second bias": (
                lambda x, u, a, d, b: hidden(x, u, a, d, 0 * b),
                "of the second layer is missing",
            ),
            "at the end": (lambda *p: gelu(hidden(*p)), "not at the end too"),
            "swish": (
                lambda *p: hidden(*p, of=lambda z: z / (1 + np.exp(-z))),
                "this is swish",
            ),
        },
        unusual={
            "tanh": hidden,
            "the package's gelu": lambda *p: hidden(*p, of=blocks.gelu),
            "columns": lambda x, u, a, d, b: (d @ gelu(u @ x.T + a[:, None]) + b[:, None]).T,
        },
    ),
    "logits": Bank(
        wrong={
            "no positions": (
                altered(positions=lambda m: 0 * m.positions),
                "the positions are missing",
            ),
            "plain norm": (
                altered(norm=lambda m: blocks.init_norm(len(m.norm.gain), np.dtype(float))),
                "the last norm has no gain",
            ),
            "tied": (altered(unembedding=lambda m: m.embedding), "as the unembedding"),
            "one block": (altered(blocks=lambda m: m.blocks[:1]), "you stop after the first"),
            "reverse": (altered(blocks=lambda m: m.blocks[::-1]), "the blocks come in reverse"),
            "no mask": (
                lambda m, t: transformer.logits(m, t, causal=False),
                "the mask is missing",
            ),
            "probabilities": (
                lambda m, t: softmax(own_logits(m, t), axis=-1),
                "these are the probabilities",
            ),
            "last": (lambda m, t: own_logits(m, t)[-1], "only the last position"),
            "no last norm": (
                lambda m, t: transformer.embed(m, t) @ m.unembedding.T,
                "the logits differ from the book's",
            ),
        },
        unusual={
            "own parts": own_logits,
            "prefixes": one_by_one,
            "the package's parts": by_the_package,
        },
    ),
    "write": Bank(
        wrong={
            "no window": (lambda f, t, n, c: greedy(f, t, n, 99), "tokens; it holds"),
            "first window": (first_window, "it should be [1, 2, 3, 4,"),
            "new only": (lambda f, t, n, c: greedy(f, t, n, c)[len(t) :], "only the new tokens"),
            "one more": (lambda f, t, n, c: greedy(f, t, n + 1, c), "you ask the model 5 times"),
            "nothing": (lambda f, t, n, c: t, "it should be [3,"),
            "least likely": (
                lambda f, t, n, c: greedy(lambda given: -f(given), t, n, c),
                "it should be [3,",
            ),
            "returns nothing": (lambda f, t, n, c: None, "did you forget `return`"),
        },
        unusual={
            "a loop": greedy,
            "recursion, an array": recursive,
            "the window is kept": lambda f, t, n, c: [int(x) for x in greedy(f, t, n, c)],
        },
    ),
}
