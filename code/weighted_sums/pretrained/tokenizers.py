"""The tokenizers of two real models: byte-level BPE with SmolLM2's merges, MiniLM's word pieces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Int

from weighted_sums.merging import bytes_of, merge_by_rank, split_at
from weighted_sums.tokens import Tokens, token_ids

# GPT-2's pre-tokens: an ending after an apostrophe, letters, or symbols, with the space before
PRE_TOKENS = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[^\W_]+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+")
SPECIAL = 3  # the type of a token in a GGUF file that stands for no text
MAX_WORD_LENGTH = 100  # a longer word is unknown to BERT


def _byte_characters() -> dict[str, int]:
    """GPT-2's printable character for each byte; a space is `Ġ`."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {
        chr(256 + i): byte for i, byte in enumerate(others)
    }


BYTE_CHARACTERS = _byte_characters()


@dataclass(frozen=True)
class ByteLevelBPE:
    """Byte-pair encoding as a GGUF file lists it: all tokens, and the merges in their order.

    Works like `tokens.BPETokenizer`, with three differences: the token ids are the file's, special
    tokens stand for no text, and each digit is a pre-token of its own.
    """

    tokens: list[str]
    merges: list[str]
    token_types: list[int]

    def __post_init__(self) -> None:
        if len(self.tokens) != len(self.token_types):
            raise ValueError(
                f"there are {len(self.tokens)} tokens, but {len(self.token_types)} token types"
            )
        for merge in self.merges:
            if merge.count(" ") != 1:
                raise ValueError(f"the merge {merge!r} does not join two tokens")
        for token, token_type in zip(self.tokens, self.token_types, strict=True):
            if token_type != SPECIAL and not BYTE_CHARACTERS.keys() >= set(token):
                raise ValueError(f"the token {token!r} has characters that stand for no byte")

    @cached_property
    def token_bytes(self) -> list[bytes]:
        """The bytes that each token stands for; none for special tokens."""
        return [
            b""
            if token_type == SPECIAL
            else bytes(BYTE_CHARACTERS[character] for character in token)
            for token, token_type in zip(self.tokens, self.token_types, strict=True)
        ]

    @cached_property
    def token_ids(self) -> dict[str, int]:
        """The id of each token, special ones too."""
        return {token: i for i, token in enumerate(self.tokens)}

    @cached_property
    def _ranks(self) -> dict[tuple[int, int], tuple[int, int]]:
        ranks = {}
        for rank, merge in enumerate(self.merges):
            first, second = merge.split(" ")
            if {first, second, first + second} <= self.token_ids.keys():
                pair = self.token_ids[first], self.token_ids[second]
                ranks[pair] = rank, self.token_ids[first + second]
        return ranks

    @cached_property
    def _bytes(self) -> dict[int, int]:
        return {
            byte: self.token_ids[character]
            for character, byte in BYTE_CHARACTERS.items()
            if character in self.token_ids
        }

    def encode(self, text: str, specials: bool = False) -> Int[np.ndarray, " position"]:
        """Return the token ids of `text`.

        With `specials`, special tokens such as `<|im_start|>` are recognised in it. ValueError
        names half of a surrogate pair, and a byte that has no token.
        """
        bytes_of(text)  # names the index of a lone surrogate in the whole text
        words: list[str] = []
        for i, part in enumerate(split_at(text, self._specials if specials else ())):
            found = (PRE_TOKENS.findall(piece) for piece in split_digits(part))
            words += [part] if i % 2 else [word for words in found for word in words]
        known = {word: self._encode_word(word) for word in set(words)}
        if specials:
            known |= {name: [self.token_ids[name]] for name in self._specials}
        return np.array([token for word in words for token in known[word]], dtype=np.int64)

    @cached_property
    def _specials(self) -> list[str]:
        return [
            name
            for name, token_type in zip(self.tokens, self.token_types, strict=True)
            if token_type == SPECIAL
        ]

    def _encode_word(self, word: str) -> list[int]:
        content = bytes_of(word)
        if missing := set(content) - self._bytes.keys():
            raise ValueError(f"no token stands for the bytes {sorted(missing)} of {word!r:.100}")
        return merge_by_rank([self._bytes[byte] for byte in content], self._ranks)

    def decode(self, tokens: Tokens) -> str:
        """Return the text of `tokens`; bytes that are not a whole character become `�`.

        ValueError names a token id that does not exist.
        """
        parts = [self.token_bytes[token] for token in token_ids(tokens, len(self.tokens))]
        return b"".join(parts).decode(errors="replace")


def split_digits(text: str) -> list[str]:
    """Split `text` so that each numeric character is a piece of its own."""
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
    def token_ids(self) -> dict[str, int]:
        """The id of each piece."""
        return {piece: i for i, piece in enumerate(self.pieces)}

    def encode(self, text: str) -> Int[np.ndarray, " position"]:
        """Return the token ids of `text`, with `[CLS]` before and `[SEP]` after them."""
        found = ["[CLS]"]
        for word in basic_words(text):
            found += self._split(word)
        return np.array([self.token_ids[piece] for piece in [*found, "[SEP]"]], dtype=np.int64)

    def _split(self, word: str) -> list[str]:
        if len(word) > MAX_WORD_LENGTH:
            return ["[UNK]"]
        found, begin = [], 0
        while begin < len(word):
            prefix = "##" if begin else ""
            ends = range(len(word), begin, -1)
            end = next((end for end in ends if prefix + word[begin:end] in self.token_ids), None)
            if end is None:
                return ["[UNK]"]
            found.append(prefix + word[begin:end])
            begin = end
        return found


def basic_words(text: str) -> list[str]:
    """Return lower-case words without accents; each symbol and each Chinese character is a word."""
    text = "".join(_cleaned(character) for character in text).lower()
    decomposed = unicodedata.normalize("NFD", text)
    plain = (c for c in decomposed if unicodedata.category(c) != "Mn")
    return "".join(f" {c} " if _is_symbol(c) else c for c in plain).split()


def _cleaned(character: str) -> str:
    if character in "\t\n\r":
        return " "
    if unicodedata.category(character).startswith("C") or character == "\ufffd":
        return ""  # other control characters separate nothing, though Python calls some a space
    if character.isspace():
        return " "
    return f" {character} " if _is_chinese(character) else character


def _is_symbol(character: str) -> bool:
    in_ascii = character.isascii() and character.isprintable() and not character.isalnum()
    is_symbol = in_ascii or unicodedata.category(character).startswith("P")
    return is_symbol and not character.isspace()


def _is_chinese(character: str) -> bool:
    code = ord(character)
    blocks = [(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2CEAF), (0xF900, 0xFAFF)]
    return any(first <= code <= last for first, last in [*blocks, (0x2F800, 0x2FA1F)])
