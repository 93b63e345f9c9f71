"""N-gram language models: how often did each character follow the last few characters?"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from weighted_sums.workshop.checks import whole_number


@dataclass(frozen=True)
class NGrams:
    """Counts of all n-grams of up to `n` characters in a text.

    `counts[k]` counts the n-grams of k + 1 characters, `context_counts[k]` the contexts of k
    characters that a character followed, `distinct_next[k]` how many different characters followed
    each context.
    """

    n: int
    alphabet: str
    counts: list[Counter[str]]
    context_counts: list[Counter[str]]
    distinct_next: list[Counter[str]]

    @classmethod
    def count(cls, text: str, n: int, alphabet: str | None = None) -> NGrams:
        """Count the n-grams of 1 to `n` characters in `text`; `alphabet` is the vocabulary.

        Raises ValueError for a text shorter than `n`, for characters outside the alphabet, and for
        an alphabet with a repeated character.
        """
        alphabet = "".join(sorted(set(text))) if alphabet is None else alphabet
        if len(set(alphabet)) < len(alphabet):
            raise ValueError(f"an alphabet must not repeat a character: {alphabet!r}")
        if not 1 <= whole_number(n, "n", least=0) <= len(text):
            raise ValueError(f"n-grams of {n} characters do not fit into a text of {len(text)}")
        if unknown := set(text) - set(alphabet):
            raise ValueError(f"the alphabet lacks the characters {sorted(unknown)}")
        counts = [Counter(text[i : i + k + 1] for i in range(len(text) - k)) for k in range(n)]
        context_counts = [Counter({"": len(text)}), *(counted.copy() for counted in counts[:-1])]
        for k in range(1, n):
            context_counts[k].subtract([text[-k:]])  # nothing follows the end of the text
        distinct_next = [Counter(ngram[:-1] for ngram in counted) for counted in counts]
        return cls(n, alphabet, counts, context_counts, distinct_next)

    def probability(self, character: str, context: str) -> float:
        """Probability of `character` after `context`, whose last n − 1 characters are used."""
        return self.probabilities_by_order(character, context)[-1]

    def probabilities_by_order(self, character: str, context: str) -> list[float]:
        r"""Probabilities of `character` by n-grams of 1, 2, … n characters, each from the last.

        Implements {eq}`back-off`: $p_k(x) = (c(x) + t\,p_{k-1}(x)) / (c + t)$, where the last k
        characters were followed c times, by t different ones; $p_{-1}$ is the same for the whole
        alphabet. Where the context never occurred, $p_k = p_{k-1}$. Source: Witten and Bell (1991).
        """
        if len(character) != 1 or character not in self.alphabet:
            raise ValueError(f"{character!r} is not a character of the alphabet {self.alphabet!r}")
        p, found = 1 / len(self.alphabet), []
        for k in range(self.n):
            seen = context[len(context) - k :] if k <= len(context) else None
            if seen is not None and (times := self.context_counts[k][seen]):
                distinct_next = self.distinct_next[k][seen]
                p = (self.counts[k][seen + character] + distinct_next * p) / (times + distinct_next)
            found.append(p)
        return found

    def distribution(self, context: str) -> Float[np.ndarray, " token"]:
        """Probability of every character of the alphabet after `context`."""
        return np.array([self.probability(character, context) for character in self.alphabet])

    def generate(self, prompt: str, count: int, rng: np.random.Generator) -> str:
        """Return `prompt` and `count` more characters, each sampled from the prediction."""
        text = prompt
        for _ in range(count):
            p = self.distribution(text[-self.n :])
            text += self.alphabet[rng.choice(len(self.alphabet), p=p)]
        return text

    def cost(self, text: str) -> float:
        """Average loss of the characters of `text`, {eq}`language-model-cost`, in nats."""
        return float(self.costs(text)[-1])

    def costs(self, text: str) -> Float[np.ndarray, " n"]:
        """Costs of the n models that use n-grams of 1, 2, … n characters, in one pass.

        Raises ValueError for an empty text, and for characters outside the alphabet.
        """
        if not text:
            raise ValueError("an empty text has no average loss")
        contexts = (text[max(0, i - self.n + 1) : i] for i in range(len(text)))
        p = [self.probabilities_by_order(*pair) for pair in zip(text, contexts, strict=True)]
        return -np.log(p).mean(axis=0)


def perplexity(cost: float) -> float:
    r"""Number of equally likely tokens that would have the same cost, {eq}`perplexity`.

    Infinite where it exceeds the range of floats, from a cost of about 710 nats.
    """
    try:
        return math.exp(cost)
    except OverflowError:
        return math.inf


def bits_per_byte(loss: float, tokens: int, text: str) -> float:
    """Return a loss in nats per token as bits per byte of `text`, {eq}`bits-per-byte`.

    `tokens` is the number of tokens that the text was split into. The result can be compared
    between tokenizers, since the bytes of a text (UTF-8) depend on none. Raises ValueError for an
    empty text.
    """
    if not text:
        raise ValueError("an empty text has no bytes")
    return loss * tokens / len(text.encode()) / math.log(2)
