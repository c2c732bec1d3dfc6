"""Brings the catalogues up to date with what there is to translate; what was translated before is kept."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from rules.content.files import Files
from service.errors import titles
from service.reader import CHROME, TEMPLATE

SERVICE = Path(__file__).parent
METHODS = [("**.py", "python"), ("**.jinja", "jinja2")]
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "say": None}
# A catalogue changes only when its texts do.
NEVER = datetime(2026, 1, 1, tzinfo=UTC)
Found = tuple[str | tuple[str, ...], str]


def pack_texts(seeds: Path) -> list[Found]:
    """Every text of a pack, in the order of its files, with the file it first stands in."""
    texts: dict[str | tuple[str, ...], str] = {}
    files = Files(seeds, lambda text: texts.setdefault(text, "") or text)
    for document in files:
        for text in _strings(document.data):
            if texts.get(text.strip()) == "":
                texts[text.strip()] = document.name
    return list(texts.items())


def interface_texts() -> list[Found]:
    """Every word of pages, documents and problems that is not the pack's own."""
    found: list[Found] = [(title, "errors.py") for title in titles()]
    for name, _, message, _, _ in extract_from_dir(SERVICE, METHODS, keywords=KEYWORDS):
        found.append((tuple(message) if isinstance(message, list | tuple) else str(message), Path(name).as_posix()))
    return sorted(dict(reversed(found)).items(), key=lambda one: (one[1], str(one[0])))


def refreshed(path: Path, language: str | None, texts: Iterable[Found]) -> bool:
    """Write a catalogue with exactly these texts; say whether that changed the file."""
    old = read_po(BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog()
    new = Catalog(locale=language, project="muscle-balance", fuzzy=False, creation_date=NEVER, revision_date=NEVER, header_comment="")
    new.mime_headers = [("Content-Type", "text/plain; charset=utf-8"), ("Language", language or "")]
    if language:
        new.mime_headers.append(("Plural-Forms", new.plural_forms))
    for text, file in texts:
        known = old.get(text)
        new.add(text, string=known.string if known else None, locations=[(file, 0)])
    written = BytesIO()
    write_po(written, new, width=0, include_lineno=False)
    before = path.read_bytes() if path.exists() else b""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written.getvalue())
    return written.getvalue() != before


def refresh(seeds: Path, languages: Iterable[str]) -> Iterator[Path]:
    """Bring the pack's and the interface's catalogues of these languages up to date. Gives the files that changed."""
    pack, interface = pack_texts(seeds), interface_texts()
    catalogues: list[tuple[Path, str | None, list[Found]]] = [(TEMPLATE, None, interface)]
    for language in languages:
        catalogues += [(seeds / "texts" / f"{language}.po", language, pack), (CHROME / f"{language}.po", language, interface)]
    for path, spoken, texts in catalogues:
        if refreshed(path, spoken, texts):
            yield path


def _strings(data: object) -> Iterator[str]:
    match data:
        case str():
            yield data
        case list():
            for part in data:
                yield from _strings(part)
        case dict():
            for part in data.values():
                yield from _strings(part)
