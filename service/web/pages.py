"""Renders a page in the reader's language, and says how it may be kept."""

from collections.abc import Sequence
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
    status_word,
    urgency_word,
    weight_word,
)
from service.reader import Reader
from service.state import reader_of, state_of
from service.web.inviting import invited_in
from service.web.static_files import UNCHANGING

WORDS = (
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
    status_word,
    urgency_word,
    weight_word,
)


def page(
    request: Request, template: str, status: int = 200, *, private: bool = True, reader: Reader | None = None, **values: Any
) -> HTMLResponse:
    """A whole page from a template. `private`: it holds what belongs to one person, and nothing on its way keeps it.

    `reader`: where somebody has just chosen another language or other units.
    """
    reader = reader or reader_of(request)
    invited = invited_in(request)
    around = {
        "languages": {code: one.locale.get_display_name() for code, one in state_of(request).readers.items()},
        "path": request.url.path,
        "root": root_of(request),
        "free_root": free_root_of(request),
        "framed": is_framed(request),
        "embedders": embedders_of(request),
        "invited": invited.clinic if invited else None,
    }
    text = _environment(reader).get_template(template).render(reader=reader, pack=reader.pack, **{**around, **values})
    headers = {
        "Content-Language": reader.language,
        "Cache-Control": "no-store" if private else "no-cache",
        "Vary": "Accept-Language, Cookie",
        **({"X-Robots-Tag": "noindex, nofollow"} if private else {}),
    }
    return HTMLResponse(text, status_code=status, headers=headers)


def is_framed(request: Request) -> bool:
    """Whether the page is for frames on other sites."""
    return request.url.path.startswith("/embedded/")


def root_of(request: Request) -> str:
    """What stands before the path of every page of this visit: the address of frames on other sites with their language and units, and an invitation, if any."""
    invited = invited_in(request)
    return _frame_of(request) + (f"/invited/{invited.token}" if invited else "")


def free_root_of(request: Request) -> str:
    """The same for who takes the assessment without sending it to a clinic; where only clinics embed, frames have no such pages."""
    return _frame_of(request) if state_of(request).settings.embedders() else ""


def embedders_of(request: Request) -> Sequence[str]:
    """The web sites whose pages may hold this one in a frame: an invitation's clinic names its own."""
    invited = invited_in(request)
    return invited.clinic.settings.embed_origins if invited else state_of(request).settings.embedders()


def _frame_of(request: Request) -> str:
    reader = reader_of(request)
    return f"/embedded/{reader.language}/{reader.units}" if is_framed(request) else ""


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
