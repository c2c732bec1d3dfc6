"""Why a question is asked, in words."""

import re
from collections.abc import Iterable

from rules.shapes import AskedBecause
from service.reader import Reader

MOST_NAMES = 4


def say_why(reader: Reader, because: Iterable[AskedBecause]) -> Iterable[str]:
    """A sentence for each reason."""
    say = reader.say
    for one in because:
        names = _names(reader, one["findings"])
        match one["code"]:
            case "safety":
                yield say("It tells us whether exercise suits you right now, and which exercises and self-tests to leave out.")
            case "plan":
                yield say("It helps us choose exercises that suit you, your day and your home.")
            case "could-raise":
                yield say("Some answers speak for one of these: {names}.").format(names=names)
            case "could-clear":
                yield say("Some answers speak against one of these: {names}.").format(names=names)
            case "decides-side":
                yield say("It helps to tell left from right for these: {names}.").format(names=names)


def _names(reader: Reader, findings: Iterable[str]) -> str:
    words = {"tight": reader.say("tighter"), "weak": reader.say("tiring sooner")}
    muscles = dict.fromkeys(re.sub(r"\.[a-z]+$", "", finding) for finding in findings)
    said = [f"{reader.pack.muscles[muscle].plain_name} ({words[state]})" for muscle, state in (one.split(".") for one in muscles)]
    more = len(said) - MOST_NAMES
    return ", ".join(said[:MOST_NAMES]) + (reader.say(" and {count} more").format(count=more) if more > 0 else "")
