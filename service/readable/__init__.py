"""Guidance to read: Markdown from one template, and HTML and terminal text from the Markdown. The review register, to print."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Literal, get_args

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt

from rules import Guidance, Pack
from rules.content import URGENT
from rules.content.shape import Basis
from rules.review.register import Unconfirmed, summary

# Markdown is not escaped as HTML; the HTML page gets a body that markdown-it has made safe.
_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,  # noqa: S701
)
_markdown = MarkdownIt("commonmark", {"html": False})


def render(guidance: Guidance, pack: Pack, form: Literal["text/markdown", "text/html"]) -> str:
    """The guidance as a Markdown text or a whole HTML page."""
    text = markdown(guidance, pack)
    if form == "text/markdown":
        return text
    page = _environment.get_template("guidance.html.jinja")
    return page.render(title=pack.label.name, language=pack.label.language, body=_markdown.render(text))


def markdown(guidance: Guidance, pack: Pack) -> str:
    """Triage first; then findings with their reasons, the plan, what was left out and why, and the limits."""
    template = _environment.get_template("guidance.md.jinja")
    questions = {item.link_id: item.text for item in pack.items.values()}
    groups = {item.link_id: group.title for group in pack.groups for item in group.items}
    sources = {source.id: source.citation for source in pack.sources.values()}
    return template.render(
        guidance=guidance,
        questions=questions,
        groups=groups,
        sources=sources,
        unit=pack.unit,
        label=pack.label,
        headings=pack.safety.headings.model_dump(by_alias=True),
        urgencies=URGENT,
    )


def review_markdown(lines: Sequence[Unconfirmed], pack: Pack) -> str:
    """The review register: how much rests on what, then a table a file with a column to sign."""
    template = _environment.get_template("review.md.jinja")
    files = [(file, list(own)) for file, own in groupby(lines, key=lambda line: line.file)]
    return template.render(
        files=files, summary=summary(lines), words=get_args(Basis), total=len(lines), sources=pack.sources, label=pack.label
    )
