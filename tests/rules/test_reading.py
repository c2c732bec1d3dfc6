"""How hard a text is to read is counted as people count it."""

import pytest

from rules.lint.reading import grade, syllables, words


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *(("back", 1), ("bones", 1), ("rolled", 1), ("60", 1), ("reach", 1), ("tight", 1), ("whole", 1)),
        *(("muscle", 2), ("rises", 2), ("safely", 2), ("someone", 2), ("forearm", 2), ("lasted", 2), ("doing", 2), ("social", 2)),
        *(("handled", 2), ("area", 3), ("exercise", 3), ("usual", 3), ("easier", 3), ("serious", 3), ("period", 3), ("emergency", 4)),
    ],
)
def test_syllables_are_counted_as_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_grade_is_flesch_and_kincaids() -> None:
    # 9 words, 1 sentence, 11 syllables: 0.39 * 9 + 11.8 * 11 / 9 - 15.59
    assert grade("The quick brown fox jumps over the lazy dog.") == 2.3


def test_shorter_sentences_and_shorter_words_are_easier() -> None:
    long = "Stop if your back hurts or your leg tingles and then lie down and rest until it settles."
    assert grade(long.replace(" and then lie", ". Then lie")) < grade(long)
    assert grade(long.replace("settles", "deteriorates")) > grade(long)


def test_a_name_that_is_known_counts_as_easy() -> None:
    text = "Ask your physiotherapist before you begin to do this one at home."
    assert grade(text, known=["physiotherapist"]) < grade(text)


def test_a_word_keeps_its_apostrophe_and_a_number_is_a_word() -> None:
    assert words("Don't hold it for 60 s; that's long.") == ["Don't", "hold", "it", "for", "60", "s", "that's", "long"]
    assert grade("") == 0
