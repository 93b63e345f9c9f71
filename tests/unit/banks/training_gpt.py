"""Answers to the exercises on training a GPT."""

import statistics

import numpy as np
from scipy.special import logsumexp, softmax

from banks import Bank
from weighted_sums.dot_product import attention_weights


def exponentials(q, k, v):
    e = np.exp(k @ q / np.sqrt(len(q)))
    return e / e.sum() @ v


def scales_in_place(q, k, v):
    q /= np.sqrt(len(q))
    return softmax(k @ q) @ v


def as_last_row(q, k, v):
    """The query stands for those of all positions: only the last row is used."""
    return (attention_weights(np.repeat(q[None], len(k), axis=0), k) @ v)[-1]


def one_after_the_other(q, k, v):
    """Without all scores at once: rescale what was gathered when a larger score comes."""
    largest, total, found = -np.inf, 0.0, np.zeros(v.shape[1])
    for key, value in zip(k, v, strict=True):
        score = key @ q / len(q) ** 0.5
        new = max(largest, score)
        total = total * np.exp(largest - new) + np.exp(score - new)
        found = found * np.exp(largest - new) + np.exp(score - new) * value
        largest = new
    return found / total


def adds_in_place(g, n):
    g[0] *= n[0]
    for part, size in zip(g[1:], n[1:], strict=True):
        g[0] += size * part
    return g[0] / sum(n)


def running_average(g, n):
    found, count = np.zeros_like(g[0]), 0
    for part, size in zip(g, n, strict=True):
        count += size
        found = found + (part - found) * size / count
    return found


def trained(train_at, learning_rate, seed):
    try:
        return train_at(learning_rate, seed)
    except FloatingPointError:
        return np.inf


def guarded(train_at, learning_rate, seed):
    cost = trained(train_at, learning_rate, seed)
    return cost if np.isfinite(cost) else np.inf


def sweep(train_at, rates, seeds, average=np.mean, run=guarded):
    costs = [
        average([run(train_at, learning_rate, seed) for seed in seeds]) for learning_rate in rates
    ]
    return rates[int(np.argmin(costs))]


def first_nan_stays(train_at, rates, seeds):
    return min(
        rates,
        key=lambda learning_rate: np.mean([trained(train_at, learning_rate, s) for s in seeds]),
    )


def sound(train_at, rates, seeds):
    return [r for r in rates if all(np.isfinite(guarded(train_at, r, s)) for s in seeds)]


def skips_failures(train_at, rates, seeds):
    def cost(learning_rate):
        runs = []
        for seed in seeds:
            try:
                runs.append(train_at(learning_rate, seed))
            except FloatingPointError:
                continue
        return np.mean(runs) if np.isfinite(runs).all() else np.inf

    return min(rates, key=cost)


class Sweep:
    """Run seed by seed, and leave out a rate as soon as it fails."""

    def __call__(self, train_at, rates, seeds):
        totals = dict.fromkeys(rates, 0.0)
        for seed in seeds:
            for learning_rate in list(totals):
                cost = guarded(train_at, learning_rate, seed)
                totals[learning_rate] += cost
                if cost == np.inf:
                    del totals[learning_rate]
        return np.float64(sorted(totals, key=totals.get)[0])


def windows(tokens, begins, length):
    rows = tokens[np.asarray(begins)[:, None] + np.arange(length + 1)]
    return rows[:, :-1], rows[:, 1:]


def by_slices(tokens, begins, length):
    x = [tokens[b : b + length].tolist() for b in begins]
    return x, [tokens[b + 1 : b + length + 1].tolist() for b in begins]


def by_sliding(tokens, begins, length):
    rows = np.lib.stride_tricks.sliding_window_view(tokens, length + 1)[begins]
    return [rows[:, :-1].copy(), rows[:, 1:].copy()]


def shifts_in_place(tokens, begins, length):
    found = windows(tokens, begins, length)
    tokens[:-1] = tokens[1:]
    return found


def bits(loss, tokens, text):
    return loss * tokens / len(text.encode()) / np.log(2)


def probe(logits, tokens, vocab_size, last_only=False, whole=False, first=False):
    """Change one token at a time and compare the logits before it."""
    before = logits(tokens)
    changes = [len(tokens) - 1] if last_only else range(1, len(tokens))
    for t in changes:
        changed = tokens.copy()
        changed[t] = (changed[t] + 1) % vocab_size
        after = logits(changed)
        end = len(tokens) if whole else 1 if first else t
        if not np.allclose(after[:end], before[:end]):
            return True
    return False


def by_prefixes(logits, tokens, vocab_size):
    """What a position computes must not depend on whether later tokens exist; here: which."""
    rng = np.random.default_rng(0)
    whole = logits(tokens)
    for t in range(1, len(tokens)):
        for _ in range(3):
            other = np.concatenate([tokens[:t], rng.integers(vocab_size, size=len(tokens) - t)])
            if np.abs(logits(other)[:t] - whole[:t]).max() > 1e-9:
                return True
    return False


def compares_last_rows(logits, tokens, vocab_size):
    changed = tokens.copy()
    changed[-1] = (changed[-1] + 1) % vocab_size
    return bool(np.abs(logits(changed) - logits(tokens))[-1].max() > 0)


BANK = {
    "batch": Bank(
        wrong={
            "no shift": (lambda t, b, n: (windows(t, b, n)[0],) * 2, "y is x: a model"),
            "swapped": (lambda t, b, n: windows(t, b, n)[::-1], "x is y: inputs and targets"),
            "backwards": (
                lambda t, b, n: (windows(t, b, n)[0], t[b[:, None] - 1 + np.arange(n)]),
                "y holds the tokens before",
            ),
            "one too many": (
                lambda t, b, n: (t[b[:, None] + np.arange(n + 1)], windows(t, b, n)[1]),
                "tokens a row; the last has no target",
            ),
            "columns": (
                lambda t, b, n: tuple(part.T for part in windows(t, b, n)),
                "windows as columns",
            ),
            "rolled": (
                lambda t, b, n: (
                    windows(t, b, n)[0],
                    np.roll(windows(t, b, n)[0], -1, axis=1) if n > 1 else windows(t, b, n)[1],
                ),
                "wraps around inside the window",
            ),
            "only x": (lambda t, b, n: windows(t, b, n)[0], "a pair (x, y) is asked for"),
            "last token only": (
                lambda t, b, n: (windows(t, b, n)[0], t[b + n]),
                "the shape is",
            ),
            "in place": (shifts_in_place, "you change an input in place"),
        },
        unusual={"index array": windows, "slices": by_slices, "sliding view": by_sliding},
    ),
    "bits_per_byte": Bank(
        wrong={
            "characters": (
                lambda loss, n, text: loss * n / len(text) / np.log(2),
                "outside ASCII has several bytes",
            ),
            "nats": (lambda *given: bits(*given) * np.log(2), "yours is in nats; divide by ln 2"),
            "per token": (lambda loss, n, text: loss / np.log(2), "bits per token"),
            "times ln 2": (
                lambda loss, n, text: loss * n / len(text.encode()) * np.log(2),
                "you multiply by ln 2",
            ),
            "total": (lambda loss, n, text: loss * n / np.log(2), "the total loss in bits"),
            "divides by tokens": (
                lambda loss, n, text: loss / n / len(text.encode()) / np.log(2),
                "you divide by the tokens",
            ),
            "ln 10": (
                lambda loss, n, text: loss * n / len(text.encode()) / np.log(10),
                "you divide by ln 10",
            ),
            "perplexity": (lambda *given: 2 ** bits(*given), "it should be"),
            "nothing": (lambda loss, n, text: None, "your function returns nothing"),
        },
        unusual={
            "formula": bits,
            "log2 of e": lambda loss, n, text: (
                loss * np.log2(np.e) * n / sum(1 for _ in bytearray(text, "utf-8"))
            ),
            "by probabilities": lambda loss, n, text: (
                -np.log2(np.exp(-loss)) * n / len(text.encode())
            ),
        },
    ),
    "epochs": Bank(
        wrong={
            "windows": (lambda s, b, c, n: s * b / n, "you count windows"),
            "one window": (lambda s, b, c, n: s * c / n, "the number of windows in a batch"),
            "processed": (lambda s, b, c, n: s * b * c, "the number of tokens that are processed"),
            "inverse": (lambda s, b, c, n: n / (s * b * c), "yours is the inverse"),
            "whole": (lambda s, b, c, n: s * b * c // n, "an average need not be whole"),
            "one batch": (lambda s, b, c, n: b * c / n, "you leave out the steps"),
            "a window less": (lambda s, b, c, n: s * b * c / (n - c), "it should be"),
        },
        unusual={
            "product": lambda s, b, c, n: s * b * c / n,
            "logarithms": lambda s, b, c, n: np.exp(np.log([s, b, c]).sum() - np.log(n)),
            "per token": lambda s, b, c, n: sum([b * c / n] * s),
        },
    ),
    "sees_the_future": Bank(
        wrong={
            "never": (lambda *given: False, "you return False, but earlier logits do change"),
            "always": (lambda *given: True, "you return True, but no earlier logit changes"),
            "last token only": (
                lambda *given: probe(*given, last_only=True),
                "position 2 sees position 3, and nothing else you return False",
            ),
            "whole row": (
                lambda *given: probe(*given, whole=True),
                "rows of earlier tokens and its own you return True",
            ),
            "first row only": (
                lambda *given: probe(*given, first=True),
                "only position 1 sees the last token you return False",
            ),
            "last row": (compares_last_rows, "rows of earlier tokens and its own you return True"),
            "a number": (lambda *given: 0.0, "True or False is asked for"),
        },
        unusual={
            "one token at a time": probe,
            "random continuations": by_prefixes,
            "NumPy's bool": lambda *given: np.bool_(probe(*given)),
        },
    ),
    "attend_last": Bank(
        wrong={
            "no root": (lambda q, k, v: softmax(k @ q) @ v, "not divided by the root of"),
            "overflow": (exponentials, "subtract the largest"),
            "mean": (lambda q, k, v: v.mean(axis=0), "you average the values"),
            "weights": (lambda q, k, v: softmax(k @ q), "a vector of"),
            "no square root": (lambda q, k, v: softmax(k @ q / len(q)) @ v, "not by its root"),
            "positions": (
                lambda q, k, v: softmax(k @ q / len(k) ** 0.5) @ v,
                "root of the number of positions",
            ),
            "itself masked": (
                lambda q, k, v: as_last_row(q, k[:-1], v[:-1]) if len(k) > 1 else v[0],
                "you leave out the newest position",
            ),
            "hard": (lambda q, k, v: v[(k @ q).argmax()], "softmax mixes them all"),
            "newest value": (lambda q, k, v: v[-1], "it should be"),
            "a row": (lambda q, k, v: softmax(k @ q / len(q) ** 0.5)[None] @ v, "not shape (1,"),
            "in place": (scales_in_place, "changes q itself"),
        },
        unusual={
            "softmax": lambda q, k, v: softmax(k @ q / len(q) ** 0.5) @ v,
            "scalars": lambda q, k, v: sum(
                p * row for p, row in zip(softmax(k @ q / len(q) ** 0.5), v, strict=True)
            ),
            "last row of all": as_last_row,
            "einsum, logarithms": lambda q, k, v: np.einsum(
                "k,kd->d", np.exp(k @ q / len(q) ** 0.5 - logsumexp(k @ q / len(q) ** 0.5)), v
            ),
            "running softmax": one_after_the_other,
        },
    ),
    "accumulate": Bank(
        wrong={
            "plain mean": (lambda g, n: np.mean(g, axis=0), "you weight all parts equally"),
            "sum of windows": (lambda g, n: np.array(n) @ np.array(g), "the sum over all windows"),
            "first part": (lambda g, n: np.array(g[0]), "it should be"),
            "a number": (lambda g, n: 0.0, "a gradient of 3 numbers"),
            "sum of parts": (lambda g, n: sum(g), "add up the parts unweighted"),
            "by parts": (lambda g, n: np.array(n) @ np.array(g) / len(n), "the number of parts"),
            "not weighted": (lambda g, n: sum(g) / sum(n), "but the parts are averages"),
            "inverse": (
                lambda g, n: np.average(g, axis=0, weights=1 / np.array(n)),
                "a larger part must count more",
            ),
            "integers": (
                lambda g, n: sum(s // sum(n) * p for s, p in zip(n, g, strict=True)),
                "size // total is always 0",
            ),
            "in place": (adds_in_place, "changes gradients itself"),
        },
        unusual={
            "np.average": lambda g, n: np.average(g, axis=0, weights=n),
            "scalars": lambda g, n: [
                sum(s * p[i] for s, p in zip(n, g, strict=True)) / sum(n) for i in range(len(g[0]))
            ],
            "repeated": lambda g, n: np.repeat(g, n, axis=0).mean(axis=0),
            "running average": running_average,
            "float32": lambda g, n: np.average(np.array(g, np.float32), axis=0, weights=n),
        },
    ),
    "sweep": Bank(
        wrong={
            "first seed": (lambda t, r, s: sweep(t, r, s[:1]), "ended in nan"),
            "luckiest": (lambda t, r, s: sweep(t, r, s, np.min), "ended in nan"),
            "first seed, sound": (
                lambda t, r, s: sweep(t, sound(t, r, s), s[:1]),
                "the first seed",
            ),
            "last seed, sound": (lambda t, r, s: sweep(t, sound(t, r, s), s[-1:]), "the last seed"),
            "last seed": (
                lambda t, r, s: min(r, key=lambda learning_rate: trained(t, learning_rate, s[-1])),
                "ended in nan",
            ),
            "nothing caught": (
                lambda t, r, s: min(r, key=lambda learning_rate: t(learning_rate, s[0])),
                "ended in nan",
            ),
            "all seeds, nothing caught": (
                lambda t, r, s: sweep(t, r, s, run=lambda t, *at: t(*at)),
                "stopped with FloatingPointError",
            ),
            "nan kept": (first_nan_stays, "min keeps a nan that comes first"),
            "nanmean": (lambda t, r, s: sweep(t, r, s, np.nanmean, trained), "ended in nan"),
            "failures skipped": (skips_failures, "left out of the average"),
            "median": (lambda t, r, s: sweep(t, r, s, np.median), "the smallest median"),
            "worst": (lambda t, r, s: sweep(t, r, s, np.max), "best in its worst run"),
            "seeds from 0": (
                lambda t, r, s: sweep(t, r, range(len(s))),
                "the seed 0, which",
            ),
            "own rates": (lambda t, r, s: sweep(t, [0.5, *r], s), "the rate 0.5, which"),
            "always the second": (lambda t, r, s: r[1], "the rate 0.0001 has"),
            "between": (lambda t, r, s: 0.5, "one of the rates"),
            "index": (lambda t, r, s: r.index(sweep(t, r, s)) + 2, "one of the rates"),
        },
        unusual={
            "argmin": sweep,
            "sum": lambda t, r, s: sweep(t, r, s, sum),
            "statistics": lambda t, r, s: sweep(t, r, s, statistics.mean),
            "seed by seed": Sweep(),
            "a huge cost": lambda t, r, s: sweep(t, r, s, run=lambda *run: min(guarded(*run), 1e9)),
        },
    ),
}
