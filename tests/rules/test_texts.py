"""A pack in another language says the same things, and is refused while a text is missing, stale, unsure or lost a placeholder."""

import re
from functools import cache
from io import BytesIO
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from babel.messages.pofile import read_po, write_po

from rules import Pack, PackRefused, evaluate, languages, load_pack
from rules.content import SEEDS

OTHERS = languages()[1:]
WORDS = {"text", "advice", "because", "name", "reason", "steps", "faults", "stop_if", "caution", "easier", "harder", "why", "limits"}


@cache
def spoken(language: str) -> Pack:
    """The shipped pack in a language."""
    return load_pack(language=language)


def test_spanish_and_german_are_spoken_beside_english() -> None:
    assert languages() == ("en", "de", "es")


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("case", spoken("en").examples, ids=lambda case: case.id)
def test_a_language_changes_words_and_nothing_else(language: str, case: Any) -> None:
    answers = {item: list(one) if isinstance(one, tuple) else one for item, one in case.answers.items()}
    english, other = (evaluate(spoken(one), answers) for one in ("en", language))
    assert _without_words(other) == _without_words(english)
    assert other["triage"]["advice"] != english["triage"]["advice"]


@pytest.mark.parametrize("language", OTHERS)
def test_no_number_gets_lost_in_translation(language: str) -> None:
    catalogue = read_po(BytesIO((SEEDS / "texts" / f"{language}.po").read_bytes()), locale=language)
    lost = [message.id for message in catalogue if message.id and _numbers(str(message.id)) - _numbers(str(message.string)) - WRITTEN_OUT]
    assert lost == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda message: setattr(message, "string", ""), "is not translated"),
        (lambda message: message.flags.add("fuzzy"), "is marked fuzzy"),
        (lambda message: setattr(message, "string", "Kein Platzhalter"), "has other placeholders than the text"),
    ],
)
def test_a_text_that_is_not_safely_translated_refuses_to_load(tmp_path: Path, change: Any, complaint: str) -> None:
    def alter(catalogue: Any) -> None:
        change(next(message for message in catalogue if "{test}" in str(message.id)))

    with pytest.raises(PackRefused) as refused:
        load_pack(_changed(tmp_path, alter), "de")
    [fault] = refused.value.faults
    assert (fault.file, fault.message.split(":")[0]) == ("texts/de.po", complaint)
    assert "self-test" in fault.key
    assert fault.line > 1


def test_a_translation_whose_text_is_gone_refuses_to_load(tmp_path: Path) -> None:
    with pytest.raises(PackRefused, match="translates a text that is no longer there"):
        load_pack(_changed(tmp_path, lambda catalogue: catalogue.add("Nobody asks this", string="Das fragt niemand")), "de")


def test_a_language_without_a_catalogue_refuses_to_load() -> None:
    with pytest.raises(PackRefused, match=r"texts/fr\.po:1: : is missing"):
        load_pack(language="fr")


def test_a_broken_catalogue_refuses_to_load(tmp_path: Path) -> None:
    copytree(SEEDS, tmp_path / "seeds")
    (tmp_path / "seeds" / "texts" / "de.po").write_text('msgid "half a', encoding="utf-8")
    with pytest.raises(PackRefused, match="is not a catalogue"):
        load_pack(tmp_path / "seeds", "de")


def _changed(tmp_path: Path, alter: Any) -> Path:
    copytree(SEEDS, tmp_path / "seeds")
    path = tmp_path / "seeds" / "texts" / "de.po"
    catalogue = read_po(BytesIO(path.read_bytes()), locale="de")
    alter(catalogue)
    with path.open("wb") as file:
        write_po(file, catalogue)
    return tmp_path / "seeds"


# "1" is written as a word where a language does so, and 72.5 as 72,5.
WRITTEN_OUT = {"1"}


def _numbers(text: str) -> set[str]:
    return {number.replace(",", ".") for number in re.findall(r"\d+(?:[.,]\d+)?", re.sub("(?i)figure-4", "", text))}


def _without_words(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _without_words(value) for key, value in data.items() if key not in WORDS}
    if isinstance(data, list):
        return [_without_words(one) for one in data]
    return data


@pytest.mark.parametrize(
    ("language", "one", "several"), [("en", "1 point", "3 points"), ("de", "1 Punkt", "3 Punkte"), ("es", "1 punto", "3 puntos")]
)
def test_one_of_a_unit_is_not_said_as_several(language: str, one: str, several: str) -> None:
    pack = spoken(language)
    assert (pack.quantity(1, "points"), pack.quantity(3, "points")) == (one, several)
    assert pack.quantity(1, "cm") == "1 cm"
