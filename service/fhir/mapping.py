"""ConceptMaps: which codes of other terminologies mean what ours mean; only of those that the setting allows."""

from itertools import groupby

from rules.content import Match, Terminology
from service.fhir.codes import Names, machine_name, status_of, version_of
from service.fhir.elements import Resource

SYSTEMS = {"side": "sites", "item": "items", "programme": "results"}


def concept_maps(names: Names) -> list[Resource]:
    """One for each terminology."""
    return [_map(names, one) for one in names.terminologies]


def _map(names: Names, terminology: Terminology) -> Resource:
    label = names.pack.label
    own = f"{label.id}-{terminology.id}"
    groups = groupby(sorted(terminology.matches, key=lambda match: match.of), key=lambda match: match.of)
    return {
        "resourceType": "ConceptMap",
        "id": own,
        "url": f"{names.base}/ConceptMap/{own}",
        "version": version_of(names.pack),
        "name": machine_name(own),
        "title": f"{label.name}: {terminology.name}",
        "status": status_of(names.pack),
        "experimental": False,
        "copyright": terminology.licence,
        "group": [
            {"source": names.system(SYSTEMS[of]), "target": terminology.system, "element": [_element(names, match) for match in matches]}
            for of, matches in groups
        ],
    }


def _element(names: Names, match: Match) -> Resource:
    target = {"code": match.code, "display": match.display, "equivalence": match.meaning}
    return {"code": match.ours, "display": _display(names, match), "target": [target]}


def _display(names: Names, match: Match) -> str:
    match match.of:
        case "side":
            return names.pack.option_text_of_side(match.ours)
        case "item":
            return names.pack.items[match.ours].text
        case "programme":
            return names.result(match.ours)
