"""The tiny GPT: a transformer's forward pass, its cache, and the text it writes."""

import numpy as np

from golden import case
from weighted_sums import blocks, generation, sampling, tokens, transformer
from weighted_sums.workshop.interactive import packed, packed_tree

TEXT = "the cat sat on the mat; the cat sat. Ein Fuß, 猫坐下 🍰\x85 a_b\u2003\n\n  x"
BYTE_PAIRS = tokens.BPETokenizer.train("the cat sat on the mat the cat sat on the hat", 12)


def model():
    rng = np.random.default_rng(5)
    drawn = transformer.init_transformer(13, 8, d_model=12, n_heads=3, n_layers=2, rng=rng)
    unembedding = rng.standard_normal((13, 12)).astype("f4")  # far from uniform probabilities
    return drawn._replace(unembedding=unembedding)


class Uniforms(np.random.Generator):
    """A generator that hands out numbers from a list."""

    def __init__(self, numbers):
        super().__init__(np.random.PCG64(0))
        self.numbers = iter(numbers)

    def random(self):
        return next(self.numbers)


def forward_cases(part):
    m = model()
    rows = np.array([3, 1, 4, 1, 5, 9, 2])
    payload = packed_tree(m)
    return [
        case(
            {"payload": payload, "tokens": rows, "causal": causal},
            part(m, rows, causal=causal),
            tol,
        )
        for causal, tol in ((True, 1e-4), (False, 1e-4))
    ]


def triangles(m, rows, causal):
    """The attention weights, each query's row cut where the future begins."""
    return [
        [[row[: i + 1] if causal else row for i, row in enumerate(head)] for head in layer]
        for layer in transformer.attention_patterns(m, rows, causal=causal)
    ]


def generated_cases():
    m, uniforms = model(), np.random.default_rng(2).random(20)
    found = []
    for temperature, top_k in ((1.0, 13), (0.7, 4), (0.0, 13), (5.0, 1)):
        text = generation.generate(m, [3, 1], 20, Uniforms(uniforms), temperature, top_k)
        given = {"payload": packed_tree(m), "prompt": [3, 1], "uniforms": uniforms,
                 "temperature": temperature, "top_k": top_k}  # fmt: skip
        found.append(case(given, text))
    return found


def cases():
    rng = np.random.default_rng(0)
    x, W = rng.standard_normal(6), rng.standard_normal((5, 6)).astype("f4")
    norm = blocks.Norm(*rng.standard_normal((2, 6)).astype("f4"))
    z = np.array([-1000.0, -8, -1, -1e-6, 0, 0.5, 3, 1000])
    exact = blocks.Norm(*(part.astype(float) for part in norm))
    encoded = BYTE_PAIRS.encode(TEXT)
    merges = BYTE_PAIRS.merges
    one = forward_cases(transformer.logits)[0]
    counts = [(n, c) for c in (1, 7, 8) for n in (1, 7, 8, 9, 12, 13, 30)]
    return {
        "logits": forward_cases(transformer.logits),
        "oneByOne": [{**one, "input": {k: one["input"][k] for k in ("payload", "tokens")}}],
        "attention": forward_cases(triangles),
        "generated": generated_cases(),
        "windowStart": [
            case({"count": n, "context": c}, n - len(generation.window(list(range(n)), c)))
            for n, c in counts
        ],
        "layerNorm": [
            case({"x": x, "norm": packed_tree(norm)}, blocks.layer_norm(x, exact)[0]),
            case({"x": x * 0, "norm": packed_tree(norm)}, blocks.layer_norm(x * 0, exact)[0]),
        ],
        "gelu": [case(z, blocks.gelu(z))],
        "matVec": [case({"W": packed(W), "x": x}, W.astype(float) @ x)],
        "encode": [case({"text": t, "merges": merges}, BYTE_PAIRS.encode(t)) for t in (TEXT, "")],
        "decode": [
            case({"tokens": t, "merges": merges}, BYTE_PAIRS.decode(t))
            for t in (encoded.tolist(), [0xE7, 0x8C], [])
        ],
        "merge": [
            case({"tokens": t, "pair": (1, 1), "made": 9}, tokens.merged(t, (1, 1), 9))
            for t in ([1, 1, 1, 2, 1, 1], [1], [])
        ],
        "sample": [
            case({"p": p, "u": u}, sampling.sample(np.array(p), Uniforms([u])))
            for p in ([0.0, 0.25, 0.75, 0.0], [1.0]) for u in (0.0, 0.2, 0.25, 0.9, 0.9999999)
        ],
        "randomNumbers": [case(seed, [True, True, True]) for seed in (0, 1, 9999)],
    }  # fmt: skip
