"""The words around a result that every form of it shares: bands, doses, and what more answers could change."""

from collections.abc import Callable

from rules.content import Grade, Kind, State, Urgency
from rules.planning.candidates import Reason
from rules.shapes import FindingShape, MeasuredShape, PlanShape, PrescriptionShape
from rules.weighing.weigh import Band
from service.clinics.opinions import Disagreement
from service.reader import N_, Reader

# Why an exercise is missing for reasons that lie in the plan: nobody asks about those. The others lie in the person.
OF_THE_PLAN: tuple[Reason, ...] = ("covered", "step", "full", "gentle", "time", "level", "balance", "only-when")

# What pictures say to the person, and what they say to others.
TO_OTHERS = {
    "Left and right are your own.": N_("Left and right are the person's own."),
    "You: {value}": N_("Result: {value}"),
}


def to_others(reader: Reader) -> Callable[[str], str]:
    """The words of a picture for who is not the person it is about."""
    return lambda text: reader.say(TO_OTHERS.get(text, text))


def explained(plan: PlanShape) -> list[str]:
    """Why exercises that would have fitted are not there, where the reason is the person's own."""
    return [one["text"] for one in plan["left_out"] if one["reason"] not in OF_THE_PLAN]


def band_word(reader: Reader, band: Band) -> str:
    """How sure a finding is."""
    _ = reader.say
    words: dict[Band, str] = {"none": _("Not shown"), "possible": _("Possible"), "likely": _("Likely"), "strong": _("Strong signs")}
    return words[band]


def state_word(reader: Reader, state: State) -> str:
    """What a muscle looks like."""
    _ = reader.say
    words: dict[State, str] = {"tight": _("tight"), "weak": _("weak")}
    return words[state]


def side_word(reader: Reader, side: str) -> str:
    """A side inside a sentence; nothing for the middle."""
    _ = reader.say
    return {"left": _("left"), "right": _("right"), "both": _("both sides")}.get(side, "")


def weight_word(reader: Reader, weight: str) -> str:
    """How much an argument weighs."""
    _ = reader.say
    return {"strong": _("strong"), "moderate": _("moderate"), "slight": _("slight")}[weight]


def kind_word(reader: Reader, kind: Kind) -> str:
    """What an argument rests on."""
    _ = reader.say
    words: dict[Kind, str] = {
        "measured": _("measured"),
        "felt": _("felt"),
        "history": _("history"),
        "habit": _("habit"),
        "posture": _("posture"),
        "visual": _("visual"),
    }
    return words[kind]


def grade_word(reader: Reader, grade: Grade) -> str:
    """How good the studies behind an argument are."""
    _ = reader.say
    words: dict[Grade, str] = {"strong": _("strong evidence"), "moderate": _("moderate evidence"), "weak": _("weak evidence")}
    return words[grade]


def urgency_word(reader: Reader, urgency: Urgency) -> str:
    """How urgent an intake is, for a clinician."""
    _ = reader.say
    words: dict[Urgency, str] = {
        "emergency": _("Emergency"),
        "same-day": _("Same-day care"),
        "clinician-first": _("Clinician first"),
        "restricted": _("Exercise with care"),
        "clear": _("No red flags reported"),
    }
    return words[urgency]


def status_word(reader: Reader, status: str) -> str | None:
    """What a clinician must know of an intake that is not simply finished."""
    _ = reader.say
    return {"in-progress": _("not finished"), "stopped": _("not finished"), "entered-in-error": _("entered in error: do not use")}.get(
        status
    )


def reason_word(reader: Reader, reason: Disagreement) -> str:
    """Why a clinician disagrees."""
    _ = reader.say
    words: dict[Disagreement, str] = {
        "examined-and-normal": _("Examined, and normal"),
        "other-side": _("It is the other side"),
        "other-muscle": _("It is another muscle"),
        "measured-differently": _("My measurement differs"),
        "not-examined": _("Not examined, but unlikely"),
        "other": _("Another reason"),
    }
    return words[reason]


def beyond(reader: Reader, one: MeasuredShape) -> str:
    """On which side of what is usual a value lies; nothing for one that is usual, or not counted."""
    _, usual, value = reader.say, one["typical"], one["value"]
    if usual is None or not one["counted"]:
        return ""
    if usual["low"] is not None and value < usual["low"]:
        return _("less than usual")
    return _("more than usual") if usual["high"] is not None and value > usual["high"] else ""


def dose(reader: Reader, one: PrescriptionShape) -> str:
    """How much of an exercise, how often."""
    _, number = reader.say, reader.number
    if one["kind"] == "aerobic":
        return f"{_going_on(reader, one)}, {_('%(days)s days a week') % {'days': number(one['days_a_week'])}}"
    often = _("about %(minutes)s min, %(days)s days a week") % {"minutes": number(one["minutes"]), "days": number(one["days_a_week"])}
    return f"{_done(reader, one)}; {often}"


def amount(reader: Reader, one: PrescriptionShape) -> str:
    """The same in short: sets, repetitions and hold, or the minutes of going on."""
    return _going_on(reader, one) if one["kind"] == "aerobic" else _counted(reader, one)


def _done(reader: Reader, one: PrescriptionShape) -> str:
    _, number = reader.say, reader.number
    said = _counted(reader, one)
    if one["side"] == "each":
        said += _(" on each side")
    if one["extra_set_side"] == "left":
        said += _(", and one set more on the left")
    if one["extra_set_side"] == "right":
        said += _(", and one set more on the right")
    if one["rest_seconds"]:
        said += _("; rest %(seconds)s s between") % {"seconds": number(one["rest_seconds"])}
    return said


def _going_on(reader: Reader, one: PrescriptionShape) -> str:
    _ = reader.say
    return _("%(minutes)s minutes") % {"minutes": reader.number(one["minutes"])}


def _counted(reader: Reader, one: PrescriptionShape) -> str:
    _, number = reader.say, reader.number
    plural = reader.words.ngettext("%(sets)s set of %(reps)s", "%(sets)s sets of %(reps)s", one["sets"])
    said = plural % {"sets": number(one["sets"]), "reps": number(one["reps"])}
    if one["hold_seconds"]:
        said += _(", holding %(seconds)s s") % {"seconds": number(one["hold_seconds"])}
    return said


def outlook(reader: Reader, finding: FindingShape) -> str:
    """What more answers could make of a finding that is not settled."""
    _ = reader.say
    within: dict[Band, str] = {"none": "", "possible": _("possible"), "likely": _("likely"), "strong": _("strong signs")}
    lowest, highest = within[finding["lowest"]], within[finding["highest"]]
    down, up = finding["lowest"] != finding["band"], finding["highest"] != finding["band"]
    if finding["lowest"] == "none":
        if up:
            return _("with more answers this may no longer stand out, or turn into %(band)s.") % {"band": highest}
        return _("with more answers this may no longer stand out.")
    if down and up:
        return _("with more answers this could still turn into %(lowest)s or %(highest)s.") % {"lowest": lowest, "highest": highest}
    return _("with more answers this could still turn into %(band)s.") % {"band": lowest if down else highest}
