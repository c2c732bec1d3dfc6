"""What may be prescribed: each exercise as an ActivityDefinition, and the programme they are chosen for as a PlanDefinition."""

from rules import Pack
from rules.content import Exercise
from service.fhir.codes import Names, machine_name, site_code, site_text, status_of
from service.fhir.elements import Resource, coding, concept, drop_empty


def programme(names: Names) -> Resource:
    """Every exercise as something to choose. Which of them suit somebody follows from answers: `$extract` says it in a CarePlan."""
    label = names.pack.label
    made = [
        {"title": one.name, "description": one.why, "definitionCanonical": f"{_address(names, one)}|{label.versions.exercises}"}
        for one in names.pack.exercises.values()
    ]
    kind = coding("http://terminology.hl7.org/CodeSystem/plan-definition-type", "clinical-protocol", "Clinical Protocol")
    return {
        "resourceType": "PlanDefinition",
        "id": label.id,
        "url": f"{names.base}/PlanDefinition/{label.id}",
        "version": label.versions.exercises,
        "name": machine_name(label.id),
        "title": label.name,
        "type": {"coding": [kind]},
        "status": status_of(names.pack),
        "experimental": False,
        "description": "\n\n".join(label.limits),
        "purpose": label.intended_use,
        "usage": "\n\n".join(label.not_for),
        "copyright": label.licence,
        "action": [{"title": label.name, "selectionBehavior": "any", "action": made}],
    }


def exercises(names: Names) -> list[Resource]:
    """One for each exercise."""
    return [_exercise(names, one) for one in names.pack.exercises.values()]


def _exercise(names: Names, one: Exercise) -> Resource:
    pack, dose = names.pack, one.dose
    kit = [pack.names[name] for name in one.kit]
    minutes = {"duration": dose.minutes, "durationUnit": "min"} if dose.minutes else {}
    return drop_empty(
        {
            "resourceType": "ActivityDefinition",
            "id": one.id,
            "url": _address(names, one),
            "version": pack.label.versions.exercises,
            "name": machine_name(one.id),
            "title": one.name,
            "status": "active" if one.review == "done" and status_of(pack) == "active" else "draft",
            "experimental": False,
            "description": "\n".join(f"{place}. {step}" for place, step in enumerate(one.steps, 1)),
            "purpose": one.why,
            "usage": "\n\n".join(line for line in (", ".join(kit), one.stop_if, one.caution, *one.faults) if line),
            "copyright": pack.label.licence,
            "relatedArtifact": _citations(pack, one),
            "kind": "ServiceRequest",
            "intent": "proposal",
            "code": concept(coding(names.system("exercises"), one.id, one.name), one.name),
            "timingTiming": {
                "repeat": {**minutes, "frequency": dose.days_a_week, "period": 1, "periodUnit": "wk"},
                "code": {"text": _amount(names, one)},
            },
            "bodySite": _sites(names, one),
        }
    )


def _address(names: Names, one: Exercise) -> str:
    return f"{names.base}/ActivityDefinition/{one.id}"


def _amount(names: Names, one: Exercise) -> str:
    """Sets, repetitions and hold; minutes of what just goes on."""
    dose = one.dose
    if dose.minutes:
        return names.say("%(minutes)s minutes") % {"minutes": dose.minutes}
    words = {"sets": dose.sets, "reps": dose.reps, "hold": dose.hold_seconds, "rest": dose.rest_seconds}
    said = names.say("sets: %(sets)s, repetitions: %(reps)s") % words
    said += names.say(", hold: %(hold)s s") % words if dose.hold_seconds else ""
    return said + (names.say(", rest: %(rest)s s") % words if dose.rest_seconds else "")


def _sites(names: Names, one: Exercise) -> list[Resource]:
    muscles = dict.fromkeys(serves.muscle for serves in one.serves)
    found = [(names.pack.muscles[muscle], "both" if names.pack.muscles[muscle].sided else "midline") for muscle in muscles]
    return [
        concept(coding(names.system("sites"), site_code(muscle.id, side), text := site_text(names.pack, muscle, side)), text)
        for muscle, side in found
    ]


def _citations(pack: Pack, one: Exercise) -> list[Resource]:
    """The bibliography; claims of the article we started from are no source of their own."""
    known = [pack.sources[source] for source in one.sources if source in pack.sources]
    return [{"type": "citation", "label": source.id, "citation": source.citation} for source in known]
