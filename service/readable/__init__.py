"""Guidance to read: Markdown from one template, and HTML and terminal text from the Markdown. The review register, to print."""

from collections.abc import Sequence
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import Literal, get_args

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt

from rules import Guidance, Pack
from rules.content import URGENT
from rules.content.shape import Basis
from rules.review.register import Unconfirmed, summary
from service.readable.words import band_word, dose, explained, kind_word, outlook, side_word, state_word, weight_word
from service.reader import Reader

_markdown = MarkdownIt("commonmark", {"html": False})


def render(guidance: Guidance, reader: Reader, form: Literal["text/markdown", "text/html"]) -> str:
    """The guidance as a Markdown text or a whole HTML page."""
    text = markdown(guidance, reader)
    if form == "text/markdown":
        return text
    page = _environment(reader).get_template("guidance.html.jinja")
    return page.render(title=reader.pack.label.name, reader=reader, body=_markdown.render(text))


def markdown(guidance: Guidance, reader: Reader) -> str:
    """Triage first; then findings with their reasons, the plan, what was left out and why, and the limits."""
    pack = reader.pack
    return (
        _environment(reader)
        .get_template("guidance.md.jinja")
        .render(
            guidance=guidance,
            reader=reader,
            questions={item.link_id: item.text for item in pack.items.values()},
            headings=pack.safety.headings.model_dump(by_alias=True),
            left_out=explained(guidance["plan"]),
            urgencies=URGENT,
        )
    )


def review_markdown(lines: Sequence[Unconfirmed], pack: Pack) -> str:
    """The review register: how much rests on what, then a table a file with a column to sign."""
    template = _plain().get_template("review.md.jinja")
    files = [(file, list(own)) for file, own in groupby(lines, key=lambda line: line.file)]
    return template.render(
        files=files, summary=summary(lines), words=get_args(Basis), total=len(lines), sources=pack.sources, label=pack.label
    )


@cache
def _environment(reader: Reader) -> Environment:
    """The templates with the reader's words."""
    environment = _plain()
    environment.install_gettext_translations(reader.words, newstyle=True)  # type: ignore[attr-defined]
    environment.filters["prose"] = reader.prose
    for word in (band_word, state_word, side_word, weight_word, kind_word, dose, outlook):
        environment.filters[word.__name__] = partial(word, reader)
    return environment


def _plain() -> Environment:
    # Markdown is not escaped as HTML; the HTML page gets a body that markdown-it has made safe.
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701
    )
