"""Checks for the exercises of the page on assistants."""

from __future__ import annotations

import math

import numpy as np

from weighted_sums.exercises import call, called, diagnose, require, require_equal

ROLES = {"user": 90, "assistant": 91, "end": 92}
TALKS = (
    [("user", [1, 2, 3]), ("assistant", [4, 5])],
    [("user", [7]), ("assistant", [8, 9, 6]), ("user", [1, 1]), ("assistant", [2])],
    [("assistant", [3]), ("user", [])],
)


def chat(answer) -> str:
    """`chat(turns, roles)` is the row of tokens of a conversation, and its loss mask."""
    for turns in TALKS:
        where = f"for the turns {turns}"
        found = called(answer, where, [(who, list(words)) for who, words in turns], dict(ROLES))
        require(
            isinstance(found, tuple | list) and len(found) == 2,
            f"{where} two lists are asked for, the tokens and the mask",
        )
        tokens, mask = (np.asarray(part).astype(int).ravel().tolist() for part in found)
        want, right = _row(turns)
        require(
            tokens == want,
            f"{where} the tokens should be {want}, yours are {tokens}"
            + diagnose(tokens, {
                "; each turn begins with the token of its role": _row(turns, roles=False)[0],
                "; the answers have no end": _row(turns, ends=())[0],
                "; the turns of the user have no end token here":
                    _row(turns, ends=("user", "assistant"))[0],
            }),
        )  # fmt: skip
        require(
            len(mask) == len(tokens),
            f"{where} there are {len(tokens)} tokens, but {len(mask)} entries of the mask",
        )
        ones = {
            "; the model never learns to stop: the end token is its own": _marks(turns, 0, 1, 0),
            "; the token of the role is written by the program": _marks(turns, 1, 1, 1),
            "; you mark the user's words, and mask the answers": [1 - m for m in right],
            "; every token counts": [1] * len(right),
        }
        require(
            mask == right,
            f"{where} the mask should be {right}, yours is {mask}{diagnose(mask, ones)}",
        )
    return "whatever the number of turns"


def _row(turns, roles=True, ends=("assistant",)):
    tokens = []
    for who, words in turns:
        tokens += [ROLES[who]] * roles + words + [ROLES["end"]] * (who in ends)
    return tokens, _marks(turns, 0, 1, 1)


def _marks(turns, role, words, end) -> list[int]:
    mask = []
    for who, said in turns:
        mine = who == "assistant"
        mask += [role * mine] + [words * mine] * len(said) + [end] * mine
    return mask


def targets(answer) -> str:
    """`targets(tokens, is_answer)` shifts tokens and mask together."""
    for n, first in ((8, 5), (5, 2), (6, 6)):
        tokens = np.arange(10, 10 + n)
        mask = (np.arange(n) >= first) | (np.arange(n) == 1)
        where = f"for the tokens {tokens.tolist()} and the mask {mask.astype(int).tolist()}"
        found = call(answer, where, tokens, mask)
        require(
            isinstance(found, tuple | list) and len(found) == 2,
            f"{where} two arrays are asked for, inputs and targets",
        )
        x, y = found
        require_equal(x, tokens[:-1], f"{where} the inputs", {
            "have the last token too; nothing comes after it": tokens,
            "are shifted; the targets should be": tokens[1:],
        }, f"should be {tokens[:-1].tolist()}")  # fmt: skip
        want = np.where(mask[1:], tokens[1:], -1)
        require_equal(y, want, f"{where} the targets", {
            "are masked by the input; the mask belongs to the target":
                np.where(mask[:-1], tokens[1:], -1),
            "are not shifted: each position should predict itself":
                np.where(mask[:-1], tokens[:-1], -1),
            "are not masked": tokens[1:],
            "are those of the request; mask them instead": np.where(mask[1:], -1, tokens[1:]),
            "are left out where they do not count; write -1 there": tokens[1:][mask[1:]],
            "have 0 where they do not count; that is a token": np.where(mask[1:], tokens[1:], 0),
        }, f"should be {want.tolist()}, yours are {np.asarray(y).tolist()}")  # fmt: skip
    return "the mask moves with the targets"


def adapters(answer) -> str:
    """`adapters(shapes, rank)` counts the numbers of all adapters."""
    for shapes, rank in (([(256, 64), (64, 64)], 2), ([(12_288, 12_288)], 4), ([(3, 5)], 1)):
        where = f"for shapes {shapes} and rank {rank}"
        want = sum(rank * (o + i) for o, i in shapes)
        require_equal(called(answer, where, list(shapes), rank), want, where, {
            "you count the entries of the matrices": sum(o * i for o, i in shapes),
            "you count A alone; B is trained too": sum(rank * i for _, i in shapes),
            "you count B alone; A is trained too": sum(rank * o for o, _ in shapes),
            "you multiply the two sizes": sum(rank * o * i for o, i in shapes),
            "the rank is missing": sum(o + i for o, i in shapes),
            "you add a matrix of rank × rank, which LoRA does not have":
                want + len(shapes) * rank**2,
            "you count the matrices too; they are not trained":
                want + sum(o * i for o, i in shapes),
        }, f"it should be {want}")  # fmt: skip
    return "98,304 for one matrix of GPT-3"


def backward(answer) -> str:
    """`backward(x, dy, W, A, B)` returns dx, dA and dB of a layer with an adapter."""
    rng = np.random.default_rng(0)
    for rows, fan_in, fan_out, rank in ((4, 5, 3, 2), (7, 6, 8, 1)):
        x, dy = rng.standard_normal((rows, fan_in)), rng.standard_normal((rows, fan_out))
        W = rng.standard_normal((fan_out, fan_in))
        A, B = rng.standard_normal((rank, fan_in)), rng.standard_normal((fan_out, rank))
        where = f"for {rows} rows, W of {fan_out} × {fan_in} and rank {rank}"
        found = call(answer, where, x, dy, W, A, B)
        require(
            isinstance(found, tuple | list) and len(found) == 3,
            f"{where} three arrays are asked for: dx, dA and dB",
        )
        dA, dB = (dy @ B).T @ x, dy.T @ (x @ A.T)
        require_equal(found[0], dy @ W + dy @ B @ A, f"{where} dx", {
            "lacks what comes through the adapter": dy @ W,
            "lacks what comes through W": dy @ B @ A,
        }, "is not that of y = x Wᵀ + (x Aᵀ) Bᵀ")  # fmt: skip
        for name, got, want, other in (("dA", found[1], dA, dB), ("dB", found[2], dB, dA)):
            require_equal(got, want, f"{where} {name}", {
                "is that of the other matrix": other,
                "is transposed": want.T,
                "is an average over the rows; the cost's derivatives are in dy": want / rows,
            }, "is not the derivative of the cost")  # fmt: skip
    return "without a gradient of the size of W"


def exact(answer) -> str:
    """`exact(written, answer, end)` is True for the answer, ended, and nothing else."""
    for written, wanted, right, why in (
        ([1, 2, 9], [1, 2], True, ""), ([1, 2, 9, 5, 5], [1, 2], True, "after the end"),
        ([9], [], True, ""), ([1, 2, 9, 1, 9], [1, 2], True, "after the end"),
        ([1, 2, 3, 9], [1, 2], False, "it goes on after the answer"),
        ([1, 9, 2], [1, 2], False, "it stops too early"), ([9, 1, 2], [1, 2], False, "it is empty"),
        ([1, 2], [1, 2], False, "it never stops"), ([], [], False, "it never stops"),
        ([2, 1, 9], [1, 2], False, "its order is wrong"),
        ([1, 2, 5, 5], [1, 2], False, "it never stops"),
    ):  # fmt: skip
        where = f"for the answer {wanted} and what was written, {written},"
        found = called(answer, where, list(written), list(wanted), 9)
        require(
            np.ndim(found) == 0 and found in (True, False),
            f"{where} the result should be True or False, not {found!r}",
        )
        if right:
            tail = "; what comes after the end does not count" if why else ""
            require(bool(found), f"{where} you say False, but it is right{tail}")
        require(bool(found) == right, f"{where} you say True, but {why}")
    return "the end included"


def needed(answer) -> str:
    """`needed(p, error)` is the number of examples at which the standard error is small enough."""
    for p, error in ((0.9, 0.005), (0.5, 0.1), (0.3, 0.02), (0.97, 0.01)):
        where = f"for p = {p} and an error of {error}"
        n = p * (1 - p) / error**2
        want = math.ceil(n - 1e-9)
        found = called(answer, where, p, error)
        require_equal(found, want, where, {
            "the error is not squared": math.ceil(p * (1 - p) / error),
            "p (1 - p) is the square already": math.ceil((p * (1 - p)) ** 2 / error**2),
            "you leave out 1 - p": math.ceil(p / error**2),
            "you take the root once more": math.ceil(math.sqrt(n)),
            "you round down; then the error is too large": math.floor(n - 1e-9),
            "this is the number for an error of half the size": math.ceil(4 * n - 1e-9),
            "a number of requests is whole; round it up": n,
        }, f"it should be {want}, yours is {found}")  # fmt: skip
    return "3,600 for half a percentage point at nine of ten"
