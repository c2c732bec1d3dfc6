"""What goes onto paper as a tagged PDF (PDF/UA-1), set by Typst. The same paper gives the same bytes."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from typst import Compiler, TypstError

from service.paper.sheet import Paper, sheet
from service.paper.visible import visible

FOLDER = Path(__file__).parent
PLAN = FOLDER / "plan.typ"
# Points, and up to how many letters it is tried first: what is long needs no try at the largest.
SIZES = ((10.0, 12_000), (9.4, 13_500), (8.8, 16_000), (8.2, 10**9))
MOST_PAGES = 4
_setting = Lock()


def pdf(paper: Paper) -> bytes:
    """The sheet, on at most four A4 pages. Blocks for as long as the setting takes: call it in a thread."""
    said: dict[str, Any] = dict(sheet(paper))
    try:
        return fitted(PLAN, said, paper.day, SIZES)
    except TypstError:
        if not said["clinic"]:
            raise
        # A logo that begins like a picture and is none: the sheet goes without it.
        return fitted(PLAN, {**said, "clinic": {**said["clinic"], "logo": None}}, paper.day, SIZES)


def fitted(template: Path, said: Mapping[str, object], day: date, sizes: Sequence[tuple[float, float]]) -> bytes:
    """What a template makes of this, in the largest size of letters that keeps it on four pages; else in the smallest."""
    shown, written, made = _shown(dict(said)), datetime.combine(day, time(), UTC), b""
    letters = _letters(shown)
    with _setting:
        for size in (size for size, most in sizes if letters <= most):
            made = _set(template, json.dumps({**shown, "size": size}), written)
            if _pages(made) <= MOST_PAGES:
                break
    return made


def _set(template: Path, data: str, written: datetime) -> bytes:
    try:
        return _compiled(template, data, written, "ua-1")
    except TypstError as error:
        # A script that no font here can draw: its letters stay empty boxes, which the standard forbids.
        if "PDF/UA-1" not in error.message:
            raise
        return _compiled(template, data, written, "1.7")


def _pages(made: bytes) -> int:
    """How many there are, as Typst writes it into its tree of pages."""
    found = re.search(rb"/Type/Pages/Count (\d+)", made)
    assert found  # noqa: S101 - a test would tell
    return int(found[1])


def _compiled(template: Path, data: str, written: datetime, standard: Any) -> bytes:
    compiled = _compiler().compile(template, sys_inputs={"sheet": data}, pdf_standards=standard, timestamp=written)
    assert isinstance(compiled, bytes)  # noqa: S101 - a PDF is one file, and no output was named
    return compiled


@cache
def _compiler() -> Compiler:
    """Reads nothing but the template's own folder, and knows only the fonts that it brings along."""
    return Compiler(root=FOLDER, ignore_system_fonts=True)


def _shown(value: Any) -> Any:
    """The same data with every text visible."""
    match value:
        case str():
            return visible(value)
        case list():
            return [_shown(one) for one in value]
        case dict():
            return {key: _shown(one) for key, one in value.items()}
        case _:
            return value


def _letters(value: Any) -> int:
    """How much there is to read."""
    match value:
        case str():
            return 0 if value.startswith("<svg") else len(value)
        case list():
            return sum(_letters(one) for one in value)
        case dict():
            return sum(_letters(one) for one in value.values())
        case _:
            return 0
