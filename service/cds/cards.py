"""The cards of a self-assessment: a critical one for each urgency of its red flags, and one with what was found and measured, and with the plan."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from math import inf
from typing import Any
from uuid import uuid4

from babel.dates import format_timedelta

from rules.content import URGENCIES, URGENT, Urgency
from rules.shapes import FindingShape, Guidance, MeasuredShape
from service.cds.latest import Latest
from service.fhir.codes import Names
from service.fhir.proposing import care_plan
from service.readable.words import band_word, side_word, state_word
from service.reader import N_

Card = dict[str, Any]
SHORTER_THAN = 140  # characters of a summary
MOST_FINDINGS = 5
REASONS = {
    "already-known": N_("Already known and looked after"),
    "seen-otherwise": N_("What I see points elsewhere"),
    "not-today": N_("Not what today's visit is about"),
    "declined": N_("The person does not want this"),
}
OTHER_REASON = "other"  # what is kept of a reason that is not ours


def cards_of(names: Names, latest: Latest, patient: str, site: str) -> list[Card]:
    """What there is to show, the most urgent first; with an emergency nothing stands beside what to do now, here as everywhere."""
    told = _Told(names, latest, patient, site)
    if latest.guidance is None:
        return [told.unread()]
    triage = latest.guidance["triage"]
    flagged = {flag["urgency"] for flag in triage["red_flags"]}
    flags = [told.flags(latest.guidance, one) for one in URGENCIES if one in flagged]
    return flags if triage["urgency"] in URGENT else [*flags, told.found(latest.guidance)]


class _Told:
    """One self-assessment, as cards tell it."""

    def __init__(self, names: Names, latest: Latest, patient: str, site: str) -> None:
        self.names, self.latest, self.patient, self.site = names, latest, patient, site
        self.reader = latest.reader
        self.day = self.reader.day(latest.at.date())

    def flags(self, guidance: Guidance, urgency: Urgency) -> Card:
        """Red flags of one urgency, and what to do."""
        _, triage, plan = self.reader.say, guidance["triage"], guidance["plan"]
        flags = [one["text"] for one in triage["red_flags"] if one["urgency"] == urgency]
        counted = self.reader.words.ngettext("%(number)s red flag", "%(number)s red flags", len(flags)) % {"number": len(flags)}
        heading = self.names.pack.safety.headings.model_dump(by_alias=True)[urgency]
        said = [_("What the person was told: %(advice)s") % {"advice": triage["advice"]}] if urgency == triage["urgency"] else []
        withheld = [f"**{_('No exercise plan was issued.')}** {plan['reason'] or ''}".strip()] if plan["status"] != "issued" else []
        detail = [self._when(), *withheld, "\n".join(f"- {text}" for text in flags), *said]
        # What holds the plan back is critical; what only leaves some exercises out is not.
        indicator = "warning" if urgency == "restricted" else "critical"
        return self._card(f"{heading}: {counted}, {self.day}", indicator, detail)

    def found(self, guidance: Guidance) -> Card:
        """Findings, measured values and limits, with the plan as a suggestion."""
        _, findings, plan = self.reader.say, guidance["findings"], guidance["plan"]
        top = [self._finding(one) for one in findings[:MOST_FINDINGS]]
        if len(findings) > MOST_FINDINGS:
            top.append("- " + _("and %(more)s more") % {"more": len(findings) - MOST_FINDINGS})
        measured = list(self._measured(guidance["measured"]))
        detail = [
            self._when(),
            *([f"**{_('No exercise plan was issued.')}** {plan['reason'] or ''}".strip()] if plan["status"] != "issued" else []),
            *([f"**{_('What stands out')}**", "\n".join(top)] if top else []),
            *([f"**{_('What was measured')}**", "\n".join(measured)] if measured else []),
            f"**{_('Good to know')}**",
            "\n".join(f"- {text}" for text in guidance["limits"]),
        ]
        card = self._card(self._summary(findings), "info", detail)
        proposed = care_plan(self.names, guidance, {"reference": f"Patient/{self.patient}"}, self.latest.response, self.reader)
        return card | ({"suggestions": [self._suggestion(proposed)], "selectionBehavior": "at-most-one"} if proposed else {})

    def unread(self) -> Card:
        """Answers to questions that have changed since."""
        text = self.reader.say("It answers questions that have changed since, so it cannot be read here. A new one can.")
        return self._card(f"{self.names.pack.label.name}: {self.day}", "info", [self._when(), text])

    def _summary(self, findings: list[FindingShape]) -> str:
        name = self.names.pack.label.name
        if not findings:
            return self.reader.say("%(name)s, %(day)s: no findings") % {"name": name, "day": self.day}
        first = f"{band_word(self.reader, findings[0]['band'])}, {self._place(findings[0])}"
        said = self.reader.words.ngettext(
            "%(name)s, %(day)s: %(number)s finding: %(first)s", "%(name)s, %(day)s: %(number)s findings, first: %(first)s", len(findings)
        )
        return said % {"name": name, "day": self.day, "number": len(findings), "first": first}

    def _finding(self, one: FindingShape) -> str:
        return f"- **{band_word(self.reader, one['band'])}**: {self._place(one)}. {self.reader.prose(one['text'])}"

    def _place(self, one: FindingShape) -> str:
        side = side_word(self.reader, one["side"])
        return f"{one['name']} ({', '.join(word for word in (state_word(self.reader, one['state']), side) if word)})"

    def _measured(self, values: list[MeasuredShape]) -> Iterator[str]:
        for name, same in groupby(values, key=lambda one: one["name"]):
            yield f"- {name}: " + ", ".join(self._value(one) for one in same)

    def _value(self, one: MeasuredShape) -> str:
        said = self.reader.quantity(one["value"], one["unit"])
        side = side_word(self.reader, one["side"] or "")
        return " ".join(word for word in (side, said, "" if one["counted"] else f"({self.reader.say('not counted')})") if word)

    def _when(self) -> str:
        """The date, and how long ago that is once it is yesterday's."""
        age = self.latest.at - datetime.now(UTC)
        days = format_timedelta(age, "day", threshold=inf, add_direction=True, locale=self.reader.locale)
        ago = f" ({days})" if age.days < -1 else ""
        return self.reader.say("Told by the person themselves on %(day)s; not reviewed by a clinician.") % {"day": f"{self.day}{ago}"}

    def _suggestion(self, proposed: dict[str, Any]) -> dict[str, Any]:
        words = self.reader.say("Add the suggested exercises as a draft")
        action = {"type": "create", "description": proposed["title"], "resource": proposed}
        return {"label": words, "uuid": str(uuid4()), "actions": [action]}

    def _card(self, summary: str, indicator: str, detail: list[str]) -> Card:
        label = self.names.pack.label
        system = f"{self.site}/cds-services/override-reasons"
        return {
            "uuid": str(uuid4()),
            "summary": summary if len(summary) < SHORTER_THAN else f"{summary[: SHORTER_THAN - 2]}…",
            "detail": "\n\n".join(detail),
            "indicator": indicator,
            "source": {"label": f"{label.name} {label.versions.questionnaire}", "url": f"{self.site}/"},
            "overrideReasons": [{"system": system, "code": code, "display": self.reader.say(text)} for code, text in REASONS.items()],
        }
