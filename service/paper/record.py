"""What stands in the PDF for a clinic's record, as plain data for its template: the same as on the clinician's page, condensed."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from pydantic_core import from_json

from rules import Guidance
from rules.content import URGENT
from rules.shapes import ArgumentShape, FindingShape, MeasuredShape, PrescriptionShape
from rules.weighing.weigh import BANDS
from service.clinics.clinics import Logo
from service.clinics.opinions import GivenOpinion
from service.figures.body_map import body_map
from service.figures.body_map_data import Body
from service.intakes import Record
from service.paper.pdf import FOLDER, fitted
from service.paper.sheet import Sheet, usual_told, value_told
from service.readable.told import in_words, pages_told
from service.readable.words import (
    band_word,
    beyond,
    dose,
    explained,
    grade_word,
    kind_word,
    outlook,
    reason_word,
    side_word,
    state_word,
    status_word,
    to_others,
    urgency_word,
    weight_word,
)
from service.reader import Reader
from service.retelling import Weeks

RECORD = FOLDER / "record.typ"
SIZES: tuple[tuple[float, float], ...] = ((9.2, 16_000), (8.6, 19_000), (8.0, 24_000), (7.4, 10**9))
MOST_OPEN = 4
LOGO_BOX = (360, 96)


@dataclass(frozen=True)
class RecordPaper:
    """What goes onto paper: the record as it is told to this reader."""

    record: Record
    weeks: Weeks
    reader: Reader
    body: Body


def record_pdf(paper: RecordPaper) -> bytes:
    """The record, on at most four A4 pages. Blocks for as long as the setting takes: call it in a thread."""
    return fitted(RECORD, record_sheet(paper), paper.record.kept.created_at.date(), SIZES)


def record_sheet(paper: RecordPaper) -> Sheet:
    """Everything the template shows."""
    urgent = paper.weeks.guidance["triage"]["urgency"] in URGENT
    shown = {} if urgent else {**_findings(paper), **_plan(paper)}
    return {"findings": [], "measured": [], "plan": None, "map": None, **_frame(paper), **_safety(paper), **shown, **_end(paper)}


def _frame(paper: RecordPaper) -> Sheet:
    reader, kept, clinic = paper.reader, paper.record.kept, paper.record.clinic
    reference = kept.intake.reference if kept.intake else None
    title = reader.say("Self-assessment %(reference)s") % {"reference": reference or kept.id}
    completeness = paper.weeks.guidance["completeness"]
    facts = [
        (reader.say("About"), kept.intake.subject if kept.intake else None),
        (reader.say("Received"), f"{reader.moment(kept.created_at)}, {reader.locale.languages.get(kept.language, kept.language)}"),
        (reader.say("Last changed"), reader.moment(kept.changed_at) if kept.changed_at and kept.version > 1 else None),
        (reader.say("Status"), status_word(reader, kept.status)),
        (reader.say("Answered"), reader.say("%(answered)s of %(askable)s questions") % completeness),
    ]
    return {
        "language": reader.locale.language,
        "region": reader.locale.territory,
        "rtl": reader.direction == "rtl",
        "title": title,
        "clinic": clinic.name,
        "contact": list(clinic.settings.contact),
        "logo": _drawn(clinic.logo),
        "facts": [list(one) for one in facts if one[1]],
        "foot": f"{title} · {reader.say('Education and self-care support, not a diagnosis.')}",
        "words": _words(reader),
    }


def _drawn(logo: Logo | None) -> str | None:
    """A logo inside a drawing, in which a picture that cannot be read is simply not there."""
    if logo is None:
        return None
    width, height = LOGO_BOX
    held = f"data:{logo.media_type};base64,{b64encode(logo.body).decode()}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" preserveAspectRatio="xMinYMid meet" xlink:href="{held}"/></svg>'
    )


def _safety(paper: RecordPaper) -> Sheet:
    guidance, reader, pack = paper.weeks.guidance, paper.reader, paper.reader.pack
    triage, support = guidance["triage"], guidance["support"]
    wording = paper.record.wording(reader.language)
    is_open = triage["unanswered"] and triage["urgency"] in ("clear", "restricted")
    signs = [*support["because"], *support["signposts"]] if support else []
    return {
        "urgency": triage["urgency"],
        "urgent": triage["urgency"] in URGENT,
        "heading": reader.say("Safety questions are open") if is_open else urgency_word(reader, triage["urgency"]),
        "flags": [{"urgency": urgency_word(reader, one["urgency"]), "text": one["text"]} for one in triage["red_flags"]],
        "advice": triage["advice"],
        "wording": wording[1] if wording else None,
        "gates": [one["because"] for one in triage["gates"]],
        "open": [pack.items[one].text for one in triage["unanswered"] if one in pack.items],
        "support": [one for one in (support["text"] if support else None, *(sign["text"] for sign in signs)) if one],
    }


def _findings(paper: RecordPaper) -> Sheet:
    guidance, reader = paper.weeks.guidance, paper.reader
    findings = guidance["findings"]
    return {
        "findings": [_finding(reader, one, paper.record.opinions.get(one["id"])) for one in findings],
        "nothing": guidance["limits"][0] if _says_nothing(guidance) else None,
        "patterns": [{"name": one["name"], "text": one["text"]} for one in guidance["patterns"]],
        "map": body_map(paper.body, findings, gettext=to_others(reader)) if findings else None,
        "map-told": ". ".join([reader.say("Body map"), *(one["text"].rstrip(".") for one in findings)]),
        "measured": [_measured(reader, name, list(values)) for name, values in groupby(guidance["measured"], key=lambda one: one["name"])],
    }


def _measured(reader: Reader, name: str, values: Sequence[MeasuredShape]) -> Sheet:
    typical = values[0]["typical"]
    return {
        "name": name,
        "values": [{"text": value_told(reader, one), "beyond": beyond(reader, one)} for one in values],
        "usual": usual_told(reader, typical["low"], typical["high"], values[0]["unit"]) if typical else "",
    }


def _finding(reader: Reader, one: FindingShape, given: GivenOpinion | None) -> Sheet:
    side = side_word(reader, one["side"])
    settled = reader.say("nothing that is still open could change this.") if one["settled"] else outlook(reader, one)
    still = [reader.pack.items[reason["link_id"]].text for reason in one["unanswered"] if reason["link_id"] in reader.pack.items]
    more = [reader.say("and %(more)s more") % {"more": len(still) - MOST_OPEN}] if len(still) > MOST_OPEN else []
    return {
        "name": one["name"],
        "looks": ", ".join(word for word in (state_word(reader, one["state"]), side) if word),
        "state": one["state"],
        "band": BANDS.index(one["band"]),
        "sure": band_word(reader, one["band"]),
        "outlook": f"{reader.say('Settled:') if one['settled'] else reader.say('Not settled:')} {settled}",
        "supporting": [_argument(reader, reason) for reason in one["supporting"]],
        "conflicting": [_argument(reader, reason) for reason in one["conflicting"]],
        "unanswered": [*still[:MOST_OPEN], *more],
        "opinion": opinion_told(reader, given) if given else None,
    }


def opinion_told(reader: Reader, given: GivenOpinion) -> str:
    """What a clinician thinks of a finding, and since when."""
    reason = given.opinion.reason
    said = reader.say("Disagreed: %(reason)s") % {"reason": reason_word(reader, reason)} if reason else reader.say("Agreed")
    return f"{said} ({reader.moment(given.given_at)})"


def _argument(reader: Reader, one: ArgumentShape) -> Sheet:
    how = (
        reader.say("Weight: %(weight)s") % {"weight": weight_word(reader, one["weight"])},
        kind_word(reader, one["kind"]),
        grade_word(reader, one["grade"]),
        one["rule"],
    )
    answer = one["answer"]
    asked = reader.pack.items.get(one["link_id"])
    told = f"{asked.text} – {in_words(reader, one['link_id'], answer)}" if asked and isinstance(answer, str | list) else ""  # noqa: RUF001
    return {"text": reader.prose(one["text"]), "how": " · ".join(how), "told": told}


def _plan(paper: RecordPaper) -> Sheet:
    plan, reader = paper.weeks.plan, paper.reader
    often = reader.say("About %(minutes)s minutes, %(days)s days a week.") % {"minutes": plan["minutes"], "days": plan["days_a_week"]}
    return {
        "plan": {
            "reason": reader.prose(plan["reason"]) if plan["reason"] else None,
            "amount": often if plan["prescriptions"] else None,
            "exercises": [_exercise(reader, one) for one in plan["prescriptions"]],
            "left-out": explained(plan),
            "weeks": [f"{reader.day(week.day)}: {week.outcome['advice']}" for week in reversed(paper.weeks.weeks)],
        }
    }


def _exercise(reader: Reader, one: PrescriptionShape) -> Sheet:
    muscles = reader.pack.muscles
    names = dict.fromkeys(muscles[muscle].name for muscle in (name.split(".")[0] for name in one["for"]) if muscle in muscles)
    return {"name": one["name"], "dose": dose(reader, one), "for": " · ".join(names), "caution": reader.prose(one["caution"])}


def _end(paper: RecordPaper) -> Sheet:
    guidance, reader, kept = paper.weeks.guidance, paper.reader, paper.record.kept
    versions = guidance["versions"]
    numbers = f"{versions['questionnaire']} / {versions['evidence']} / {versions['exercises']}"
    return {
        "pages": [
            {"title": page.title, "told": [{"text": one.text, "answer": ", ".join(one.answer), "unsure": one.unsure} for one in page.told]}
            for page in pages_told(reader, from_json(kept.answers))
        ],
        "limits": guidance["limits"][1:] if _says_nothing(guidance) else guidance["limits"],
        "sources": _sources(paper),
        "versions": f"{reader.say('Content')} {versions['pack']} {numbers} ({versions['digest']}). {reader.say('Self-assessment')} {kept.id}.",
    }


def _says_nothing(guidance: Guidance) -> bool:
    """Whether the first limit says why nothing stands out."""
    return not guidance["findings"] and guidance["triage"]["urgency"] not in URGENT


def _sources(paper: RecordPaper) -> list[str]:
    """Each study that an argument rests on, in full."""
    guidance, sources = paper.weeks.guidance, paper.reader.pack.sources
    arguments: Sequence[ArgumentShape] = [one for found in guidance["findings"] for one in (*found["supporting"], *found["conflicting"])]
    flags = [name for flag in guidance["triage"]["red_flags"] for name in flag["sources"]]
    names = dict.fromkeys([*flags, *(name for one in arguments for name in one["sources"])])
    return [sources[name].citation for name in names if name in sources and sources[name].grade != "opinion"]


def _words(reader: Reader) -> Mapping[str, str]:
    _ = reader.say
    return {
        "told": _("What the person was told"),
        "told-to-do": _("What the person was told to do"),
        "own-words": _("In the clinic's own words"),
        "care": _("What to take care of"),
        "open": _("Safety questions without an answer"),
        "support": _("More than exercises"),
        "findings": _("Findings"),
        "speaks": _("What speaks for it"),
        "against": _("What speaks against it"),
        "unanswered": _("Not answered so far"),
        "opinion": _("Clinician's opinion:"),
        "measured": _("Measured by the person"),
        "test": _("Self-test"),
        "result": _("Result"),
        "usual": _("What is usual"),
        "plan": _("Plan"),
        "exercise": _("Exercise"),
        "dose": _("Dose"),
        "for": _("For:"),
        "care-here": _("Take care"),
        "left-out": _("Left out, and why"),
        "weeks": _("Weekly check-ins"),
        "answers": _("Every answer"),
        "rests-on": _("What this rests on"),
        "sources": _("Sources"),
        "logo": _("Logo of %(clinic)s"),
    }
