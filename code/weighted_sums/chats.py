"""Conversations as tokens: a chat template, and a mask that leaves only the answers in the loss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Int

from weighted_sums.tokens import CharTokenizer, Tokens
from weighted_sums.transformer import IGNORE_INDEX, Transformer, logits
from weighted_sums.workshop.checks import whole_number

Pair = tuple[str, str]
"""A request and its answer."""
Batch = tuple[np.ndarray, np.ndarray]
ROLES = ("<user>", "<assistant>", "<end>")


@dataclass(frozen=True)
class ChatTemplate:
    """A token for each character, and three more that no text contains: who speaks, and the end."""

    alphabet: str

    @cached_property
    def tokenizer(self) -> CharTokenizer:
        """The tokenizer of the words; the tokens of the roles come after its own."""
        return CharTokenizer(self.alphabet)

    @property
    def vocab_size(self) -> int:
        """Number of different tokens, those of the roles included."""
        return len(self.alphabet) + len(ROLES)

    @property
    def end(self) -> int:
        """The token with which an answer ends."""
        return self.vocab_size - 1

    def documents(self, text: str) -> Int[np.ndarray, " position"]:
        """Return the tokens of a text to pretrain on, the token of the end after each paragraph."""
        paragraphs = [[*self.tokenizer.encode(part), self.end] for part in text.split("\n\n")]
        return np.concatenate(paragraphs)

    def prompt(self, request: str) -> Int[np.ndarray, " position"]:
        """Return the tokens of a request, up to the token after which the assistant writes."""
        user, assistant, _ = range(len(self.alphabet), self.vocab_size)
        return np.array([user, *self.tokenizer.encode(request), assistant])

    def conversation(
        self, request: str, answer: str
    ) -> tuple[Int[np.ndarray, " position"], Bool[np.ndarray, " position"]]:
        """Return the tokens of request and answer, and which of them the assistant has to write.

        The last of these is the token that ends the answer.
        """
        prompt = self.prompt(request)
        tokens = np.array([*prompt, *self.tokenizer.encode(answer), self.end])
        return tokens, np.arange(len(tokens)) >= len(prompt)

    def names(self, tokens: Tokens) -> list[str]:
        """Return each token as its character, or as the name of its role."""
        return [[*self.alphabet, *ROLES][token] for token in tokens]


def batch(template: ChatTemplate, pairs: Sequence[Pair], masked: bool = True) -> Batch:
    """Return inputs and next tokens, a row for each pair; shorter rows are filled up at the end.

    What fills up is not counted, `IGNORE_INDEX`; nor, if `masked`, is any token of the request.
    """
    if not pairs:
        raise ValueError("a batch needs at least one request and its answer")
    made = [template.conversation(*pair) for pair in pairs]
    width = max(len(tokens) for tokens, _ in made)
    x = np.full((len(made), width), template.end)
    y = np.full((len(made), width), IGNORE_INDEX)
    for row, (tokens, is_answer) in enumerate(made):
        x[row, : len(tokens)] = tokens
        y[row, : len(tokens)] = np.where(is_answer | (not masked), tokens, IGNORE_INDEX)
    return x[:, :-1], y[:, 1:]


@dataclass(frozen=True)
class Chats:
    """Batches of random pairs, drawn with replacement, as `training.train` takes them."""

    template: ChatTemplate
    pairs: Sequence[Pair]
    batch_size: int
    batches: int
    masked: bool = True

    def __post_init__(self) -> None:
        for name in ("batch_size", "batches"):
            whole_number(getattr(self, name), name)

    def __len__(self) -> int:
        """Number of batches in an epoch."""
        return self.batches

    def epoch(self, rng: np.random.Generator) -> Iterator[Batch]:
        """Yield the epoch's batches: inputs, and the target at each position."""
        for _ in range(self.batches):
            drawn = rng.integers(len(self.pairs), size=self.batch_size)
            yield batch(self.template, [self.pairs[i] for i in drawn], self.masked)


def exact_match(
    model: Transformer, template: ChatTemplate, pairs: Sequence[Pair]
) -> Bool[np.ndarray, " example"]:
    """Return for each pair whether the model's likeliest answer is the right one, to the letter.

    One forward pass is enough: as long as all tokens are right, greedy generation has seen the same
    prefix as this pass, and its first error is an error here too.
    """
    x, y = batch(template, pairs)
    predicted = logits(model, x).argmax(axis=-1)
    return ((predicted == y) | (y == IGNORE_INDEX)).all(axis=1)
