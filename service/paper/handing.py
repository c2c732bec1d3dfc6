"""Guidance handed over as a file to take along: the sheet as a PDF, or its sessions as a calendar."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal

from fastapi import Request, Response
from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool

from rules import Guidance
from rules.shapes import PlanShape
from service.clinics.clinics import Clinic
from service.figures.gallery import Gallery, Wanted
from service.paper.diary import Diary, calendar
from service.paper.pdf import pdf
from service.paper.sheet import Paper
from service.reader import Reader
from service.state import State, state_of

File = Literal["application/pdf", "text/calendar"]
# What a download folder may show to anybody.
NAMES: dict[File, str] = {"application/pdf": "exercise-plan.pdf", "text/calendar": "exercise-plan.ics"}


@dataclass(frozen=True)
class Taken:
    """What is handed over. `since`: the day before the sessions begin; `name`: what tells it from another one; `link`: the private page; `clinic`: whose it is, too."""

    guidance: Guidance
    reader: Reader
    made: datetime
    since: date
    name: str
    link: str | None = None
    clinic: Clinic | None = None


def kept_since(guidance: Guidance, reader: Reader, made: datetime, name: str, link: str | None, clinic: Clinic | None = None) -> Taken:
    """What was kept, from the day it was made."""
    return Taken(guidance, reader, made, made.date(), name, link, clinic)


def not_kept(guidance: Guidance, reader: Reader) -> Taken:
    """What is stored nowhere: it is dated today, named by what it says, and has no page to lead to."""
    today = datetime.now(UTC).date()
    return Taken(guidance, reader, datetime.combine(today, time(), UTC), today, hashlib.sha256(to_json(guidance)).hexdigest())


async def hand_over(request: Request, taken: Taken, form: File, headers: Mapping[str, str]) -> Response:
    """The file. Raises NoPlan for a calendar without sessions."""
    if form == "application/pdf":
        body = await run_in_threadpool(printed, state_of(request), taken)
    else:
        body = calendar(Diary(taken.guidance, taken.reader, taken.made, taken.since, taken.name))
    own = {
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow",
        "Content-Disposition": f'attachment; filename="{NAMES[form]}"',
    }
    return Response(body, media_type=form, headers={**own, **headers})


def printed(state: State, taken: Taken) -> bytes:
    """The sheet as a PDF. Blocks for as long as that takes: call it in a thread."""
    pictures = _pictures(state.gallery(taken.reader), taken.guidance["plan"])
    return pdf(Paper(taken.guidance, taken.reader, state.body, taken.made.date(), taken.since, taken.link, pictures, taken.clinic))


def _pictures(gallery: Gallery, plan: PlanShape) -> dict[str, str]:
    """A still picture of each exercise that has one, on the side that does more."""
    wanted = [
        (one["exercise"], Wanted("exercise", one["exercise"], one["extra_set_side"] or "right", "still", "none"))
        for one in plan["prescriptions"]
    ]
    return {exercise: drawn.body.decode() for exercise, one in wanted if (drawn := gallery.picture(one))}
