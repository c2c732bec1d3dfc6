"""Texts that are too hard to read, and words that we avoid."""

import re
from collections.abc import Iterator

from rules.content import Pack
from rules.lint.reading import grade, words
from rules.lint.texts import texts


def hard_texts(pack: Pack) -> Iterator[str]:
    """Texts above the grade that wording.yaml allows. Each is judged alone, and only when it is long enough to tell."""
    reading = pack.wording.reading
    for where, text in texts(pack):
        if len(words(text)) >= reading.fewest_words:
            found = grade(text, known=reading.known)
            if found > reading.hardest_grade:
                yield f"{where}: reads at grade {found:g}, above {reading.hardest_grade:g}; use shorter sentences or plainer words"


def avoided_words(pack: Pack) -> Iterator[str]:
    """Words of wording.yaml's list, anywhere in a text."""
    avoided = [(_pattern(word), avoid.say) for avoid in pack.wording.avoid for word in avoid.words]
    any_of_them = re.compile("|".join(pattern.pattern for pattern, _ in avoided), re.IGNORECASE)
    for where, text in texts(pack):
        for found in any_of_them.finditer(text):
            instead = next(say for pattern, say in avoided if pattern.match(text, found.start()))
            yield f'{where}: says "{found.group()}"; say rather: {instead}'


def _pattern(word: str) -> re.Pattern[str]:
    """The word as it stands in a text: alone, or as the beginning of others when it ends with *."""
    end = r"\w*" if word.endswith("*") else r"(?!\w)"
    return re.compile(rf"(?<!\w){re.escape(word.removesuffix('*'))}{end}", re.IGNORECASE)
