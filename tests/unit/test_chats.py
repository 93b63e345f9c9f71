"""A chat template, its mask, and answers that are right to the letter."""

import numpy as np
import pytest

from weighted_sums import chats, generation, transformer
from weighted_sums.chats import Chats, ChatTemplate
from weighted_sums.transformer import IGNORE_INDEX

TEMPLATE = ChatTemplate("abcAB ")
PAIRS = [("a b", "AB"), ("c", "A"), ("ab", "")]


def tiny(seed=0):
    rng = np.random.default_rng(seed)
    return transformer.init_transformer(TEMPLATE.vocab_size, 12, 8, 2, 1, rng, np.float64)


def test_roles_have_tokens_that_no_text_contains():
    assert TEMPLATE.vocab_size == 9 and TEMPLATE.end == 8
    tokens, is_answer = TEMPLATE.conversation("a b", "AB")
    assert TEMPLATE.names(tokens) == [
        "<user>", "a", " ", "b", "<assistant>", "A", "B", "<end>"
    ]  # fmt: skip
    assert is_answer.tolist() == [False] * 5 + [True] * 3
    np.testing.assert_array_equal(tokens[:5], TEMPLATE.prompt("a b"))
    with pytest.raises(ValueError, match="no tokens for the characters"):
        TEMPLATE.prompt("<user>")


def test_documents_end_at_their_paragraphs():
    template = ChatTemplate("ab\n")
    found = template.documents("ab\na\n\nb")
    assert template.names(found) == ["a", "b", "\n", "a", "<end>", "b", "<end>"]


def test_only_the_answer_and_its_end_are_targets():
    x, y = chats.batch(TEMPLATE, PAIRS)
    assert x.shape == y.shape == (3, 7)
    rows = [TEMPLATE.names(row[row != IGNORE_INDEX]) for row in y]
    assert rows == [["A", "B", "<end>"], ["A", "<end>"], ["<end>"]]
    assert (y[0] != IGNORE_INDEX).tolist() == [False] * 4 + [True] * 3
    for row, targets in zip(x, y, strict=True):  # the target is the next input
        counted = np.flatnonzero(targets[:-1] != IGNORE_INDEX)
        np.testing.assert_array_equal(targets[counted], row[counted + 1])


def test_without_the_mask_everything_but_the_filling_is_a_target():
    _, y = chats.batch(TEMPLATE, PAIRS, masked=False)
    assert (y != IGNORE_INDEX).sum(axis=1).tolist() == [7, 4, 4]
    assert TEMPLATE.names(y[1, :4]) == ["c", "<assistant>", "A", "<end>"]


def test_what_fills_a_row_up_changes_no_cost():
    model = tiny()
    together = transformer.cost(model, *chats.batch(TEMPLATE, PAIRS))
    alone = [transformer.cost(model, *chats.batch(TEMPLATE, [pair])) for pair in PAIRS]
    assert together == pytest.approx(np.average(alone, weights=[3, 2, 1]))


def test_an_epoch_has_random_pairs_and_the_given_number_of_batches():
    data = Chats(TEMPLATE, PAIRS, batch_size=50, batches=2)
    found = list(data.epoch(np.random.default_rng(0)))
    assert len(found) == len(data) == 2
    x, y = found[0]
    assert len(x) == 50 and {int((row != IGNORE_INDEX).sum()) for row in y} == {1, 2, 3}
    assert not np.array_equal(found[0][0], found[1][0])
    _, unmasked = next(Chats(TEMPLATE, PAIRS, 9, 1, masked=False).epoch(np.random.default_rng(0)))
    assert (unmasked[:, 0] != IGNORE_INDEX).all()


def test_an_exact_match_is_what_greedy_generation_writes():
    found = []
    for seed in range(40):
        model = tiny(seed)
        for request in ("a", "cb"):
            written = generation.generate(
                model, TEMPLATE.prompt(request), 3, np.random.default_rng(0), temperature=0.0
            )
            characters = TEMPLATE.names([t for t in written if t < 6])[:2]
            for answer in ("".join(characters), "A", "bc"):
                tokens, is_answer = TEMPLATE.conversation(request, answer)
                want = written[: is_answer.sum()] == tokens[is_answer].tolist()
                [right] = chats.exact_match(model, TEMPLATE, [(request, answer)])
                assert right == want
                found.append(right)
    assert any(found) and not all(found)


def test_matches_are_counted_row_by_row():
    model = tiny(3)
    together = chats.exact_match(model, TEMPLATE, PAIRS)
    assert together.shape == (3,)
    assert together.tolist() == [
        bool(chats.exact_match(model, TEMPLATE, [pair])[0]) for pair in PAIRS
    ]


@pytest.mark.parametrize("sizes", [(0, 1), (1, 0), (1.5, 1)])
def test_sizes_must_be_whole_numbers_above_zero(sizes):
    with pytest.raises((ValueError, TypeError), match="batch"):
        Chats(TEMPLATE, PAIRS, *sizes)


def test_a_batch_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one request"):
        chats.batch(TEMPLATE, [])
