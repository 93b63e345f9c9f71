"""Words that come twice: which heads of a real model find the first copy, and what they are for.

The experiment is that of Olsson et al. (2022): random words leave nothing to know, so whatever
makes the second copy easier than the first was found in the text itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float, Int

from weighted_sums.cross_entropy import per_token_loss
from weighted_sums.pretrained import smollm
from weighted_sums.pretrained.wordpieces import ByteLevelBPE
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
ORDERS = 5  # so often the words are shuffled


def repeats(words: ByteLevelBPE, seed: int) -> Int[np.ndarray, " place"]:
    """Tokens of 24 of the words in random order, given twice."""
    order = np.random.default_rng(seed).permutation(WORDS.split())[:LENGTH]
    tokens = words.encode("".join(f" {word}" for word in order))
    assert len(tokens) == LENGTH, "each word is one token"
    return np.tile(tokens, 2)


def losses(tokens: Int[np.ndarray, " place"], logits: np.ndarray) -> Float[np.ndarray, " later"]:
    """The surprise at every token but the first, in nats."""
    same_length(tokens, logits, ("tokens", "logits"))
    return per_token_loss(logits[:-1], softmax(logits[:-1]), tokens[1:])


def repetition_score(pattern: Float[np.ndarray, "head query key"]) -> Float[np.ndarray, " head"]:
    """How much a second copy looks at the token behind the first copy of its word."""
    length = pattern.shape[1] // 2
    second = np.arange(length, 2 * length)
    return pattern[:, second, second - length + 1].mean(axis=1)


def previous_score(pattern: Float[np.ndarray, "head query key"]) -> Float[np.ndarray, " head"]:
    """How much each place looks at the one before it."""
    later = np.arange(1, pattern.shape[1])
    return pattern[:, later, later - 1].mean(axis=1)


def heads(writer: LanguageModel) -> list[Row]:
    """Two scores for every head, over the shuffled words: induction, and looking one back.

    `loss_without` is the surprise at the second copy when this head alone is silenced (in the
    first of the orders).
    """
    model, words = writer
    orders = [repeats(words, seed) for seed in range(ORDERS)]
    patterns = [smollm.forward(tokens, model)[1].patterns for tokens in orders]
    pairs = list(np.ndindex(len(model.blocks), len(patterns[0][0])))
    rows = []
    for layer, head in progress(pairs, unit="head"):
        shares = np.array([found[layer][[head]] for found in patterns])
        alone = losses(orders[0], smollm.logits(orders[0], model, [(layer, head)]))
        rows.append(
            {
                "layer": layer,
                "head": head,
                "score": f"{np.mean([repetition_score(p) for p in shares]):.4f}",
                "previous_token_score": f"{np.mean([previous_score(p) for p in shares]):.4f}",
                "loss_without": f"{alone[LENGTH:].mean():.4f}",
            }
        )
    return rows


def repeated_losses(writer: LanguageModel) -> list[Row]:
    """The surprise place by place when random words come twice, over the shuffled orders."""
    model, words = writer
    orders = [repeats(words, seed) for seed in range(ORDERS)]
    found = np.mean([losses(tokens, smollm.logits(tokens, model)) for tokens in orders], axis=0)
    return [{"place": place, "loss": f"{x:.4f}"} for place, x in enumerate(found, start=1)]


def one_pattern(writer: LanguageModel, head: smollm.Head) -> list[Row]:
    """Who attends to whom in one head, for the first eight words of an order given twice."""
    model, words = writer
    tokens = np.tile(repeats(words, 0)[:8], 2)
    pattern = smollm.forward(tokens, model)[1].patterns[head[0]][head[1]]
    names = [shown(words, token).strip() for token in tokens]
    return [
        {"query": q, "key": k, "query_word": names[q], "key_word": names[k], "share": f"{p:.4f}"}
        for (q, k), p in np.ndenumerate(pattern)
        if k <= q
    ]


def ablation(writer: LanguageModel, scored: list[Row]) -> list[Row]:
    """The surprise at the first and the second copy when heads are silenced.

    Beside the heads with the highest scores, as many drawn at random, for comparison.
    """
    model, words = writer
    orders = [repeats(words, seed) for seed in range(ORDERS)]

    def best(score: str, count: int) -> list[smollm.Head]:
        rows = sorted(scored, key=lambda row: -float(row[score]))[:count]
        return [(row["layer"], row["head"]) for row in rows]

    def ablated(what: str, ablate: list[smollm.Head]) -> Row:
        found = [losses(tokens, smollm.logits(tokens, model, ablate)) for tokens in orders]
        first, second = np.mean(found, axis=0)[: LENGTH - 1], np.mean(found, axis=0)[LENGTH:]
        ends = {"loss_first": f"{first.mean():.4f}", "loss_second": f"{second.mean():.4f}"}
        return {"what": what, **ends, "heads": " ".join(f"{layer}.{h}" for layer, h in ablate)}

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


def shown(words: ByteLevelBPE, token: int | np.integer) -> str:
    """The text of one token on one line."""
    return words.decode([int(token)]).replace("\n", "\\n")
