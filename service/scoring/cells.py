"""What stands in the cells of a table: columns named by link_id, answers as text, and text that no spreadsheet runs."""

import re
from collections.abc import Iterable, Mapping, Sequence

from rules import Pack
from rules.answers import NOT_SURE
from service.batch.rows import LONGEST_ID, Row, plain
from service.bodies import WrongShape

SEVERAL = "|"
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{1,15})?")
_FORMULA = re.compile(r"(^|[;|\t]\s*)(?=[=+\-@\t\r\n＝＋－＠])")  # noqa: RUF001 - the wide ones count as well


class FileRefused(Exception):
    """The file cannot be scored at all; the message says what to repair."""


def check_columns(pack: Pack, columns: Sequence[str]) -> None:
    """Raises FileRefused, naming by its place each column that is no link_id, and each that comes twice. A misspelt one must not lose its answers."""
    unknown = [place for place, name in enumerate(columns, start=1) if name != "id" and name not in pack.items]
    if unknown:
        raise FileRefused(f"each column must be named id or by a link_id of the questionnaire; look at: {_listed(unknown)}")
    twice = [place for place, name in enumerate(columns, start=1) if name in columns[: place - 1]]
    if twice:
        raise FileRefused(f"a column comes twice; look at: {_listed(twice)}")


def row_of_cells(pack: Pack, number: int, cells: Mapping[str, object]) -> Row:
    """The person in one row of a table. An empty cell is no answer."""
    filled = {name: cell for name, cell in cells.items() if not _is_empty(cell)}
    told = {name: _answer(pack, name, cell) for name, cell in filled.items() if name != "id"}
    if "id" not in filled:
        return Row(number, None, told)
    name = plain(str(filled["id"]))
    if name is None:
        return Row(number, None, WrongShape(("/id", f"must be a text of 1 to {LONGEST_ID} visible characters")))
    return Row(number, name, told)


def safe(cell: object) -> object:
    """A cell that a spreadsheet shows and does not run, also one that takes another separator than ours for the end of a cell."""
    return _FORMULA.sub(r"\1'", cell) if isinstance(cell, str) else cell


def _is_empty(cell: object) -> bool:
    # A number that is not itself is how tables of numbers leave a cell empty.
    return cell is None or cell != cell or (isinstance(cell, str) and not cell.strip())  # noqa: PLR0124


def _answer(pack: Pack, link_id: str, cell: object) -> object:
    """What cannot be understood is left as it is, for the reader of answers to refuse."""
    if not isinstance(cell, str):
        return cell
    text = cell.strip()
    kind = pack.items[link_id].type
    if text == NOT_SURE or kind == "choice":
        return text
    if kind == "choices":
        return [part.strip() for part in text.split(SEVERAL)]
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else text


def _listed(places: Iterable[int]) -> str:
    return "column " + ", ".join(str(place) for place in places)
