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
from service.fhir.codes import OVERRIDE_REASONS, Names
from service.fhir.proposing import care_plan
from service.readable.words import band_word, side_word, state_word, urgency_word

Card = dict[str, Any]
SHORTER_THAN = 140  # characters of a summary
MOST_FINDINGS = 5
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
        # In the headline without its year: nothing that is told here is older than some months.
        self.day, self.short = self.reader.day(latest.at.date()), self.reader.short_day(latest.at.date())

    def flags(self, guidance: Guidance, urgency: Urgency) -> Card:
        """Red flags of one urgency, and what to do."""
        triage = guidance["triage"]
        flags = [one["text"] for one in triage["red_flags"] if one["urgency"] == urgency]
        counted = self.reader.words.ngettext("%(number)s red flag", "%(number)s red flags", len(flags)) % {"number": len(flags)}
        advice = [f"> {triage['advice']}"] if urgency == triage["urgency"] else []
        told = self._under(self.reader.say("What the person was told"), [f"- {text}" for text in flags])
        # What holds the plan back is critical; what only leaves some exercises out is not.
        indicator = "warning" if urgency == "restricted" else "critical"
        return self._card(
            f"{urgency_word(self.reader, urgency)}: {counted}, {self.short}",
            indicator,
            [self._when(), *self._withheld(guidance), *told, *advice],
        )

    def found(self, guidance: Guidance) -> Card:
        """Findings, measured values and limits, with the plan as a suggestion."""
        _, findings = self.reader.say, guidance["findings"]
        top = [self._finding(one) for one in findings[:MOST_FINDINGS]]
        if len(findings) > MOST_FINDINGS:
            top.append("- " + _("and %(more)s more") % {"more": len(findings) - MOST_FINDINGS})
        detail = [
            self._when(),
            *self._withheld(guidance),
            *self._under(_("What stands out"), top),
            *self._under(_("What was measured"), list(self._measured(guidance["measured"]))),
            *self._under(_("Good to know"), [f"- {text}" for text in guidance["limits"]]),
        ]
        card = self._card(self._summary(findings), "info", detail)
        proposed = care_plan(self.names, guidance, {"subject": {"reference": f"Patient/{self.patient}"}}, self.latest.response, self.reader)
        return card | ({"suggestions": [self._suggestion(proposed)], "selectionBehavior": "at-most-one"} if proposed else {})

    def unread(self) -> Card:
        """Answers to questions that have changed since."""
        text = self.reader.say("The questions have changed since then, so these answers cannot be shown here. A new self-assessment can.")
        return self._card(f"{self.names.pack.label.name}: {self.short}", "info", [self._when(), text])

    def _under(self, heading: str, lines: list[str]) -> list[str]:
        """Lines with what they are; nothing where there are none."""
        return [f"**{heading}**", "\n".join(lines)] if lines else []

    def _withheld(self, guidance: Guidance) -> list[str]:
        if guidance["plan"]["status"] == "issued":
            return []
        said = self.reader.say("No exercise plan was issued.")
        return [f"**{said}** {guidance['plan']['reason'] or ''}".strip()]

    def _summary(self, findings: list[FindingShape]) -> str:
        name = self.names.pack.label.name
        if not findings:
            return self.reader.say("%(name)s, %(day)s: no findings") % {"name": name, "day": self.short}
        said = self.reader.words.ngettext(
            "%(name)s, %(day)s: %(number)s finding: %(first)s", "%(name)s, %(day)s: %(number)s findings, first: %(first)s", len(findings)
        )
        # The muscle comes last, because its name is what may be too long.
        first = f"{band_word(self.reader, findings[0]['band'])} ({self._how(findings[0])}), {findings[0]['name']}"
        return said % {"name": name, "day": self.short, "number": len(findings), "first": first}

    def _finding(self, one: FindingShape) -> str:
        return f"- **{band_word(self.reader, one['band'])}**: {one['name']} ({self._how(one)}). {self.reader.prose(one['text'])}"

    def _how(self, one: FindingShape) -> str:
        return ", ".join(word for word in (state_word(self.reader, one["state"]), side_word(self.reader, one["side"])) if word)

    def _measured(self, values: list[MeasuredShape]) -> Iterator[str]:
        for name, same in groupby(values, key=lambda one: one["name"]):
            yield f"- {name}: " + ", ".join(self._value(one) for one in same)

    def _value(self, one: MeasuredShape) -> str:
        said = self.reader.quantity(one["value"], one["unit"])
        side, uncounted = side_word(self.reader, one["side"] or ""), self.reader.say("not counted")
        return " ".join(word for word in (side, said, "" if one["counted"] else f"({uncounted})") if word)

    def _when(self) -> str:
        """The date, and how long ago that is once it is yesterday's."""
        age = self.latest.at - datetime.now(UTC)
        days = format_timedelta(age, "day", threshold=inf, add_direction=True, locale=self.reader.locale)
        ago = f" ({days})" if age.days < -1 else ""
        return self.reader.say("Self-reported on %(day)s; not a clinician's assessment.") % {"day": f"{self.day}{ago}"}

    def _suggestion(self, proposed: dict[str, Any]) -> dict[str, Any]:
        words = self.reader.say("Add the suggested exercises as a draft")
        action = {"type": "create", "description": proposed["title"], "resource": proposed}
        return {"label": words, "uuid": str(uuid4()), "actions": [action]}

    def _card(self, summary: str, indicator: str, detail: list[str]) -> Card:
        label = self.names.pack.label
        system = self.names.system("override-reasons")
        return {
            "uuid": str(uuid4()),
            "summary": summary if len(summary) < SHORTER_THAN else f"{summary[: SHORTER_THAN - 2]}…",
            "detail": "\n\n".join(detail),
            "indicator": indicator,
            "source": {"label": f"{label.name} {label.versions.questionnaire}", "url": f"{self.site}/"},
            "overrideReasons": [
                {"system": system, "code": code, "display": self.reader.say(text)} for code, text in OVERRIDE_REASONS.items()
            ],
        }
