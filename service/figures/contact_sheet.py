"""A page with every picture of a pack, for whoever draws them; and what has none, or is amiss."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Literal

from service.figures.checking import amiss
from service.figures.gallery import Gallery, Wanted

Kind = Literal["exercise", "self-test"]
STYLE = (
    "body{margin:16px;font:14px system-ui,sans-serif;display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:16px}"
    "figure{margin:0}img{width:100%;display:block}"
)


def write_sheet(gallery: Gallery, folder: Path) -> int:
    """Write every still picture and `index.html` into a folder; how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    shown = []
    for kind, name, key in subjects(gallery):
        wanted = Wanted(kind, name, motion="still")
        drawn, subject = gallery.picture(wanted), gallery.subject(wanted)
        if drawn is None or subject is None:
            continue
        (folder / f"{key}.svg").write_bytes(drawn.body)
        shown.append(f'<figure><img src="{key}.svg" alt=""><figcaption><b>{key}</b> {escape(subject.title)}</figcaption></figure>')
    page = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Pictures</title><style>{STYLE}</style>{"".join(shown)}</html>\n'
    (folder / "index.html").write_text(page, encoding="utf-8")
    return len(shown)


def complaints(gallery: Gallery) -> Iterator[str]:
    """What has no picture, and what is amiss in the others."""
    body = gallery.figures.body
    for kind, _, key in subjects(gallery):
        picture = gallery.pictures(kind).get(key)
        if picture is None or body is None:
            yield f"{key}: has no picture"
        else:
            yield from (f"{key}: {complaint}" for complaint in amiss(body, gallery.figures.poses, picture))


def subjects(gallery: Gallery) -> Iterator[tuple[Kind, str, str]]:
    """Everything that may have a picture: its kind, its name, and the id its picture is written under."""
    for exercise in gallery.pack.exercises.values():
        yield "exercise", exercise.id, exercise.id
    for test in gallery.pack.tests.values():
        yield "self-test", test.name, test.id
