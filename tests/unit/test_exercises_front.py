"""The page "How to read this book" has one exercise."""

from weighted_sums.exercises import names


def test_it_is_the_only_exercise_of_the_page():
    assert names("front") == ["front.bill"]
