"""The counter: every array of a transformer, from GPT-3 to the smallest there is."""

import dataclasses
import itertools

from golden import case
from weighted_sums import counting

SIZES = [
    counting.GPT_3,
    counting.GPT_2,
    counting.Configuration(1256, 48, 96, n_heads=4, n_layers=2),
    counting.Configuration(1, 1, 1, n_heads=1, n_layers=1, tied=True),
    counting.Configuration(10**6, 10**6, 10**6, n_heads=1000, n_layers=500, attention_biases=True),
]


def given(c):
    return {
        "vocab_size": c.vocab_size, "context": c.context_length, "n_heads": c.n_heads,
        "d_head": c.d_model // c.n_heads, "n_layers": c.n_layers, "biases": c.attention_biases,
        "tied": c.tied,
    }  # fmt: skip


def rows(parts):
    return [[*part, part.parameters] for part in parts]


def each(part):
    return [case(given(c), part(c), 0) for c in SIZES]


def ticked():
    """Every combination of the boxes: each counts its own part, whatever the others say."""
    found = []
    for rest, biases, tied in itertools.product((False, True), repeat=3):
        c = dataclasses.replace(counting.GPT_2, attention_biases=biases, tied=tied)
        wanted = counting.total(counting.matrices(c))
        wanted += 4 * 12 * 768 * biases - 50_257 * 768 * tied
        # position embedding, gains and biases of 25 layer norms, biases of the MLPs
        wanted += (1024 * 768 + 2 * 25 * 768 + 12 * 5 * 768) * rest
        found.append(case({**given(c), "all": rest}, wanted, 0))
    return found


def cases():
    found = [(c, counting.fractions(c)) for c in SIZES]
    return {
        "matrices": each(lambda c: rows(counting.matrices(c))),
        "uncounted": each(lambda c: rows(counting.uncounted(c))),
        "published": each(lambda c: counting.total(counting.matrices(c))),
        "everything": each(lambda c: counting.total(counting.parts(c))),
        "ticked": ticked(),
        "matrixCount": each(lambda c: sum(part.copies for part in counting.matrices(c))),
        "byGroup": each(lambda c: counting.by_group(counting.parts(c))),
        "columns": [case(given(c), list(bands.values()), 1e-12) for c, bands in found],
        "bands": [case(given(c), bands, 1e-12) for c, bands in found],
    }
