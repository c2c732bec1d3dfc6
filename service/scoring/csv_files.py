"""CSV: comma or semicolon, whichever the first line has more of; UTF-8, with or without a mark at its beginning."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from rules import Pack
from service.batch.rows import BatchOutcome, Row
from service.bodies import LineTooLong, WrongShape
from service.scoring.cells import FileRefused, check_columns, row_of_cells, safe
from service.scoring.summary import Summary, summary

COLUMNS = list(Summary.__annotations__)


def read(pack: Pack, path: Path) -> tuple[Iterator[tuple[Row, int]], int]:
    """Each row with how far the file is read then, and the size of the file, in bytes. Raises FileRefused."""
    try:
        with path.open("rb") as file:
            first = _text(file.readline())
    except OSError:
        raise FileRefused("the file cannot be opened") from None
    delimiter = ";" if first.count(";") > first.count(",") else ","
    columns = [name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])]
    check_columns(pack, columns)
    return _rows(pack, path, columns, delimiter), path.stat().st_size


def _rows(pack: Pack, path: Path, columns: list[str], delimiter: str) -> Iterator[tuple[Row, int]]:
    with path.open("rb") as file:
        table = csv.reader(_texts(file), delimiter=delimiter)
        next(table)
        while True:
            try:
                cells = next(table)
            except StopIteration:
                return
            except csv.Error:  # a cell without end
                yield Row(table.line_num, None, LineTooLong()), file.tell()
                continue
            if not cells:
                continue
            if len(cells) != len(columns):
                yield Row(table.line_num, None, WrongShape(("", "has more or fewer cells than there are columns"))), file.tell()
            else:
                yield row_of_cells(pack, table.line_num, dict(zip(columns, cells, strict=True))), file.tell()


def _texts(file: BinaryIO) -> Iterator[str]:
    for line in file:
        yield _text(line)


def _text(line: bytes) -> str:
    """What is no UTF-8 stays recognisable as such, and is refused where it stands."""
    return line.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="surrogateescape")


@contextmanager
def write(path: Path) -> Iterator[Callable[[BatchOutcome], None]]:
    """Takes what came of each row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        yield lambda told: table.writerow({name: safe(cell) for name, cell in summary(told).items()})
