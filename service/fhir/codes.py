"""Our own code systems: answers, measured items, imbalances, bands, urgencies; and a value set over each."""

from collections.abc import Iterable
from typing import get_args

from rules import Pack
from rules.content import Item, Urgency
from rules.weighing.weigh import Band
from service.fhir.elements import ABSENT, Resource, coding

NOT_SURE = (ABSENT, "asked-unknown")


class Names:
    """The canonical addresses of what one service publishes."""

    def __init__(self, base: str, pack: Pack) -> None:
        self.base, self.pack = base.rstrip("/"), pack

    @property
    def questionnaire(self) -> str:
        """The questionnaire's address, without version."""
        return f"{self.base}/Questionnaire/{self.pack.label.id}"

    def system(self, name: str) -> str:
        """The address of one of our code systems."""
        return f"{self.base}/CodeSystem/{self.pack.label.id}-{name}"


def answer_code(item: Item, code: str) -> str:
    """An option's code as it stands in our code system: one code has one meaning, so it says which question or set of options it is from."""
    return f"{item.options if isinstance(item.options, str) else item.link_id}.{code}"


def answer_coding(names: Names, item: Item, code: str) -> Resource:
    """An option as a Coding."""
    return coding(names.system("answers"), answer_code(item, code), names.pack.option_text(item.link_id, code))


def code_systems(names: Names) -> list[Resource]:
    """Every code system of ours."""
    pack = names.pack
    answers = {
        answer_code(item, option.code): option.text for item in pack.items.values() for option in pack.options(item.link_id).values()
    }
    imbalances = {f"{muscle.id}.{state}": muscle.says[state] for muscle in pack.muscles.values() for state in muscle.priors}
    return [
        _system(names, "answers", answers.items()),
        _system(names, "items", ((item.link_id, item.text) for item in pack.items.values())),
        _system(names, "imbalances", imbalances.items()),
        _system(names, "bands", ((band, band) for band in get_args(Band))),
        _system(names, "urgencies", ((urgency, urgency) for urgency in get_args(Urgency))),
        _system(names, "red-flags", ((flag.id, flag.text) for flag in pack.safety.red_flags)),
        _system(names, "exercises", ((exercise.id, exercise.name) for exercise in pack.exercises.values())),
    ]


def value_set(system: Resource) -> Resource:
    """All codes of a code system."""
    return {
        "resourceType": "ValueSet",
        "id": system["id"],
        "url": system["valueSet"],
        **{key: system[key] for key in ("version", "name", "title", "status", "experimental", "copyright")},
        "compose": {"include": [{"system": system["url"]}]},
    }


def _system(names: Names, name: str, concepts: Iterable[tuple[str, str]]) -> Resource:
    label = names.pack.label
    listed = [{"code": code, "display": display} for code, display in concepts]
    return {
        "resourceType": "CodeSystem",
        "id": f"{label.id}-{name}",
        "url": names.system(name),
        "version": version_of(names.pack),
        "name": "".join(part.capitalize() for part in f"{label.id}-{name}".split("-")),
        "title": f"{label.name}: {name.replace('-', ' ')}",
        "status": status_of(names.pack),
        "experimental": False,
        "copyright": label.licence,
        "caseSensitive": True,
        "valueSet": f"{names.base}/ValueSet/{label.id}-{name}",
        "content": "complete",
        "count": len(listed),
        "concept": listed,
    }


def version_of(pack: Pack) -> str:
    """The version of what is published, which is the questionnaire's."""
    return pack.label.versions.questionnaire


def status_of(pack: Pack) -> str:
    """Active only once a clinician has signed the content off."""
    return "active" if pack.label.review.status == "done" else "draft"
