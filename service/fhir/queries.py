"""What a search asks for: FHIR's parameters read strictly, so that a value nobody understands is refused and never passes for one that fits nothing."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import get_args
from urllib.parse import urlencode

from fastapi import Request

from service.bodies import BadSearch, answers_from_form
from service.fhir.elements import Resource, drop_empty
from service.responses import Comparison, Moment

MOST_PARAMETERS, MOST_COUNT, USUAL_COUNT = 60, 200, 50
ASIDE = ("_format", "_pretty")  # about the answer's form, not about what is sought
_TEXT = re.compile(r"[^\x00-\x1f\x7f]{1,300}")
_AFTER = re.compile(r"(-?[0-9]{1,17})~([A-Za-z0-9.-]{22})(?:~([0-9]{1,4}))?")
_DATE = re.compile(
    r"(?P<how>[a-z]{2})?(?P<year>[0-9]{4})(?:-(?P<month>[0-9][0-9])(?:-(?P<day>[0-9][0-9])(?:T(?P<time>[0-9][0-9]:[0-9][0-9](?::[0-9][0-9](?:\.[0-9]{1,6})?)?)(?P<zone>Z|[ +-][0-9][0-9]:[0-9][0-9])?)?)?)?"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Values = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: behind a response, or with it, behind some of what follows from it."""

    authored: datetime
    id: str
    skipped: int | None

    def __str__(self) -> str:
        """As it stands in a link."""
        return f"{(self.authored - _EPOCH) // timedelta(microseconds=1)}~{self.id}" + ("" if self.skipped is None else f"~{self.skipped}")


@dataclass(frozen=True)
class Query:
    """What is sought: for each parameter that is known, all of the values must fit, and of each that has commas any."""

    values: Mapping[str, Values]
    used: Sequence[tuple[str, str]]
    count: int
    oldest_first: bool
    after: Cursor | None

    def any_of(self, name: str) -> set[str] | None:
        """The values of a parameter that fit each time it stands there; None where it does not."""
        sets = [set(one) for one in self.values.get(name, ())]
        return set.intersection(*sets) if sets else None


async def query_of(request: Request, known: Collection[str]) -> Query:
    """What a request asks for, in its address or in the body of `_search`. Raises BadSearch.

    What is not known is left aside, unless the caller wants it refused.
    """
    pairs = request.query_params.multi_items()
    if request.method == "POST":
        pairs += [(name, value) for name, values in (await answers_from_form(request)).items() for value in values]
    strict = "handling=strict" in request.headers.get("prefer", "").replace(" ", "").lower()
    return read_query(pairs, known, strict=strict)


def read_query(pairs: Sequence[tuple[str, str]], known: Collection[str], *, strict: bool) -> Query:
    """The same of names and values. Raises BadSearch."""
    if len(pairs) > MOST_PARAMETERS:
        raise BadSearch(("", f"has more than {MOST_PARAMETERS} parameters"))
    values: dict[str, list[tuple[str, ...]]] = {}
    used: list[tuple[str, str]] = []
    settings = {"_count": str(USUAL_COUNT), "_sort": "-authored", "_after": ""}
    for given, value in pairs:
        name, _, modifier = given.partition(":")
        if name in ASIDE:
            continue
        if name not in known and name not in settings:
            if strict:
                raise BadSearch(("", "has a parameter that is not known here"))
            continue
        if not _TEXT.fullmatch(value):
            raise BadSearch(("", f"{name} must be 1 to 300 characters"))
        if modifier and (modifier, name) != ("Patient", "subject"):
            raise BadSearch(("", f"{name} has no such modifier here"))
        if name in settings:
            settings[name] = value
        else:
            values.setdefault(name, []).append(tuple(f"Patient/{one}" if modifier else one for one in value.split(",") if one))
        used += [] if name == "_after" else [(given, value)]
    return Query(
        {name: tuple(listed) for name, listed in values.items()},
        used,
        _count(settings["_count"]),
        _sort(settings["_sort"]),
        _cursor(settings["_after"]),
    )


def _count(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise BadSearch(("", "_count must be a whole number, 0 or more"))
    return min(int(value), MOST_COUNT)


def _sort(value: str) -> bool:
    if value not in ("authored", "-authored"):
        raise BadSearch(("", "_sort must be authored or -authored"))
    return value == "authored"


def _cursor(value: str) -> Cursor | None:
    found = _AFTER.fullmatch(value)
    if value and not found:
        raise BadSearch(("", "_after must be as it stands in a link"))
    try:
        return Cursor(_EPOCH + timedelta(microseconds=int(found[1])), found[2], int(found[3]) if found[3] else None) if found else None
    except OverflowError:
        raise BadSearch(("", "_after must be as it stands in a link")) from None


def moments(query: Query, name: str) -> tuple[tuple[Moment, ...], ...]:
    """The spans of a date parameter. Raises BadSearch."""
    return tuple(tuple(_moment(name, one) for one in any_of) for any_of in query.values.get(name, ()))


def _moment(name: str, value: str) -> Moment:
    found = _DATE.fullmatch(value)
    how = found["how"] or "eq" if found else ""
    try:
        if found and how in get_args(Comparison):
            return Moment(how, *_span(found))  # type: ignore[arg-type]  # it is one of them
    except (ValueError, OverflowError):
        pass
    raise BadSearch(("", f"{name} must be a date or a time, with eq, ne, gt, ge, lt or le before it"))


def _span(found: re.Match[str]) -> tuple[datetime, datetime]:
    """From the first moment that a date may mean to the first that it does not; in UTC where it names no zone."""
    year, month, day = int(found["year"]), int(found["month"] or 1), int(found["day"] or 1)
    if found["time"]:
        zone = (found["zone"] or "Z").replace(" ", "+")
        start = datetime.fromisoformat(f"{year:04}-{month:02}-{day:02}T{found['time']}{zone}").astimezone(UTC)
        parts = found["time"].count(":")
        exact = timedelta(microseconds=1) if "." in found["time"] else timedelta(seconds=1) if parts == 2 else timedelta(minutes=1)
        return start, start + exact
    start = datetime(year, month, day, tzinfo=UTC)
    if found["day"]:
        return start, start + timedelta(days=1)
    if found["month"]:
        return start, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return start, datetime(year + 1, 1, 1, tzinfo=UTC)


def tokens(values: Collection[str] | None) -> set[str] | None:
    """The codes of tokens, with or without a system."""
    return None if values is None else {one.rsplit("|", 1)[-1] for one in values}


def references(values: Collection[str] | None) -> set[str] | None:
    """What a reference may be called: an id alone is a patient's."""
    return None if values is None else {one if "/" in one or ":" in one else f"Patient/{one}" for one in values}


def searchset(
    base: str, kind: str, query: Query, found: Sequence[Resource], *, total: int | None = None, after: Cursor | None = None
) -> Resource:
    """A Bundle of what was found, with links to itself and to what comes after it."""
    links = [{"relation": "self", "url": _link(base, kind, query.used)}]
    if after is not None:
        links.append({"relation": "next", "url": _link(base, kind, [*query.used, ("_after", str(after))])})
    entries = [{"fullUrl": f"{base}/{kind}/{one['id']}", "resource": one, "search": {"mode": "match"}} for one in found]
    return drop_empty({"resourceType": "Bundle", "type": "searchset", "total": total, "link": links, "entry": entries})


def _link(base: str, kind: str, used: Sequence[tuple[str, str]]) -> str:
    return f"{base}/{kind}" + (f"?{urlencode(used, safe=':/|,~$')}" if used else "")
