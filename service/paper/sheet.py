"""What stands on the sheet of paper, as plain data for its template: the guidance, shortened and in the reader's words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from rules import Guidance
from rules.content import URGENT
from rules.shapes import FindingShape, MeasuredShape, PrescriptionShape
from rules.weighing.weigh import BANDS
from service.clinics.clinics import Clinic
from service.figures.body_map import body_map
from service.figures.body_map_data import Body
from service.figures.body_map_legend import state_name
from service.paper.link import coded, pieces
from service.paper.words import words
from service.readable.words import amount, band_word, dose, explained, side_word
from service.reader import Reader

WEEKS = 4
DIGITS = 19  # of the digest: sha256: and twelve more
MOST_FOR, MOST_AGAINST, MOST_OPEN = 3, 1, 12
TOGETHER = "\N{NO-BREAK SPACE}"
Sheet = dict[str, object]


@dataclass(frozen=True)
class Paper:
    """What goes onto paper. `day`: when it was answered; `since`: the day before its four weeks begin; `link`: the private page; `pictures`: SVG by exercise.

    `clinic`: whom it was sent to, if anybody.
    """

    guidance: Guidance
    reader: Reader
    body: Body
    day: date
    since: date
    link: str | None = None
    pictures: Mapping[str, str] = field(default_factory=dict)
    clinic: Clinic | None = None


def sheet(paper: Paper) -> Sheet:
    """Everything the template shows. When something is urgent that is what to do, and nothing else."""
    said = {**_frame(paper), **_triage(paper)}
    if paper.guidance["triage"]["urgency"] in URGENT:
        return said
    return {**said, **_results(paper), **_plan(paper), **_end(paper)}


def _frame(paper: Paper) -> Sheet:
    reader, label = paper.reader, paper.reader.pack.label
    return {
        "language": reader.locale.language,
        "region": reader.locale.territory,
        "rtl": reader.direction == "rtl",
        "title": f"{label.name}, {reader.day(paper.day)}",
        "name": label.name,
        "day": reader.day(paper.day),
        "foot": label.not_for[0] if label.not_for else "",
        "words": words(reader),
        "clinic": _clinic(paper, paper.clinic) if paper.clinic else None,
    }


def _clinic(paper: Paper, clinic: Clinic) -> Sheet:
    """Whose sheet it is, too, and what they say beside our advice. The logo goes as numbers: JSON has no bytes."""
    said = clinic.settings.said(paper.guidance["triage"]["urgency"], paper.reader.language)
    return {
        "name": clinic.name,
        "contact": list(clinic.settings.contact),
        "says": said[1].split("\n") if said else [],
        "speaks": said[0].partition("-")[0] if said else "",
        "logo": list(clinic.logo.body) if clinic.logo else None,
        "format": clinic.logo.media_type.removeprefix("image/").replace("jpeg", "jpg") if clinic.logo else "",
    }


def _triage(paper: Paper) -> Sheet:
    triage, support, pack = paper.guidance["triage"], paper.guidance["support"], paper.reader.pack
    headings: Mapping[str, str] = pack.safety.headings.model_dump(by_alias=True)
    urgent = triage["urgency"] in URGENT
    open_items = [pack.items[one].text for one in triage["unanswered"] if one in pack.items]
    more = paper.reader.say("and %(more)s more on the same pages") % {"more": len(open_items) - MOST_OPEN}
    return {
        "urgent": urgent,
        "heading": headings[triage["urgency"]],
        "advice": triage["advice"],
        "flags": [flag["text"] for flag in triage["red_flags"] if not urgent or flag["urgency"] in URGENT],
        "gates": [gate["because"] for gate in triage["gates"]],
        "open": open_items[:MOST_OPEN] + ([more] if len(open_items) > MOST_OPEN else []),
        "support": [one for one in (support["text"], *(sign["text"] for sign in support["signposts"])) if one] if support else [],
    }


def _results(paper: Paper) -> Sheet:
    guidance, reader = paper.guidance, paper.reader
    findings = guidance["findings"]
    return {
        "findings": [_finding(reader, one) for one in findings],
        "nothing": guidance["limits"][0] if not findings and guidance["limits"] else None,
        "patterns": [{"name": one["name"], "text": one["text"]} for one in guidance["patterns"]],
        "map": body_map(paper.body, findings, gettext=reader.say),
        "map-told": ". ".join([reader.say("Body map"), *(one["text"].rstrip(".") for one in findings)]),
        "measured": [_measured(reader, name, list(values)) for name, values in groupby(guidance["measured"], key=lambda one: one["name"])],
    }


def _finding(reader: Reader, one: FindingShape) -> Sheet:
    muscle, side = reader.pack.muscles.get(one["muscle"]), side_word(reader, one["side"])
    name = muscle.plain_name if muscle else one["name"]
    return {
        "name": f"{name[:1].upper()}{name[1:]}" + (f", {side}" if side else ""),
        "looks": state_name(one["state"], reader.say),
        "text": reader.prose(one["text"]),
        "state": one["state"],
        "band": BANDS.index(one["band"]),
        "sure": band_word(reader, one["band"]),
        "supporting": [reader.prose(reason["text"]) for reason in one["supporting"][:MOST_FOR]],
        "conflicting": [reader.prose(reason["text"]) for reason in one["conflicting"][:MOST_AGAINST]],
    }


def _measured(reader: Reader, name: str, values: Sequence[MeasuredShape]) -> Sheet:
    typical = values[0]["typical"]
    return {
        "name": name,
        "values": ", ".join(value_told(reader, one, with_unit=one is values[-1]) for one in values),
        "usual": usual_told(reader, typical["low"], typical["high"], values[0]["unit"]) if typical else "",
    }


def usual_told(reader: Reader, low: float | None, high: float | None, unit: str) -> str:
    """What is usual for a measure."""
    _ = reader.say
    if low is not None and high is not None:
        return _("%(low)s to %(high)s") % {"low": reader.quantity(low, unit), "high": reader.quantity(high, unit)}
    if low is not None:
        return _("%(low)s or more") % {"low": reader.quantity(low, unit)}
    return _("%(high)s or less") % {"high": reader.quantity(high, unit)} if high is not None else ""


def value_told(reader: Reader, one: MeasuredShape, *, with_unit: bool = True) -> str:
    """A value; of two sides only the last one says the unit."""
    value = reader.quantity(one["value"], one["unit"]).replace(" ", TOGETHER)
    said = f"{side_word(reader, one['side'] or '')} {value if with_unit else value.partition(TOGETHER)[0]}".strip()
    return said if one["counted"] else f"{said} ({reader.say('not counted')})"


def _plan(paper: Paper) -> Sheet:
    plan, reader = paper.guidance["plan"], paper.reader
    often = reader.say("About %(minutes)s minutes, %(days)s days a week.") % {"minutes": plan["minutes"], "days": plan["days_a_week"]}
    first = paper.since + timedelta(days=1)
    return {
        "reason": reader.prose(plan["reason"]) if plan["reason"] else None,
        "amount": often,
        "exercises": [_exercise(paper, one) for one in plan["prescriptions"]],
        "weeks": [_week(reader, number, first + timedelta(weeks=number - 1)) for number in range(1, WEEKS + 1)],
        "left-out": explained(plan),
    }


def _week(reader: Reader, number: int, begins: date) -> str:
    return reader.say("Week %(number)s, from %(day)s") % {"number": reader.number(number), "day": reader.short_day(begins)}


def _exercise(paper: Paper, one: PrescriptionShape) -> Sheet:
    reader = paper.reader
    return {
        "name": one["name"],
        "dose": dose(reader, one),
        "amount": amount(reader, one),
        "days": one["days_a_week"],
        "steps": [reader.prose(step) for step in one["steps"]],
        "faults": reader.prose(" ".join(one["faults"])),
        "caution": reader.prose(one["caution"]),
        "stop": reader.prose(one["stop_if"]),
        "picture": paper.pictures.get(one["exercise"]),
    }


def _end(paper: Paper) -> Sheet:
    guidance, reader = paper.guidance, paper.reader
    issued = guidance["plan"]["status"] == "issued"
    versions, said = guidance["versions"], reader.say("Content")
    numbers = f"{versions['questionnaire']} / {versions['evidence']} / {versions['exercises']}"
    return {
        "recheck": [_again(reader, paper.day, weeks) for weeks in guidance["recheck_weeks"]] if issued else [],
        "limits": guidance["limits"] if guidance["findings"] else guidance["limits"][1:],
        "link": {"address": paper.link, "pieces": pieces(paper.link), "code": coded(paper.link)} if paper.link else None,
        "sources": list(dict.fromkeys(_sources(reader, guidance))),
        "versions": f"{said} {versions['pack']} {numbers} ({versions['digest'][:DIGITS]})",
    }


def _again(reader: Reader, day: date, weeks: int) -> str:
    when = reader.day(day + timedelta(weeks=weeks))
    return reader.say("After %(weeks)s weeks: %(day)s") % {"weeks": reader.number(weeks), "day": when}


def _sources(reader: Reader, guidance: Guidance) -> Iterable[str]:
    """Who found it and when, of studies only."""
    arguments = [
        one for finding in guidance["findings"] for one in (*finding["supporting"][:MOST_FOR], *finding["conflicting"][:MOST_AGAINST])
    ]
    for name in (name for one in (*arguments, *guidance["plan"]["prescriptions"]) for name in one["sources"]):
        source = reader.pack.sources.get(name)
        if source and source.grade != "opinion":
            yield source.citation.partition(",")[0].partition(" (")[0].rstrip(".")
