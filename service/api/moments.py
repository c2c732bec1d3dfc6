"""Moments in a query: RFC 3339 with its zone, so that nobody need guess which one is meant."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, WithJsonSchema

# Dates of this century: none of them runs over in another zone.
PATTERN = r"^20\d\d-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)$"
BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
PLACE = r"^[0-9]{1,17}-[A-Za-z0-9_-]{22}$"


def _written(text: object) -> object:
    if not isinstance(text, str) or not re.fullmatch(PATTERN, text, re.ASCII):
        raise ValueError
    return text.upper()


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Since = Annotated[
    AwareDatetime | None,
    BeforeValidator(_written),
    AfterValidator(_in_utc),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": PATTERN}),
    Query(description="Nothing older than this moment (RFC 3339, with its zone; write `+` as `%2B`)."),
]


def place_of(moment: datetime, name: str) -> str:
    """Where to go on in a list by moment: behind this one, of this name."""
    return f"{(moment - BEGIN) // timedelta(microseconds=1)}-{name}"


def placed(place: str) -> tuple[datetime, str]:
    """The same, read again."""
    moment, _, name = place.partition("-")
    return BEGIN + timedelta(microseconds=int(moment)), name
