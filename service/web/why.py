"""Why a question is asked, in words."""

from collections.abc import Iterable, Iterator

from rules.shapes import AskedBecause
from service.reader import Reader

MOST_NAMES = 4


def say_why(reader: Reader, because: Iterable[AskedBecause]) -> Iterator[str]:
    """A sentence for each reason."""
    say = reader.say
    found = {one["code"]: _names(reader, one["findings"]) for one in because}
    if "safety" in found:
        yield say("It tells us whether exercise suits you right now, and which exercises and self-tests to leave out.")
    if "plan" in found:
        yield say("It helps us choose exercises that suit you, your day and your home.")
    raises, clears = found.get("could-raise"), found.get("could-clear")
    if raises and raises == clears:
        yield say("Your answer can speak for this or against it: {names}.").format(names=raises)
    else:
        if raises:
            yield say("Your answer can speak for this: {names}.").format(names=raises)
        if clears:
            yield say("Your answer can speak against this: {names}.").format(names=clears)
    if "decides-side" in found:
        yield say("It helps to tell left from right for this: {names}.").format(names=found["decides-side"])


def _names(reader: Reader, findings: Iterable[str]) -> str:
    """Each muscle once, whatever the side; the last ones are only counted."""
    words = {"tight": reader.say("tighter"), "weak": reader.say("tiring sooner")}
    muscles = dict.fromkeys(finding.rsplit(".", 1)[0] for finding in findings)
    said = [f"{reader.pack.muscles[muscle].plain_name} ({words[state]})" for muscle, state in (one.split(".") for one in muscles)]
    more = len(said) - MOST_NAMES
    return ", ".join(said[:MOST_NAMES]) + (reader.say(" and {count} more").format(count=more) if more > 0 else "")
