"""The tokenizers of two real models: byte pairs with SmolLM2's merges, and MiniLM's word pieces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Int

from weighted_sums.merging import bytes_of, cut, merge_by_rank
from weighted_sums.tokens import Tokens, known

# GPT-2's words: an ending behind an apostrophe, letters, or signs, with the space before them
WORDS = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[^\W_]+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+")
SPECIAL = 3  # the kind of a token in a GGUF file that stands for no text
LONGEST = 100  # a longer word is unknown to BERT


def _byte_signs() -> dict[str, int]:
    """GPT-2's way of writing bytes: a printable sign for each, so that a space is `Ġ`."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    signs = {chr(byte): byte for byte in printable}
    return signs | {chr(256 + i): byte for i, byte in enumerate(others)}


BYTE_SIGNS = _byte_signs()


@dataclass(frozen=True)
class ByteLevelBPE:
    """Byte-pair encoding as a GGUF file lists it: all tokens, and the merges in their order.

    Works as `tokens.BPETokenizer`, with three differences: the tokens' numbers are the file's,
    some tokens stand for no text, and each digit is a word of its own.
    """

    tokens: list[str]
    merges: list[str]
    kinds: list[int]

    def __post_init__(self) -> None:
        if len(self.tokens) != len(self.kinds):
            raise ValueError(f"{len(self.tokens)} tokens are of {len(self.kinds)} kinds")
        for merge in self.merges:
            if merge.count(" ") != 1:
                raise ValueError(f"the merge {merge!r} does not join two tokens")
        for token, kind in zip(self.tokens, self.kinds, strict=True):
            if kind != SPECIAL and not BYTE_SIGNS.keys() >= set(token):
                raise ValueError(f"the token {token!r} has signs that stand for no byte")

    @cached_property
    def pieces(self) -> list[bytes]:
        """The bytes that each token stands for; none for those that mark a turn or an end."""
        return [
            b"" if kind == SPECIAL else bytes(BYTE_SIGNS[sign] for sign in token)
            for token, kind in zip(self.tokens, self.kinds, strict=True)
        ]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each token, special ones too."""
        return {token: number for number, token in enumerate(self.tokens)}

    @cached_property
    def _ranks(self) -> dict[tuple[int, int], tuple[int, int]]:
        ranks = {}
        for rank, merge in enumerate(self.merges):
            first, second = merge.split(" ")
            if {first, second, first + second} <= self.numbers.keys():
                pair = self.numbers[first], self.numbers[second]
                ranks[pair] = rank, self.numbers[first + second]
        return ranks

    @cached_property
    def _bytes(self) -> dict[int, int]:
        return {
            byte: self.numbers[sign] for sign, byte in BYTE_SIGNS.items() if sign in self.numbers
        }

    def encode(self, text: str, specials: bool = False) -> Int[np.ndarray, " place"]:
        """Return the tokens of `text`.

        With `specials`, the tokens that stand for no text are found in it by their names, as in
        `<|im_start|>`. ValueError names half a character, and a byte that has no token.
        """
        bytes_of(text)  # names the place of half a character in the whole text
        words: list[str] = []
        for i, part in enumerate(cut(text, self._specials if specials else ())):
            found = (WORDS.findall(piece) for piece in digits_apart(part))
            words += [part] if i % 2 else [word for words in found for word in words]
        known = {word: self._encode_word(word) for word in set(words)}
        if specials:
            known |= {name: [self.numbers[name]] for name in self._specials}
        return np.array([token for word in words for token in known[word]], dtype=np.int64)

    @cached_property
    def _specials(self) -> list[str]:
        return [name for name, kind in zip(self.tokens, self.kinds, strict=True) if kind == SPECIAL]

    def _encode_word(self, word: str) -> list[int]:
        content = bytes_of(word)
        if missing := set(content) - self._bytes.keys():
            raise ValueError(f"no token stands for the bytes {sorted(missing)} of {word!r:.100}")
        return merge_by_rank([self._bytes[byte] for byte in content], self._ranks)

    def decode(self, tokens: Tokens) -> str:
        """Return the text of `tokens`; bytes that are no whole character become `�`.

        ValueError names a token that there is not.
        """
        pieces = [self.pieces[token] for token in known(tokens, len(self.tokens))]
        return b"".join(pieces).decode(errors="replace")


def digits_apart(text: str) -> list[str]:
    """Split `text` so that each character that is a number stands alone."""
    pieces, run = [], ""
    for character in text:
        if unicodedata.category(character).startswith("N"):
            pieces += [run, character]
            run = ""
        else:
            run += character
    return [piece for piece in [*pieces, run] if piece]


@dataclass(frozen=True)
class WordPieceTokenizer:
    """BERT's tokens: whole words where they are known, else the longest pieces from the left.

    A piece inside a word begins with `##`. Case and accents are dropped first. Source: Devlin et
    al. (2019).
    """

    pieces: Sequence[str]

    def __post_init__(self) -> None:
        if missing := {"[CLS]", "[SEP]", "[UNK]"} - set(self.pieces):
            raise ValueError(f"the {len(self.pieces)} pieces lack {sorted(missing)}")

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each piece."""
        return {piece: number for number, piece in enumerate(self.pieces)}

    def encode(self, text: str) -> Int[np.ndarray, " place"]:
        """Return the tokens of `text`, between `[CLS]` at the beginning and `[SEP]` at the end."""
        found = ["[CLS]"]
        for word in basic_words(text):
            found += self._split(word)
        return np.array([self.numbers[piece] for piece in [*found, "[SEP]"]], dtype=np.int64)

    def _split(self, word: str) -> list[str]:
        if len(word) > LONGEST:
            return ["[UNK]"]
        found, start = [], 0
        while start < len(word):
            mark = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if mark + word[start:end] in self.numbers), None)
            if end is None:
                return ["[UNK]"]
            found.append(mark + word[start:end])
            start = end
        return found


def basic_words(text: str) -> list[str]:
    """Lower-case words without accents; each sign and each Chinese character is a word."""
    text = "".join(_cleaned(character) for character in text).lower()
    decomposed = unicodedata.normalize("NFD", text)
    plain = (sign for sign in decomposed if unicodedata.category(sign) != "Mn")
    return "".join(f" {sign} " if _is_sign(sign) else sign for sign in plain).split()


def _cleaned(character: str) -> str:
    if character in "\t\n\r":
        return " "
    if unicodedata.category(character).startswith("C") or character == "\ufffd":
        return ""  # other control characters separate nothing, though Python calls some a space
    if character.isspace():
        return " "
    return f" {character} " if _is_chinese(character) else character


def _is_sign(character: str) -> bool:
    ascii_sign = character.isascii() and character.isprintable() and not character.isalnum()
    is_sign = ascii_sign or unicodedata.category(character).startswith("P")
    return is_sign and not character.isspace()


def _is_chinese(character: str) -> bool:
    code = ord(character)
    blocks = [(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2CEAF), (0xF900, 0xFAFF)]
    return any(first <= code <= last for first, last in [*blocks, (0x2F800, 0x2FA1F)])
