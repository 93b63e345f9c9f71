"""Every exercise refuses what is plausibly wrong, names the error, and takes unusual answers."""

import pkgutil

import banks
import pytest

from weighted_sums import exercises
from weighted_sums.exercises import check

MODULES = (module.name for module in pkgutil.iter_modules(exercises.__path__))
CHAPTERS = sorted(name for name in MODULES if not name.startswith("_"))
WITH_BANKS = sorted(module.name for module in pkgutil.iter_modules(banks.__path__))
BANKS = {name: bank for chapter in WITH_BANKS for name, bank in banks.of(chapter).items()}
WRONG = [(name, error) for name, bank in BANKS.items() for error in bank.wrong]
UNUSUAL = [(name, way) for name, bank in BANKS.items() for way in bank.unusual]
FEWEST_WRONG, FEWEST_UNUSUAL, FEWEST_VERDICTS = 5, 2, 3


def test_every_exercise_has_a_bank_and_every_bank_an_exercise():
    assert WITH_BANKS == CHAPTERS
    assert {chapter: banks.missing(chapter) for chapter in WITH_BANKS} == {
        chapter: set() for chapter in WITH_BANKS
    }


@pytest.mark.parametrize("name", BANKS)
def test_a_bank_is_large_enough_and_its_verdicts_differ(name):
    bank = BANKS[name]
    assert len(bank.wrong) >= FEWEST_WRONG
    assert len(bank.unusual) >= FEWEST_UNUSUAL
    assert len({words for _, words in bank.wrong.values()}) >= FEWEST_VERDICTS


@pytest.mark.slow
@pytest.mark.parametrize(("name", "error"), WRONG)
def test_a_wrong_answer_is_refused_and_its_error_is_named(name, error):
    answer, words = BANKS[name].wrong[error]
    verdict = check(name, answer)
    assert not verdict.passed
    assert words in verdict.message
    assert len(words) > 8  # "wrong" would be found in any verdict


@pytest.mark.slow
@pytest.mark.parametrize(("name", "way"), UNUSUAL)
def test_an_unusual_right_answer_passes(name, way):
    verdict = check(name, BANKS[name].unusual[way])
    assert verdict.passed, verdict.message
