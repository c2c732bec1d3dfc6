"""Renders a page in the reader's language, and says how it may be kept."""

from functools import cache, partial
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.readable.words import (
    amount,
    band_word,
    beyond,
    dose,
    grade_word,
    kind_word,
    outlook,
    reason_word,
    side_word,
    state_word,
    urgency_word,
    weight_word,
)
from service.reader import Reader
from service.state import reader_of, state_of
from service.web.static_files import UNCHANGING

WORDS = (amount, band_word, beyond, dose, grade_word, kind_word, outlook, reason_word, side_word, state_word, urgency_word, weight_word)


def page(
    request: Request, template: str, status: int = 200, *, private: bool = True, reader: Reader | None = None, **values: Any
) -> HTMLResponse:
    """A whole page from a template. `private`: it holds what belongs to one person, and nothing on its way keeps it.

    `reader`: where somebody has just chosen another language or other units.
    """
    reader = reader or reader_of(request)
    languages = {code: one.locale.get_display_name() for code, one in state_of(request).readers.items()}
    root = root_of(request)
    embedders = state_of(request).settings.embedders() if root else ()
    text = (
        _environment(reader)
        .get_template(template)
        .render(reader=reader, pack=reader.pack, languages=languages, path=request.url.path, root=root, embedders=embedders, **values)
    )
    headers = {
        "Content-Language": reader.language,
        "Cache-Control": "no-store" if private else "no-cache",
        "Vary": "Accept-Language, Cookie",
        **({"X-Robots-Tag": "noindex, nofollow"} if private else {}),
    }
    return HTMLResponse(text, status_code=status, headers=headers)


def root_of(request: Request) -> str:
    """What stands before the path of every page of this visit: nothing, or the address of frames on other sites with their language and units."""
    if not request.url.path.startswith("/embedded/"):
        return ""
    reader = reader_of(request)
    return f"/embedded/{reader.language}/{reader.units}"


@cache
def _environment(reader: Reader) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["static"] = UNCHANGING
    environment.install_gettext_translations(reader.words, newstyle=True)  # type: ignore[attr-defined]
    environment.filters["prose"] = reader.prose
    for word in WORDS:
        environment.filters[word.__name__] = partial(word, reader)
    return environment
