"""Our own code systems: answers, measured items, imbalances, bands, urgencies, sites...; and a value set over each."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import get_args

from rules import Pack
from rules.content import Item, Muscle, Terminology, Urgency
from rules.weighing.weigh import Band
from service.fhir.elements import ABSENT, Resource, coding
from service.reader import N_, Reader

NOT_SURE = (ABSENT, "asked-unknown")
# What a result as a whole is.
RESULTS = {"urgency": N_("Urgency"), "programme": N_("Suggested exercises"), "report": N_("The result, to print")}
# Why somebody who treats a person sets a card of CDS Hooks aside.
OVERRIDE_REASONS = {
    "already-known": N_("Already known and looked after"),
    "seen-otherwise": N_("What I see points elsewhere"),
    "not-today": N_("Not what today's visit is about"),
    "declined": N_("The person does not want this"),
}


class Names:
    """The canonical addresses of what one service publishes. `say`: turns a word of ours into the pack's language; `allowed`: whose codes go out beside ours."""

    def __init__(self, base: str, pack: Pack, say: Callable[[str], str] = str, allowed: Collection[str] = ()) -> None:
        self.base, self.pack, self.say = base.rstrip("/"), pack, say
        self.terminologies: tuple[Terminology, ...] = tuple(one for one in pack.terminologies if one.id in allowed)

    @property
    def questionnaire(self) -> str:
        """The questionnaire's address, without version."""
        return f"{self.base}/Questionnaire/{self.pack.label.id}"

    @property
    def adaptive(self) -> str:
        """The address of the questionnaire that is asked question by question."""
        return f"{self.questionnaire}-adaptive"

    def system(self, name: str) -> str:
        """The address of one of our code systems."""
        return f"{self.base}/CodeSystem/{self.pack.label.id}-{name}"

    def result(self, code: str) -> str:
        """What a result as a whole is, in words."""
        return self.say(RESULTS[code])

    def codings(self, name: str, code: str, display: str) -> list[Resource]:
        """A code of ours, and what it is in the terminologies that may go out, where theirs means the same or more."""
        of = {"sites": "side", "items": "item", "results": "programme"}.get(name)
        matches = [(one, match) for one in self.terminologies for match in one.matches if (match.of, match.ours) == (of, code)]
        others = [coding(one.system, match.code, match.display) for one, match in matches if match.meaning != "narrower"]
        return [coding(self.system(name), code, display), *others]


def names_of(reader: Reader, base: str, terminologies: Collection[str] = ()) -> Names:
    """Our addresses, with the pack and our own words in one language."""
    return Names(base, reader.pack, reader.say, terminologies)


def answer_code(item: Item, code: str) -> str:
    """An option's code as it stands in our code system: one code has one meaning, so it says which question or set of options it is from."""
    return f"{item.options if isinstance(item.options, str) else item.link_id}.{code}"


def answer_coding(names: Names, item: Item, code: str) -> Resource:
    """An option as a Coding."""
    return coding(names.system("answers"), answer_code(item, code), names.pack.option_text(item.link_id, code))


def site_code(muscle: str, side: str) -> str:
    """Where in the body: a muscle group, and the side of it where it has sides."""
    return muscle if side == "midline" else f"{muscle}.{side}"


def site_text(pack: Pack, muscle: Muscle, side: str) -> str:
    """The same in words."""
    return muscle.plain_name if side == "midline" else f"{muscle.plain_name}, {pack.option_text_of_side(side)}"


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
        _system(names, "sites", _sites(pack)),
        _system(names, "results", ((code, names.result(code)) for code in RESULTS)),
        _system(names, "override-reasons", ((code, names.say(text)) for code, text in OVERRIDE_REASONS.items())),
    ]


def _sites(pack: Pack) -> Iterator[tuple[str, str]]:
    """Sides by themselves are where a self-test measured."""
    for side in ("left", "right", "both"):
        yield side, pack.option_text_of_side(side)
    for muscle in pack.muscles.values():
        for side in ("left", "right", "both") if muscle.sided else ("midline",):
            yield site_code(muscle.id, side), site_text(pack, muscle, side)


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
        "name": machine_name(f"{label.id}-{name}"),
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


def machine_name(id_: str) -> str:
    """A name for programs, without hyphens."""
    return "".join(part.capitalize() for part in id_.split("-"))


def version_of(pack: Pack) -> str:
    """The version of what is published, which is the questionnaire's."""
    return pack.label.versions.questionnaire


def status_of(pack: Pack) -> str:
    """Active only once a clinician has signed the content off."""
    return "active" if pack.label.review.status == "done" else "draft"
