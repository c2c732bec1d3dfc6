"""Names that content uses for other content."""

from collections.abc import Iterable, Iterator

from rules.content.documents import Document, Fault, Loc
from rules.content.shape import Shape


def unknown_names(document: Document[Shape], loc: Loc, names: Iterable[str], known: Iterable[str]) -> Iterator[Fault]:
    """A fault for each name that is not among those known."""
    known = set(known)
    for name in names:
        if name not in known:
            yield document.fault(loc, f"{name} does not exist")
