"""A token's journey: every array that a transformer makes at the last position."""

import numpy as np

from golden import case
from golden.gpt import model
from weighted_sums import blocks, sampling, transformer
from weighted_sums.workshop.interactive import packed_tree


def exact():
    """The model of the tiny GPT's vectors, in double precision."""
    m = model()
    return m._replace(
        embedding=m.embedding.astype(float),
        positions=m.positions.astype(float),
        unembedding=m.unembedding.astype(float),
    )


def head(normed, attention, h):
    """One head at the last position, from its definition."""
    W_q, W_k, W_v, W_o = (part[h].astype(float) for part in attention[:4])
    q, keys, values = W_q @ normed[-1], normed @ W_k.T, normed @ W_v.T
    scores = keys @ q / np.sqrt(len(q))
    weights = np.exp(scores - scores.max())
    weights /= weights.sum()
    mixed = weights @ values
    return {"q": q, "k": keys[-1], "v": values[-1], "scores": scores, "weights": weights,
            "mixed": mixed, "written": W_o @ mixed}  # fmt: skip


def visit(stream, block):
    normed = blocks.layer_norm(stream, block.norm_1)[0]
    heads = [head(normed, block.attention, h) for h in range(len(block.attention.W_q))]
    attended = sum(one["written"] for one in heads)
    middle = stream[-1] + attended
    normed_2 = blocks.layer_norm(middle, block.norm_2)[0]
    hidden = blocks.gelu(block.up.W.astype(float) @ normed_2 + block.up.b)
    end = blocks.block_forward(stream, block)[0][-1]
    return {"x": stream[-1], "normed_1": normed[-1], "heads": heads, "attended": attended,
            "middle": middle, "normed_2": normed_2, "hidden": hidden, "written": end - middle,
            "end": end}  # fmt: skip


def journey(m, tokens):
    stream, layers = transformer.embed(m, tokens), []
    start, last = stream[-1], len(tokens) - 1
    for block in m.blocks:
        layers.append(visit(stream, block))
        stream = blocks.block_forward(stream, block)[0]
    normed = blocks.layer_norm(stream[-1], m.norm)[0]
    logits = transformer.logits(m, tokens)[-1]
    return {"embedding": m.embedding[tokens[-1]], "position": m.positions[last], "start": start,
            "layers": layers, "normed": normed, "logits": logits,
            "p": sampling.probabilities(logits)}  # fmt: skip


def cases():
    m, payload = exact(), packed_tree(model())
    given = [np.array(tokens) for tokens in ([3], [3, 1, 4, 1, 5], [12, 0, 7, 7, 2, 9, 1, 4])]
    first = journey(m, given[1])
    read = m.unembedding @ blocks.layer_norm(first["start"], m.norm)[0]
    return {
        "journey": [
            case({"payload": payload, "tokens": t}, journey(m, t), tolerance=1e-4) for t in given
        ],
        "lens": [
            case({"payload": payload, "x": first["start"]}, sampling.probabilities(read), 1e-4)
        ],
        "tokensOf": [
            case({"words": words, "longest": 6}, tokens)
            for words, tokens in (("ab z", [1, 2, 0, 26]), ("", [0]), ("A-1,B", [1, 0, 2]),
                                  ("abcdefgh", [3, 4, 5, 6, 7, 8]), ("Ü  x", [0, 24]))
        ],
        "stops": [case(payload, [21, 21])],
    }  # fmt: skip
