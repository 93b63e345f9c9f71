"""Experiments on the embeddings of pretrained models: words alone, and words in their sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from jaxtyping import Float

from weighted_sums.pretrained import minilm
from weighted_sums.pretrained.tokenizers import WordPieceTokenizer
from weighted_sums.workshop.checks import as_float

Row = dict[str, Any]
EncoderModel = tuple[minilm.Encoder, WordPieceTokenizer]

MOLES = ("American shrew mole", "One mole of carbon dioxide", "Take a biopsy of the mole")
# nine sentences for each of three words, three in a row for each of its senses
SENSES = {
    "mole": (
        "A mole dug its tunnel under the lawn.",
        "The blind little mole pushed up a heap of earth.",
        "An owl caught the mole when it left its burrow.",
        "One mole of carbon dioxide weighs forty-four grams.",
        "Heat a mole of the gas at constant pressure.",
        "The acid reacts with a mole of sodium hydroxide.",
        "The doctor took a biopsy of the mole.",
        "She has a dark mole on her left cheek.",
        "A mole that changes its colour should be examined.",
    ),
    "bank": (
        "They walked along the muddy bank of the river.",
        "The boat was tied to the bank under the willows.",
        "Fishermen sat on the bank and watched the water.",
        "She opened an account at the bank.",
        "The bank raised the interest on her loan.",
        "He paid the cheque in at his bank.",
        "A bank of switches covered the wall.",
        "The engineer turned on a bank of lights.",
        "Behind the stage stood a bank of loudspeakers.",
    ),
    "spring": (
        "The garden is full of flowers in spring.",
        "After a long winter spring came at last.",
        "Birds build their nests every spring.",
        "They drank the cold water of the spring.",
        "The river rises from a spring in the hills.",
        "A hot spring bubbled between the rocks.",
        "The spring in the old watch is broken.",
        "Stretch the spring and let it go.",
        "A steel spring closes the door.",
    ),
}
NEIGHBOURS_OF = ("cat", "paris", "seven", "blue", "run", "doctor")
PLURALS = (
    "dog dogs", "tree trees", "house houses", "river rivers", "book books", "car cars",
    "student students", "city cities", "child children", "mouse mice", "woman women", "king kings",
)  # fmt: skip
# a − b + c, and the word that it should give
ANALOGIES = (
    "king man woman queen", "uncle man woman aunt", "Paris France Italy Rome",
    "walked walk swim swam", "bigger big small smaller", "kitten cat dog puppy",
    "bird fly swim fish", "ice cold hot fire", "leaf tree book page", "hand arm leg foot",
)  # fmt: skip


def cosine(a: Float[np.ndarray, " d_model"], b: Float[np.ndarray, " d_model"]) -> float:
    """Return the cosine of the angle between two vectors."""
    a, b = as_float(a), as_float(b)
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


def hidden_states_of(
    word: str, sentence: str, encoder: EncoderModel
) -> list[Float[np.ndarray, " d_model"]]:
    """Return the hidden state of `word` in `sentence`, before the first block and after each."""
    model, tokenizer = encoder
    tokens = tokenizer.encode(sentence)
    position = tokens.tolist().index(tokenizer.token_ids[word])
    return [stream[position] for stream in minilm.hidden_states(model, tokens).streams]


def sense_cosines(encoder: EncoderModel) -> list[Row]:
    """Return the cosine between "mole" in each pair of three sentences, layer by layer."""
    rows = {sentence: hidden_states_of("mole", sentence, encoder) for sentence in MOLES}
    return [
        {"layer": layer, "sentence_a": a, "sentence_b": b, "cosine": f"{cosine(x, y):.4f}"}
        for a, b in combinations(MOLES, 2)
        for layer, (x, y) in enumerate(zip(rows[a], rows[b], strict=True))
    ]


def senses(encoder: EncoderModel) -> list[Row]:
    """Count the sentences whose nearest other sentence has the word in the same sense.

    Each sentence is compared with the eight others of its word, two of them of the same sense.
    """
    same = {word: _same_sense(word, sentences, encoder) for word, sentences in SENSES.items()}
    of = sum(map(len, SENSES.values()))
    return [
        {"layer": layer, "same_sense": sum(found), "of": of, **dict(zip(same, found, strict=True))}
        for layer, found in enumerate(zip(*same.values(), strict=True))
    ]


def _same_sense(word: str, sentences: Sequence[str], encoder: EncoderModel) -> list[int]:
    rows = _unit(np.array([hidden_states_of(word, sentence, encoder) for sentence in sentences]))
    cosines = np.einsum("sld,tld->lst", rows, rows)
    cosines[:, range(len(sentences)), range(len(sentences))] = -np.inf
    nearest = cosines.argmax(axis=-1)
    sense = np.arange(len(sentences)) // 3
    return (sense[nearest] == sense).sum(axis=-1).tolist()


def neighbours(encoder: EncoderModel, count: int = 8) -> list[Row]:
    """Return the whole words whose embeddings have the largest cosine with a word's own."""
    model, tokenizer = encoder
    unit = _unit(model.embedding)
    whole = [n for n, piece in enumerate(tokenizer.pieces) if piece.isascii() and piece.isalpha()]
    rows = []
    for word in NEIGHBOURS_OF:
        cosines = unit[whole] @ unit[tokenizer.token_ids[word]]
        for rank, i in enumerate(np.argsort(-cosines)[1 : count + 1], start=1):
            piece = tokenizer.pieces[whole[i]]
            row = {"word": word, "rank": rank, "neighbour": piece, "cosine": f"{cosines[i]:.4f}"}
            rows.append(row)
    return rows


def plurals(encoder: EncoderModel) -> list[Row]:
    """Project nouns and their plurals on the direction from "cat" to "cats"."""
    model, tokenizer = encoder
    token_ids = tokenizer.token_ids
    direction = model.embedding[token_ids["cats"]] - model.embedding[token_ids["cat"]]
    direction /= np.linalg.norm(direction)
    return [
        {
            "word": word,
            "form": form,
            "projection": f"{model.embedding[token_ids[word]] @ direction:.4f}",
        }
        for pair in PLURALS
        for word, form in zip(pair.split(), ("singular", "plural"), strict=True)
    ]


def analogies(
    model: str, embedding: Float[np.ndarray, "vocab d_model"], names: Sequence[str], count: int = 5
) -> Iterator[Row]:
    """Yield the tokens nearest to a − b + c, with and without a, b and c among the answers.

    `names` are the words of the tokens, "" for tokens that are not a whole word. Case is ignored
    when a, b and c are excluded. Analogies with a word that is not one token are skipped.
    """
    whole = [n for n, name in enumerate(names) if name.isascii() and name.isalpha()]
    number, unit = {names[n]: n for n in reversed(whole)}, _unit(embedding[whole])
    for words in (line.split() for line in ANALOGIES):
        words = [word if word in number else word.lower() for word in words]
        if not number.keys() >= set(words):
            continue
        a, b, c, target = embedding[[number[word] for word in words]]
        given = {word.lower() for word in words[:3]}
        cosines = unit @ _unit(a - b + c)
        order = [(names[whole[i]], cosines[i]) for i in np.argsort(-cosines)[:50]]
        for excluded in (0, 1):
            answers = [(n, x) for n, x in order if not excluded or n.lower() not in given]
            for rank, (answer, found) in enumerate(answers[:count], start=1):
                yield {
                    "model": model,
                    **dict(zip(("a", "b", "c", "target"), words, strict=True)),
                    "rank": rank,
                    "answer": answer,
                    "cosine": f"{found:.4f}",
                    "inputs_excluded": excluded,
                    "direction_cosine": f"{cosine(a - target, b - c):.4f}",
                }


def _unit(x: np.ndarray) -> np.ndarray:
    return x / np.linalg.norm(x, axis=-1, keepdims=True)
