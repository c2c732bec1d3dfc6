"""Parquet, where pyarrow is installed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rules import Pack
from service.batch.rows import BatchOutcome, Row
from service.scoring.cells import FileRefused, check_columns, row_of_cells
from service.scoring.summary import Summary, summary

CHUNK = 500
NUMBERS = ("line", "answered", "askable")


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise FileRefused("Parquet needs pyarrow: pip install pyarrow") from None
    return pyarrow, pyarrow.parquet


def read(pack: Pack, path: Path) -> tuple[Iterator[tuple[Row, int]], int]:
    """Each row with its place, and how many rows there are. Raises FileRefused."""
    pyarrow, parquet = _pyarrow()
    try:
        file = parquet.ParquetFile(path)
    except (OSError, pyarrow.ArrowInvalid):
        raise FileRefused("the file is not Parquet that can be read") from None
    check_columns(pack, file.schema_arrow.names)
    return _rows(pack, file), file.metadata.num_rows


def _rows(pack: Pack, file: Any) -> Iterator[tuple[Row, int]]:
    place = 0
    with file:
        for chunk in file.iter_batches(batch_size=CHUNK):
            for cells in chunk.to_pylist():
                place += 1
                yield row_of_cells(pack, place, cells), place


@contextmanager
def write(path: Path) -> Iterator[Callable[[BatchOutcome], None]]:
    """Takes what came of each row; some hundred at a time go to the file."""
    pyarrow, parquet = _pyarrow()
    schema = pyarrow.schema([(name, pyarrow.int32() if name in NUMBERS else pyarrow.string()) for name in Summary.__annotations__])
    waiting: list[Summary] = []
    with parquet.ParquetWriter(path, schema) as file:

        def flush() -> None:
            file.write_table(pyarrow.Table.from_pylist(waiting, schema))
            waiting.clear()

        def put(told: BatchOutcome) -> None:
            waiting.append(summary(told))
            if len(waiting) == CHUNK:
                flush()

        yield put
        flush()
