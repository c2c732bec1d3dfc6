"""JSON lines, as `POST /v1/batch` takes and gives them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic_core import to_json

from rules import Pack
from service.batch.lines import Cutter
from service.batch.rows import BatchOutcome, Row, row_of_line
from service.scoring.cells import FileRefused

LONGEST = 1_000_000  # bytes of a line
PIECE = 65_536


def read(pack: Pack, path: Path) -> tuple[Iterator[tuple[Row, int]], int]:  # noqa: ARG001 - other formats need it
    """Each row with how far the file is read then, and the size of the file, in bytes. Raises FileRefused."""
    try:
        size = path.stat().st_size
        path.open("rb").close()
    except OSError:
        raise FileRefused("the file cannot be opened") from None
    return ((row_of_line(number, line), at) for number, line, at in _lines(path) if line is None or line.strip()), size


def _lines(path: Path) -> Iterator[tuple[int, bytes | None, int]]:
    cutter = Cutter(LONGEST)
    number = 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            for line in cutter.take(piece):
                number += 1
                yield number, line, file.tell()
        for line in cutter.last():
            yield number + 1, line, file.tell()


@contextmanager
def write(path: Path) -> Iterator[Callable[[BatchOutcome], None]]:
    """Takes what came of each row."""
    with path.open("wb") as file:

        def put(told: BatchOutcome) -> None:
            file.write(to_json(told) + b"\n")

        yield put
