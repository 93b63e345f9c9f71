"""Language models that only count: what followed the last few characters, and how often?"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from weighted_sums.workshop.checks import whole_number


@dataclass(frozen=True)
class NGrams:
    """Counts of all runs of up to `n` characters in a text.

    `runs[k]` counts the runs of k + 1 characters; `context_counts[k]` their beginnings, the
    contexts of k characters that something followed; `distinct_next[k]` the different characters
    that followed each.
    """

    n: int
    alphabet: str
    runs: list[Counter[str]]
    context_counts: list[Counter[str]]
    distinct_next: list[Counter[str]]

    @classmethod
    def count(cls, text: str, n: int, alphabet: str | None = None) -> NGrams:
        """Count the runs of 1 to `n` characters in `text`; `alphabet` is what may come next.

        Raises ValueError for a text shorter than a run, for one that the alphabet cannot spell, and
        for an alphabet that names a character twice.
        """
        alphabet = "".join(sorted(set(text))) if alphabet is None else alphabet
        if len(set(alphabet)) < len(alphabet):
            raise ValueError(f"an alphabet has each of its characters once, not as {alphabet!r}")
        if not 1 <= whole_number(n, "n", least=0) <= len(text):
            raise ValueError(f"runs of {n} characters cannot be counted in a text of {len(text)}")
        if unknown := set(text) - set(alphabet):
            raise ValueError(f"the alphabet lacks the characters {sorted(unknown)}")
        runs = [Counter(text[i : i + k + 1] for i in range(len(text) - k)) for k in range(n)]
        context_counts = [Counter({"": len(text)}), *(counted.copy() for counted in runs[:-1])]
        for k in range(1, n):
            context_counts[k].subtract([text[-k:]])  # nothing follows the end of the text
        distinct_next = [Counter(run[:-1] for run in counted) for counted in runs]
        return cls(n, alphabet, runs, context_counts, distinct_next)

    def probability(self, character: str, context: str) -> float:
        """Share of `character` after `context`, of which the last n − 1 characters are used."""
        return self.probabilities(character, context)[-1]

    def probabilities(self, character: str, context: str) -> list[float]:
        r"""Shares of `character` by runs of 1, 2, … n characters, each from the one before.

        Implements {eq}`back-off`: $p_k(x) = (c(x) + t\,p_{k-1}(x)) / (c + t)$, where the last k
        characters were followed c times, by t different ones; $p_{-1}$ is the same for the whole
        alphabet. A context that nothing followed changes nothing. Source: Witten and Bell (1991).
        """
        if len(character) != 1 or character not in self.alphabet:
            raise ValueError(f"{character!r} is no character of the alphabet {self.alphabet!r}")
        p, found = 1 / len(self.alphabet), []
        for k in range(self.n):
            seen = context[len(context) - k :] if k <= len(context) else None
            if seen is not None and (times := self.context_counts[k][seen]):
                distinct_next = self.distinct_next[k][seen]
                p = (self.runs[k][seen + character] + distinct_next * p) / (times + distinct_next)
            found.append(p)
        return found

    def shares(self, context: str) -> Float[np.ndarray, " token"]:
        """Share of every character of the alphabet after `context`."""
        return np.array([self.probability(character, context) for character in self.alphabet])

    def write(self, start: str, count: int, rng: np.random.Generator) -> str:
        """Predict, draw, append: `start` and `count` more characters."""
        text = start
        for _ in range(count):
            text += self.alphabet[rng.choice(len(self.alphabet), p=self.shares(text[-self.n :]))]
        return text

    def cost(self, text: str) -> float:
        """Average surprise at the characters of `text`, {eq}`language-model-cost`, in nats."""
        return float(self.costs(text)[-1])

    def costs(self, text: str) -> Float[np.ndarray, " n"]:
        """Average surprises by runs of 1, 2, … n characters: the costs of n models at one walk.

        Raises ValueError for no text, and for characters that the alphabet lacks.
        """
        if not text:
            raise ValueError("a text without characters has no average surprise")
        shares = [
            self.probabilities(text[i], text[max(0, i - self.n + 1) : i]) for i in range(len(text))
        ]
        return -np.log(shares).mean(axis=0)


def perplexity(cost: float) -> float:
    r"""Among how many equally likely tokens the choice would be as hard, {eq}`perplexity`.

    Infinite where a float has no room for it, from a cost of some 710 nats.
    """
    try:
        return math.exp(cost)
    except OverflowError:
        return math.inf
