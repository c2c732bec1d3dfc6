"""One person of many: a line of JSON in, guidance or a problem out. A row that cannot be read never stops the others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NotRequired

from typing_extensions import TypedDict

from rules import AnswersRefused, Guidance, evaluate
from service.bodies import Faulty, LineTooLong, WrongShape, object_from
from service.errors import Problem, problem_of
from service.reader import Reader

LONGEST_ID = 100


class BatchOutcome(TypedDict):
    """What came of one line: guidance or a problem. `line` counts from 1; `id` is the caller's own, null where none came that can be repeated."""

    line: int
    id: str | None
    guidance: NotRequired[Guidance]
    problem: NotRequired[Problem]


@dataclass(frozen=True)
class Row:
    """A person. `told`: answers nobody has looked at yet, or why there are none."""

    line: int
    id: str | None
    told: Mapping[str, object] | Faulty | LineTooLong


def row_of_line(number: int, line: bytes | None) -> Row:
    """The row in a line of JSON; None stands for a line that was too long to keep."""
    if line is None:
        return Row(number, None, LineTooLong())
    try:
        body = object_from(line)
    except Faulty as refused:
        return Row(number, None, refused)
    faults = list(_faults(body))
    return Row(number, plain(body.get("id")), WrongShape(*faults) if faults else body["answers"])


def outcome(reader: Reader, row: Row) -> BatchOutcome:
    """Guidance for a row in the reader's language, or what to repair."""
    if isinstance(row.told, Exception):
        return {"line": row.line, "id": row.id, "problem": problem_of(row.told, reader)}
    try:
        return {"line": row.line, "id": row.id, "guidance": evaluate(reader.pack, row.told)}
    except AnswersRefused as refused:
        return {"line": row.line, "id": row.id, "problem": problem_of(refused, reader)}


def plain(name: object) -> str | None:
    """An id, if it may come back: a short text that looks like what it is."""
    return name if isinstance(name, str) and 0 < len(name) <= LONGEST_ID and name.isprintable() else None


def _faults(body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if "answers" not in body or not body.keys() <= {"id", "answers"}:
        yield "", "must have the key answers, may have id and no other"
    if "id" in body and plain(body["id"]) is None:
        yield "/id", f"must be a text of 1 to {LONGEST_ID} visible characters"
    if not isinstance(body.get("answers", {}), dict):
        yield "/answers", "must be an object: link_id to answer"
