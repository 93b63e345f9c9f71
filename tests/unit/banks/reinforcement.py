"""Answers to the exercises on rewards: each plausible error, and other right ways."""

import math

import numpy as np
from scipy.special import rel_entr

from banks import Bank


def implied(before, after, beta):
    found = beta * (np.log(after) - np.log(before))
    return found - found.mean()


def centred(found):
    return found - found.mean()


def in_place(before, after, beta):
    after /= before
    return centred(beta * np.log(after))


def by_pairs(before, after, beta):
    """The mean difference to all answers: no average is taken away."""
    score = [beta * math.log(a / b) for a, b in zip(after, before, strict=True)]
    return [sum(mine - other for other in score) / len(score) for mine in score]


def geometric(before, after, beta):
    ratio = after / before
    return np.log((ratio / ratio.prod() ** (1 / len(ratio))) ** beta)


def stacked(*properties):
    """An answer that gives these functions of facts f and flourishes g as columns."""
    return lambda f, g: np.stack([p(f, g) for p in properties], axis=1)


def facts(f, g):
    return f


def flourishes(f, g):
    return g


def logit(p):
    return np.log(p / (1 - p))


def by_bisection(p):
    low, high = -20.0, 20.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if 1 / (1 + np.exp(-middle)) < p else (low, middle)
    return low


def divergence(p, q, keep=None):
    given = p > 0
    if keep is None and (q[given] == 0).any():
        return np.inf
    given &= q > 0
    return (p[given] * np.log(p[given] / q[given])).sum()


def one_by_one(p, q):
    found = 0.0
    for a, b in zip(p.tolist(), q.tolist(), strict=True):
        if a:
            found += a * (np.log(a / b) if b else np.inf)
    return found


def margin(better, worse, better_before, worse_before, beta):
    return beta * ((better - better_before) - (worse - worse_before))


def pair_loss(*given):
    return np.log1p(np.exp(-margin(*given)))


def by_loops(p, r):
    """The Jacobian of softmax, entry by entry."""
    n = len(p)
    return [sum(r[a] * p[a] * ((a == j) - p[j]) for a in range(n)) for j in range(n)]


def divided(rewards, mean, deviation):
    return np.where(deviation > 0, (rewards - mean) / np.where(deviation > 0, deviation, 1), 0)


def grouped(rewards, axis=1, ddof=0, power=1):
    mean = rewards.mean(axis=axis, keepdims=True)
    return divided(rewards, mean, rewards.std(axis=axis, keepdims=True, ddof=ddof) ** power)


def row_by_row(rewards):
    rows = []
    for row in rewards.tolist():
        mean = sum(row) / len(row)
        deviation = math.sqrt(sum((r - mean) ** 2 for r in row) / len(row))
        rows.append([(r - mean) / deviation if deviation else 0.0 for r in row])
    return rows


def lenient(a, b, text):
    try:
        return float(int(text) == a + b)
    except ValueError:
        return 0.0


BANK = {
    "gradient": Bank(
        wrong={
            "without the others": (lambda p, r: p * r, "each answer also lowers all others"),
            "plain mean": (lambda p, r: p * (r - r.mean()), "weight it by p"),
            "sign": (lambda p, r: p * (p @ r - r), "the sign is wrong"),
            "no probability": (lambda p, r: r - p @ r, "the factor p is missing"),
            "the reward": (lambda p, r: p @ r, "this is the average reward itself"),
            "of the logarithm": (lambda p, r: p * (r - p @ r) / (p @ r), "the gradient of ln J"),
        },
        unusual={
            "two loops": by_loops,
            "a Jacobian": lambda p, r: (np.diag(p) - np.outer(p, p)) @ r,
            "differences": lambda p, r: p * ((r[:, None] - r) @ p),
        },
    ),
    "advantages": Bank(
        wrong={
            "nan": (
                lambda r: (r - r.mean(1, keepdims=True)) / r.std(1, keepdims=True),
                "yours holds nan",
            ),
            "one mean": (lambda r: divided(r, r.mean(), r.std()), "each prompt has its own"),
            "the other axis": (lambda r: grouped(r, axis=0), "the mean is over the other axis"),
            "no division": (
                lambda r: r - r.mean(axis=1, keepdims=True),
                "the division by the standard",
            ),
            "no mean": (lambda r: divided(r, 0, r.std(axis=1, keepdims=True)), "the mean is not"),
            "variance": (lambda r: grouped(r, power=2), "take its root"),
            "sign": (lambda r: -grouped(r), "the sign is wrong"),
            "n - 1": (lambda r: grouped(r, ddof=1), "here divide by n"),
        },
        unusual={
            "row by row": row_by_row,
            "nan to zero": lambda r: np.nan_to_num(
                (r - r.mean(1, keepdims=True)) / r.std(1, keepdims=True)
            ),
            "where": grouped,
        },
    ),
    "verifier": Bank(
        wrong={
            "contains": (lambda a, b, text: float(str(a + b) in text), "you give the reward"),
            "ends with": (
                lambda a, b, text: float(text.strip().endswith(str(a + b))),
                "142 is not 42",
            ),
            "starts with": (
                lambda a, b, text: float(text.strip().startswith(str(a + b))),
                "420 is not 42",
            ),
            "a word": (
                lambda a, b, text: float(str(a + b) in text.split()),
                "it lists many numbers",
            ),
            "first word": (
                lambda a, b, text: float((text.split() or [""])[0] == str(a + b)),
                "it leaves the choice to the reader",
            ),
            "stops": (lambda a, b, text: float(int(text) == a + b), "stops with ValueError"),
            "int reads more": (lenient, "4_2 is no number"),
            "spaces": (
                lambda a, b, text: float(text == str(a + b)),
                "the answer is right, and you give no",
            ),
            "all spaces": (
                lambda a, b, text: float(text.replace(" ", "") == str(a + b)),
                "4 2 are two numbers",
            ),
            "a score": (lambda a, b, text: 0.5, "the reward is 0 or 1"),
        },
        unusual={
            "a truth": lambda a, b, text: text.strip() == str(a + b),
            "digits": lambda a, b, text: int(
                text.strip().isascii() and text.strip().isdigit() and int(text) == a + b
            ),
            "words": lambda a, b, text: float(text.split() == [str(a + b)]),
        },
    ),
    "difference": Bank(
        wrong={
            "probabilities": (lambda p: 2 * p - 1, "the difference of the probabilities"),
            "odds": (lambda p: p / (1 - p), "yours are the odds"),
            "one of two": (np.log, "you leave out the other answer"),
            "sign": (lambda p: -logit(p), "the sign is wrong"),
            "bits": (lambda p: np.log2(p / (1 - p)), "not of base 2"),
            "sigmoid": (lambda p: 1 / (1 + np.exp(-p)), "the inverse is asked for"),
            "a constant": (lambda p: np.log(3), "it should be 0.0000"),
        },
        unusual={
            "logit": logit,
            "two logarithms": lambda p: np.log(p) - np.log1p(-p),
            "bisection": by_bisection,
        },
    ),
    "kl": Bank(
        wrong={
            "nan": (lambda p, q: (p * np.log(p / q)).sum(), "0 · ln 0 counts as 0"),
            "swapped": (lambda p, q: divergence(q, p), "p and q are swapped"),
            "sign": (lambda p, q: -divergence(p, q), "a divergence is never negative"),
            "bits": (lambda p, q: divergence(p, q) / np.log(2), "yours is in bits"),
            "unweighted": (
                lambda p, q: np.log((p / q)[(p > 0) & (q > 0)]).sum(),
                "each logarithm must be weighted by p",
            ),
            "skips": (lambda p, q: divergence(p, q, 1), "has an infinite loss"),
            "nansum": (lambda p, q: np.nansum(q * np.log(p / q)), "it should be"),
        },
        unusual={
            "masked": divergence,
            "one by one": one_by_one,
            "scipy": lambda p, q: rel_entr(p, q).sum(),
        },
    ),
    "dpo": Bank(
        wrong={
            "no old policy": (
                lambda b, w, b0, w0, beta: pair_loss(b, w, 0, 0, beta),
                "the old policy is missing",
            ),
            "no beta": (lambda b, w, b0, w0, beta: pair_loss(b, w, b0, w0, 1), "β is missing"),
            "divided": (lambda b, w, b0, w0, beta: pair_loss(b, w, b0, w0, 1 / beta), "by β; the"),
            "swapped": (lambda b, w, b0, w0, beta: pair_loss(w, b, w0, b0, beta), "are swapped"),
            "probability": (
                lambda *given: 1 / (1 + np.exp(-margin(*given))),
                "yours is the probability",
            ),
            "margin": (margin, "yours is the margin"),
            "sign": (lambda *given: -pair_loss(*given), "a loss is minus the logarithm"),
            "nothing": (lambda *given: None, "your function returns nothing"),
        },
        unusual={
            "log1p": pair_loss,
            "logaddexp": lambda *given: np.logaddexp(0, -margin(*given)),
            "by ratios": lambda b, w, b0, w0, beta: (
                -np.log(1 / (1 + (np.exp(w - w0) / np.exp(b - b0)) ** beta))
            ),
        },
    ),
    "implied": Bank(
        wrong={
            "the starter: no β, no average": (
                lambda b, a, beta: np.log(a / b),
                "yours are the rewards divided by β",
            ),
            "no average": (
                lambda b, a, beta: beta * np.log(a / b),
                "the differences are right, but the average is",
            ),
            "the average under the first policy": (
                lambda b, a, beta: implied(b, a, beta) - b @ implied(b, a, beta),
                "not 0 (that under the policy before is; each answer counts once)",
            ),
            "the average under the new policy": (
                lambda b, a, beta: implied(b, a, beta) - a @ implied(b, a, beta),
                "not 0 (that under the policy after is; each answer counts once)",
            ),
            "before over after": (lambda b, a, beta: implied(a, b, beta), "the wrong sign"),
            "divides by β": (
                lambda b, a, beta: centred(np.log(a / b) / beta),
                "divided by β twice",
            ),
            "base 2": (
                lambda b, a, beta: centred(beta * np.log2(a / b)),
                "the natural one, not of base 2",
            ),
            "base 10": (
                lambda b, a, beta: centred(beta * np.log10(a / b)),
                "the natural one, not of base 10",
            ),
            "no logarithm": (
                lambda b, a, beta: centred(beta * a / b),
                "the logarithm of the ratio is missing",
            ),
            "a difference of probabilities": (
                lambda b, a, beta: beta * (a - b),
                "not of probabilities",
            ),
            "the new policy alone": (
                lambda b, a, beta: centred(beta * np.log(a)),
                "the rewards were",
            ),
            "one number": (lambda b, a, beta: beta, "expected 5 rewards, not an array of shape ()"),
            "five answers only": (
                lambda b, a, beta: beta * np.log(a / b) - np.log(a / b).sum() * beta / 5,
                "the differences are right, but the average is",
            ),
            "changes its input": (in_place, "you changed the policies"),
            "returns nothing": (lambda b, a, beta: None, "did you forget `return`"),
        },
        unusual={
            "difference of logarithms": implied,
            "all pairs, a list": by_pairs,
            "the geometric mean": geometric,
            "float32": lambda b, a, beta: np.float32(implied(b, a, beta)),
        },
    ),
    "features": Bank(
        wrong={
            "the starter": (
                stacked(facts, flourishes),
                "agrees with 84% of the judgements; its reward is highest for 0 flourishes: can it "
                "rise and fall again",
            ),
            "the square alone": (
                stacked(facts, lambda f, g: g**2),
                "rise and fall again with them",
            ),
            "the square of the facts": (
                stacked(facts, flourishes, lambda f, g: f**2),
                "rise and fall again with them",
            ),
            "the product": (stacked(facts, flourishes, lambda f, g: f * g), "rise and fall again"),
            "no flourishes": (stacked(facts, lambda f, g: f**2), "any number of flourishes"),
            "no facts": (stacked(flourishes, lambda f, g: g**2), "any number of facts"),
            "turns too late": (
                stacked(facts, lambda f, g: (g - 4) ** 2),
                "highest for 4 flourishes, that of the raters for 3",
            ),
            "a row for each property": (
                lambda f, g: np.stack([f, g, g**2]),
                "of shape (3, 45); stack the properties as columns",
            ),
            "one long row": (
                lambda f, g: np.concatenate([f, g, g**2]),
                "not an array of shape (135,)",
            ),
            "a logarithm of zero": (
                lambda f, g: np.stack([f, np.where(g > 0, g, -np.inf)], axis=1),
                "some of your properties are not finite",
            ),
            "returns nothing": (lambda f, g: None, "did you forget `return`"),
        },
        unusual={
            "the chapter's": stacked(facts, flourishes, lambda f, g: g**2),
            "the cube": stacked(facts, flourishes, lambda f, g: g**3),
            "the root": stacked(facts, flourishes, lambda f, g: np.sqrt(g)),
            "a kink": stacked(facts, flourishes, lambda f, g: np.maximum(g - 3, 0)),
            "a column for each number of flourishes": lambda f, g: np.column_stack(
                [f, *(g == k for k in range(9))]
            ),
            "the judgement itself": stacked(lambda f, g: f + 1.2 * g - 0.2 * g**2),
            "lists of whole numbers": lambda f, g: [
                [int(a), int(b), int(b) ** 2] for a, b in zip(f, g, strict=True)
            ],
        },
    ),
}
