"""Repeated random words: which heads of a real model find the first copy, and what they are for.

The experiment is that of Olsson et al. (2022): random words cannot be predicted from knowledge, so
whatever makes the second copy easier than the first was found in the context.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float, Int

from weighted_sums.cross_entropy import per_token_loss
from weighted_sums.pretrained import smollm
from weighted_sums.pretrained.tokenizers import ByteLevelBPE
from weighted_sums.softmax import softmax
from weighted_sums.workshop.checks import same_length
from weighted_sums.workshop.progress import progress

Row = dict[str, Any]
LanguageModel = tuple[smollm.Llama, ByteLevelBPE]

# each of them is one token of SmolLM2
WORDS = (
    "river stone window garden music winter paper bridge silver orange engine forest island "
    "summer table letter number market picture mountain circle camera doctor kitchen bottle "
    "planet castle ribbon wagon copper pencil basket candle dragon ladder magnet needle "
    "rabbit saddle temple"
)
LENGTH = 24
ORDERS = 5  # how many times the words are shuffled


def repeats(tokenizer: ByteLevelBPE, seed: int) -> Int[np.ndarray, " position"]:
    """Return the tokens of 24 of the words in random order, twice."""
    order = np.random.default_rng(seed).permutation(WORDS.split())[:LENGTH]
    tokens = tokenizer.encode("".join(f" {word}" for word in order))
    assert len(tokens) == LENGTH, "each word is one token"
    return np.tile(tokens, 2)


def losses(
    tokens: Int[np.ndarray, " position"], logits: Float[np.ndarray, "position vocab"]
) -> Float[np.ndarray, " later"]:
    """Return the loss at every token but the first, in nats."""
    same_length(tokens, logits, ("tokens", "logits"))
    return per_token_loss(logits[:-1], softmax(logits[:-1]), tokens[1:])


def repetition_score(pattern: Float[np.ndarray, "head query key"]) -> Float[np.ndarray, " head"]:
    """Return the mean attention weight from a second copy to the token after the first copy."""
    length = pattern.shape[1] // 2
    second = np.arange(length, 2 * length)
    return pattern[:, second, second - length + 1].mean(axis=1)


def previous_score(pattern: Float[np.ndarray, "head query key"]) -> Float[np.ndarray, " head"]:
    """Return the mean attention weight from each position to the one before it."""
    later = np.arange(1, pattern.shape[1])
    return pattern[:, later, later - 1].mean(axis=1)


def heads(language_model: LanguageModel) -> list[Row]:
    """Return two scores for every head, averaged over the orders: induction and previous token.

    `loss_without` is the loss at the second copy, averaged over the same orders, when this head
    alone is ablated. Compare it with the loss without any ablation, the first row of `ablation`.
    """
    model, tokenizer = language_model
    orders = [repeats(tokenizer, seed) for seed in range(ORDERS)]
    patterns = [smollm.forward(model, tokens)[1].patterns for tokens in orders]
    pairs = list(np.ndindex(len(model.blocks), len(patterns[0][0])))
    rows = []
    for layer, head in progress(pairs, unit="head"):
        alike = np.array([by_layer[layer][[head]] for by_layer in patterns])
        ablated = [losses(order, smollm.logits(model, order, [(layer, head)])) for order in orders]
        rows.append(
            {
                "layer": layer,
                "head": head,
                "score": f"{np.mean([repetition_score(p) for p in alike]):.4f}",
                "previous_token_score": f"{np.mean([previous_score(p) for p in alike]):.4f}",
                "loss_without": f"{np.mean(ablated, axis=0)[LENGTH:].mean():.4f}",
            }
        )
    return rows


def repeated_losses(language_model: LanguageModel) -> list[Row]:
    """Return the loss at each position of repeated random words, averaged over the orders."""
    model, tokenizer = language_model
    orders = [repeats(tokenizer, seed) for seed in range(ORDERS)]
    found = np.mean([losses(tokens, smollm.logits(model, tokens)) for tokens in orders], axis=0)
    return [{"position": position, "loss": f"{x:.4f}"} for position, x in enumerate(found, start=1)]


def one_pattern(language_model: LanguageModel, head: smollm.Head) -> list[Row]:
    """Return the attention weights of one head, for the first eight words of an order, twice."""
    model, tokenizer = language_model
    tokens = np.tile(repeats(tokenizer, 0)[:8], 2)
    pattern = smollm.forward(model, tokens)[1].patterns[head[0]][head[1]]
    words = [token_text(tokenizer, token).strip() for token in tokens]
    return [
        {"query": q, "key": k, "query_word": words[q], "key_word": words[k], "weight": f"{p:.4f}"}
        for (q, k), p in np.ndenumerate(pattern)
        if k <= q
    ]


def ablation(language_model: LanguageModel, scored: list[Row]) -> list[Row]:
    """Return the loss at the first and the second copy when sets of heads are ablated.

    The sets are heads with the highest scores and, as a control, ten others drawn at random.
    """
    model, tokenizer = language_model
    orders = [repeats(tokenizer, seed) for seed in range(ORDERS)]

    def best(score: str, count: int) -> list[smollm.Head]:
        rows = sorted(scored, key=lambda row: -float(row[score]))[:count]
        return [(row["layer"], row["head"]) for row in rows]

    def ablated(name: str, ablate: list[smollm.Head]) -> Row:
        found = [losses(tokens, smollm.logits(model, tokens, ablate)) for tokens in orders]
        first, second = np.mean(found, axis=0)[: LENGTH - 1], np.mean(found, axis=0)[LENGTH:]
        ends = {"loss_first": f"{first.mean():.4f}", "loss_second": f"{second.mean():.4f}"}
        return {"ablated": name, **ends, "heads": " ".join(f"{layer}.{h}" for layer, h in ablate)}

    rows = [ablated("nothing", [])]
    named = {"induction": "score", "previous-token": "previous_token_score"}
    for name, score in named.items():
        rows += [ablated(f"{count} {name}", best(score, count)) for count in (1, 3, 10)]
    top = {*best("score", 30), *best("previous_token_score", 30)}
    others = [pair for row in scored if (pair := (row["layer"], row["head"])) not in top]
    for seed in range(3):
        chosen = np.random.default_rng(seed).choice(others, size=10, replace=False).tolist()
        rows.append(ablated(f"10 others ({'abc'[seed]})", [tuple(pair) for pair in chosen]))
    return rows


def token_text(tokenizer: ByteLevelBPE, token: int | np.integer) -> str:
    """Return the text of one token on one line."""
    return tokenizer.decode([int(token)]).replace("\n", "\\n")
