"""Checks that what is matched with another terminology is ours, and matched once."""

from collections.abc import Iterator

from rules.content.crosscheck.names import unknown_names
from rules.content.documents import Document, Fault, Loc
from rules.content.pack import Pack
from rules.content.terminologies import Terminologies


def terminology_faults(pack: Pack, document: Document[Terminologies]) -> Iterator[Fault]:
    """What is wrong with the matches."""
    known = {
        "side": {option.code for option in pack.label.option_sets.get("sides", ())},
        "item": set(pack.items),
        "programme": {"programme"},
    }
    for place, terminology in enumerate(document.content.terminologies):
        seen: set[tuple[str, str]] = set()
        for index, match in enumerate(terminology.matches):
            loc: Loc = ("terminologies", place, "matches", index, "ours")
            yield from unknown_names(document, loc, [match.ours], known[match.of])
            if (match.of, match.ours) in seen:
                yield document.fault(loc, f"{match.ours} is already matched")
            seen.add((match.of, match.ours))
