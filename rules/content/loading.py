"""Reads a folder of content into a pack, or the simulated people beside it; or refuses it with every fault listed."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, TypeVar

from rules.content.crosscheck.population import population_faults
from rules.content.crosscheck.whole import crosscheck
from rules.content.documents import Document, PackRefused
from rules.content.files import Files
from rules.content.pack import Pack
from rules.content.population import Population
from rules.content.selftests import expand
from rules.content.texts import Texts

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
POPULATION = "population.yaml"
WRITTEN_IN = "en"


class Identified(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str: ...


HasId = TypeVar("HasId", bound=Identified)


def load_pack(seeds: Path = SEEDS, language: str = WRITTEN_IN) -> Pack:
    """Read a folder of content, in the language it is written in or one that it is translated into (see `languages`).

    Raises PackRefused, with file, line and key of every fault found, when anything is unknown, missing,
    repeated or points nowhere, or a text has no translation.
    """
    texts = Texts(seeds, language) if language != WRITTEN_IN else None
    files = Files(seeds, texts.translate if texts else None)
    faults = [fault for document in files for fault in document.faults]
    if faults:
        raise PackRefused(faults)
    pack = _build(files)
    faults = crosscheck(pack, files) + (texts.faults() if texts else [])
    if faults:
        raise PackRefused(faults)
    return replace(pack, label=pack.label.model_copy(update={"language": language}))


def languages(seeds: Path = SEEDS) -> tuple[str, ...]:
    """What the content can be read in: first the language it is written in."""
    return (WRITTEN_IN, *sorted(file.stem for file in (seeds / "texts").glob("*.po")))


def load_population(seeds: Path, pack: Pack) -> Population:
    """The people described in `population.yaml` of a folder. They are no part of the pack: guidance never reads them.

    Raises PackRefused, with file, line and key of every fault, when something is wrong in itself or does not fit the pack.
    """
    document = Document(seeds / POPULATION, POPULATION, Population)
    faults = document.faults or list(population_faults(pack, document))
    if faults:
        raise PackRefused(faults)
    return document.content


def _build(files: Files) -> Pack:
    label = files.label.content
    tests_group, test_of = expand(files.self_tests.content, label.option_sets["sides"])
    groups = (*files.safety_questions.content.groups, *(file.content for file in files.questions), tests_group)
    muscles = files.muscles.content
    patterns = files.patterns.content
    support = files.support.content
    weighing = files.weighing.content
    return Pack(
        label=label,
        digest=_digest(files),
        article=files.article.content,
        sources=_by_id(files.sources.content.sources),
        muscles=_by_id(muscles.muscles),
        shown_last=muscles.shown_last,
        patterns=patterns,
        groups=groups,
        safety_groups=frozenset(group.id for group in files.safety_questions.content.groups),
        items=MappingProxyType({item.link_id: item for group in groups for item in group.items}),
        tests=MappingProxyType({test.name: test for test in files.self_tests.content.tests}),
        test_of=MappingProxyType(test_of),
        safety=files.safety.content,
        support=support,
        # The support tier makes every weight count for less, as the other scales do.
        weighing=weighing.model_copy(update={"scales": (*weighing.scales, support.scale)}),
        rules=tuple(rule for file in files.evidence for rule in file.content.rules),
        exercises=_by_id([exercise for file in files.exercises for exercise in file.content.exercises]),
        plan=files.plan.content,
        follow_up=files.follow_up.content,
        examples=files.examples.content.examples,
        wording=files.wording.content,
        terminologies=files.terminologies.content.terminologies,
    )


def _by_id(entries: Iterable[HasId]) -> Mapping[str, HasId]:
    return MappingProxyType({entry.id: entry for entry in entries})


def _digest(files: Files) -> str:
    canonical = json.dumps({document.name: document.data for document in files}, sort_keys=True, ensure_ascii=False)
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()
