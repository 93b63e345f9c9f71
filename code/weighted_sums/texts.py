"""Training text, Python's own documentation or Shakespeare, and batches of windows from it."""

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


def split(text: str, validation: float = 0.1) -> tuple[str, str]:
    """Split a text into its first part, for training, and its last fraction, for `validation`.

    Raises ValueError unless each part gets at least one character.
    """
    if not 0 < validation < 1:
        raise ValueError(f"the validation fraction must lie between 0 and 1, not {validation}")
    end = round(len(text) * (1 - validation))
    if not 0 < end < len(text):
        raise ValueError(f"{len(text)} characters cannot be split by a fraction {validation:g}")
    return text[:end], text[end:]


@dataclass(frozen=True)
class Windows:
    """Batches of random windows from a long row of tokens; each has `context_length` inputs.

    The target at each position is the next token, so that a window gives `context_length` examples.
    """

    tokens: Int[np.ndarray, " position"]
    context_length: int
    batch_size: int
    batches: int

    def __post_init__(self) -> None:
        for name in ("context_length", "batch_size", "batches"):
            whole_number(getattr(self, name), name)
        tokens = indices(self.tokens, np.iinfo(np.int64).max)
        if tokens.ndim != 1:
            raise ValueError(f"tokens must be one row, not an array of shape {tokens.shape}")
        if len(self.tokens) <= self.context_length:
            raise ValueError(
                f"windows of {self.context_length} tokens and a next one do not fit into "
                f"{len(self.tokens)} tokens"
            )

    def __len__(self) -> int:
        """Number of batches in an epoch."""
        return self.batches

    def epoch(self, rng: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the epoch's batches of random windows: inputs, and the next tokens as targets."""
        offsets = np.arange(self.context_length + 1)
        for _ in range(self.batches):
            first = rng.integers(len(self.tokens) - self.context_length, size=self.batch_size)
            window = self.tokens[first[:, None] + offsets]
            yield window[:, :-1], window[:, 1:]
