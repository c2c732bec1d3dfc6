"""One resource in every language: trees of the same form become one tree with the translation extension beside each text."""

from collections.abc import Mapping
from typing import Any

from service.fhir.elements import CORE, Resource, extension

SPOKEN = frozenset({"text", "display", "title", "description", "purpose", "usage"})


def with_translations(resource: Resource, others: Mapping[str, Resource]) -> Resource:
    """The resource with what the others, by language, say in the same places.

    The concepts of a CodeSystem hold theirs as designations, which is where terminology servers look.
    """
    if not others:
        return resource
    return {member: spoken for key, value in resource.items() for member, spoken in _member(key, value, others, resource)}


def _member(key: str, value: Any, others: Mapping[str, Resource], parent: Resource) -> list[tuple[str, Any]]:
    if key in SPOKEN and isinstance(value, str):
        said = {language: other[key] for language, other in others.items()}
        if _is_concept(parent):
            return [(key, value), ("designation", [{"language": language, "value": text} for language, text in said.items()])][
                : 1 + bool(said)
            ]
        return [(key, value), (f"_{key}", {"extension": [_translation(*one) for one in said.items()]})][: 1 + bool(said)]
    if isinstance(value, dict):
        return [(key, with_translations(value, {language: other[key] for language, other in others.items()}))]
    if isinstance(value, list):
        return [
            (key, [_element(one, {language: other[key][place] for language, other in others.items()}) for place, one in enumerate(value)])
        ]
    return [(key, value)]


def _element(one: Any, others: Mapping[str, Any]) -> Any:
    return with_translations(one, others) if isinstance(one, dict) else one


def _is_concept(parent: Resource) -> bool:
    """A concept of a CodeSystem is a code with its display and no system of its own."""
    return "code" in parent and "system" not in parent and "display" in parent


def _translation(language: str, text: str) -> Resource:
    return extension(f"{CORE}/translation", extension=[extension("lang", valueCode=language), extension("content", valueString=text)])
