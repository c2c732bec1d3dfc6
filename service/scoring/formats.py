"""Which files can be read and written, by the ends of their names."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal, get_args

from rules import Pack
from service.batch.rows import BatchOutcome, Row
from service.scoring import csv_files, ndjson_files, parquet_files
from service.scoring.cells import FileRefused

FileFormat = Literal["csv", "ndjson", "parquet"]
# Each row with how far the file is read then, and how far it goes.
Read = Callable[[Pack, Path], tuple[Iterator[tuple[Row, int]], int]]
Write = Callable[[Path], AbstractContextManager[Callable[[BatchOutcome], None]]]
READERS: dict[FileFormat, Read] = {"csv": csv_files.read, "ndjson": ndjson_files.read, "parquet": parquet_files.read}
WRITERS: dict[FileFormat, Write] = {"csv": csv_files.write, "ndjson": ndjson_files.write, "parquet": parquet_files.write}


def format_of(path: Path) -> FileFormat:
    """Raises FileRefused."""
    for one in get_args(FileFormat):
        if path.suffix.lower() == f".{one}":
            found: FileFormat = one
            return found
    raise FileRefused("a file's name must end in .csv, .ndjson or .parquet")
