"""A training step on one name, in the setting of microgpt: a GPT small enough for scalars.

One block of width 16 with four heads learns to continue the letters of a name; a step is forward,
backward and Adam. Karpathy's microgpt does it in plain Python, with a node for every number. Here
micrograd's engine computes our transformer that way; its exponential and logarithm are in
`bench.scalars`. JAX and autograd differentiate one function of arrays, which JAX has compiled.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from bench import gpt, peers, scalars
from bench.pairs import OURS, Case, Programs
from weighted_sums import transformer
from weighted_sums.blocks import GELU_CUBIC, NORM_EPS, SQRT_2_OVER_PI
from weighted_sums.optimizers import Adam
from weighted_sums.workshop import parameters

CASE = "name step"
LETTERS, CONTEXT, HEADS = 27, 16, 4  # the alphabet and the mark that begins and ends a name


def programs(width: int, letters: int) -> Programs:
    """The same step of the same model in all programs; each returns the cost before it."""
    rng = np.random.default_rng(0)
    model = transformer.init_transformer(LETTERS, CONTEXT, width, HEADS, 1, rng, np.float64)
    name = rng.integers(1, LETTERS, size=letters)
    todo = gpt.Work(model, np.append(0, name)[None], np.append(name, 0)[None])
    gradient, update = gpt.in_torch(todo)

    def pytorch() -> float:
        cost = gradient()
        update()
        return cost

    present = peers.present(
        CASE,
        {
            "jax": ("JAX, compiled", jax),
            "autograd": ("autograd", autograd),
            "micrograd": ("micrograd", scalars.step),
        },
    )
    # a step changes its model in place: each program has a copy
    own = {name: todo._replace(model=parameters.copy(model)) for name in (OURS, *present)}
    others = {name: make(own[name]) for name, make in present.items()}
    return {OURS: gpt.by_hand(own[OURS]), "PyTorch": pytorch} | others


def loss(np: Any, model: transformer.Transformer, x: np.ndarray, y: np.ndarray) -> Any:
    """The cost of one name, in the functions `np` of any library of arrays."""
    n, d_head = x.size, model.embedding.shape[1] // HEADS
    stream = model.embedding[x] + model.positions[:n]
    for block in model.blocks:
        inputs = norm(np, stream, block.norm_1)
        q, k, v = (inputs @ np.swapaxes(W, -1, -2) for W in block.attention[:3])
        scores = q @ np.swapaxes(k, -1, -2) / math.sqrt(d_head)
        scores = np.where(np.tril(np.ones((n, n))) > 0, scores, -1e30)
        weights = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
        weights = weights / np.sum(weights, axis=-1, keepdims=True)
        outputs = weights @ v @ np.swapaxes(block.attention.W_o, -1, -2)
        stream = stream + np.sum(outputs, axis=0)
        z = norm(np, stream, block.norm_2) @ block.up.W.T + block.up.b
        a = 0.5 * z * (1 + np.tanh(SQRT_2_OVER_PI * (z + GELU_CUBIC * z * z * z)))
        stream = stream + a @ block.down.W.T + block.down.b
    z = norm(np, stream, model.norm) @ model.unembedding.T
    return np.mean(np.log(np.sum(np.exp(z), axis=-1)) - z[np.arange(n), y])


def norm(np: Any, x: Any, own: Any) -> Any:
    """A layer norm in the functions `np`."""
    x = x - np.mean(x, axis=-1, keepdims=True)
    return x / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + NORM_EPS) * own.gain + own.bias


def jax(todo: gpt.Work) -> Callable[[], float]:
    """JAX: gradient and Adam's update compiled as one program."""
    import jax

    jax.config.update("jax_enable_x64", True)
    numpy, x, y = jax.numpy, todo.x[0], todo.y[0]
    adam, zeros = Adam(gpt.RATE), jax.tree.map(np.zeros_like, todo.model)
    state = todo.model, zeros, zeros, 1.0

    def update(t: Any, p: Any, dp: Any, m: Any, s: Any) -> Any:
        m, s = m + (1 - adam.beta1) * (dp - m), s + (1 - adam.beta2) * (dp * dp - s)
        corrected = m / (1 - adam.beta1**t), s / (1 - adam.beta2**t)
        return p - gpt.RATE * corrected[0] / (numpy.sqrt(corrected[1]) + adam.eps), m, s

    @jax.jit
    def compiled(model: Any, first: Any, second: Any, t: Any) -> Any:
        found, grads = jax.value_and_grad(lambda m: loss(numpy, m, x, y))(model)
        flat = zip(*map(jax.tree.leaves, (model, grads, first, second)), strict=True)
        new = zip(*(update(t, *arrays) for arrays in flat), strict=True)
        return found, (
            *(jax.tree.unflatten(jax.tree.structure(model), part) for part in new),
            t + 1,
        )

    def step() -> float:
        nonlocal state
        found, state = compiled(*state)
        return float(found)

    return step


def autograd(todo: gpt.Work) -> Callable[[], float]:
    """autograd, which differentiates the function of arrays; the update is ours."""
    import autograd
    from autograd import numpy

    x, y = todo.x[0], todo.y[0]
    adam, arrays = Adam(gpt.RATE), parameters.leaves(todo.model)
    gradient = autograd.value_and_grad(
        lambda arrays: loss(numpy, parameters.rebuild(iter(arrays), todo.model), x, y)
    )

    def step() -> float:
        found, grads = gradient(arrays)
        adam.step(arrays, grads)
        return float(found)

    return step


NAME_STEP = Case(
    name=CASE,
    programs=programs,
    settings=[{"width": 16, "letters": 6}],
    main=[{"width": 16, "letters": 6}],
    tiny={"width": 8, "letters": 2},
    tolerance=1e-5,
)
