"""Answers to the exercises on assistants: each plausible error, and other right ways."""

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


BANK = {
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
