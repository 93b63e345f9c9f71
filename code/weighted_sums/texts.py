"""Text to learn from, as Python's own documentation or as Shakespeare, and windows on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from weighted_sums.workshop.checks import indices, whole_number
from weighted_sums.workshop.downloads import RemoteFile, fetch

SHAKESPEARE = RemoteFile(
    "text/tinyshakespeare.txt",
    1_115_394,
    "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
    (
        "https://raw.githubusercontent.com/karpathy/char-rnn/"
        "6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e/data/tinyshakespeare/input.txt",
    ),
)


def default_text() -> str:
    """Return the text that comes with every Python: the help pages of `pydoc`, in one string.

    About 465,000 characters in Python 3.11; other versions have other pages, so there is no hash.
    """
    from pydoc_data.topics import topics

    return "\n".join(topics[name] for name in sorted(topics))


def shakespeare() -> str:
    """Return 1,115,394 characters of Shakespeare's plays, from `WEIGHTED_SUMS_DATA` or the net.

    The file is checked by its SHA-256. Source: Karpathy's "tiny Shakespeare" (2015).
    """
    return fetch(SHAKESPEARE).read_text("utf-8")


def split(text: str, held_out: float = 0.1) -> tuple[str, str]:
    """Cut a text in two: what a model may learn from, and its last part, which it never sees.

    Raises ValueError unless both get a character.
    """
    if not 0 < held_out < 1:
        raise ValueError(f"the share held out must lie between 0 and 1, not {held_out}")
    end = round(len(text) * (1 - held_out))
    if not 0 < end < len(text):
        raise ValueError(f"a text of {len(text)} characters leaves none for a part ({held_out:g})")
    return text[:end], text[end:]


@dataclass(frozen=True)
class Windows:
    """Places to look at a long row of tokens, `size` of them in a batch, each `context` long.

    What is wanted at each place of a window is the token that comes next: `context` questions a
    window, not one.
    """

    tokens: Int[np.ndarray, " place"]
    context: int
    size: int
    steps: int

    def __post_init__(self) -> None:
        for name in ("context", "size", "steps"):
            whole_number(getattr(self, name), name)
        tokens = indices(self.tokens, np.iinfo(np.int64).max)
        if tokens.ndim != 1:
            raise ValueError(f"one row of tokens is wanted, not an array of shape {tokens.shape}")
        if len(self.tokens) <= self.context:
            raise ValueError(
                f"a window of {self.context} tokens and the one after it need a longer text "
                f"than {len(self.tokens)} tokens"
            )

    def __len__(self) -> int:
        """Batches in an epoch."""
        return self.steps

    def epoch(self, rng: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Deal `steps` batches of windows at random places: inputs, and the tokens that follow."""
        for _ in range(self.steps):
            starts = rng.integers(len(self.tokens) - self.context, size=self.size)
            places = starts[:, None] + np.arange(self.context + 1)
            window = self.tokens[places]
            yield window[:, :-1], window[:, 1:]
