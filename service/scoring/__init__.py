"""A file of people scored: read row by row, evaluated, written row by row; formats by the ends of the names."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from service.batch.rows import outcome
from service.reader import Reader
from service.scoring.cells import FileRefused
from service.scoring.formats import READERS, WRITERS, format_of

__all__ = ["FileRefused", "score"]


def score(reader: Reader, source: Path, target: Path) -> tuple[int, int]:
    """How many rows there were, and how many of them have a problem. Raises FileRefused; `target` is there only when all went well."""
    people, size = READERS[format_of(source)](reader.pack, source)
    write = WRITERS[format_of(target)]
    rows = refused = 0
    unfinished = target.with_name(target.name + ".part")
    try:
        with _progress(size) as tick, write(unfinished) as put:
            for row, at in people:
                told = outcome(reader, row)
                put(told)
                rows += 1
                refused += "problem" in told
                tick(at)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return rows, refused


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    columns = (TextColumn("people scored"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda at: bar.update(task, completed=at)
