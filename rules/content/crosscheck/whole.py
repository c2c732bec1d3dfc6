"""Checks a pack as a whole: everything that is named exists, fits, and is read by something."""

from collections import Counter
from collections.abc import Iterator

from rules.content.crosscheck.criteria import Reading
from rules.content.crosscheck.evidence import evidence_faults, muscle_faults, safety_faults, support_faults
from rules.content.crosscheck.exercises import exercise_faults, plan_faults
from rules.content.crosscheck.follow_up import follow_up_faults
from rules.content.crosscheck.names import unknown_names
from rules.content.crosscheck.questions import question_faults, self_test_faults, unread_faults
from rules.content.crosscheck.terminologies import terminology_faults
from rules.content.crosscheck.texts import placeholder_faults
from rules.content.documents import Fault, Loc
from rules.content.files import Files
from rules.content.pack import Pack
from rules.content.shape import Shape


def crosscheck(pack: Pack, files: Files) -> list[Fault]:
    """Every fault that shows only when the files are read together."""
    reading = Reading()
    faults = [
        *_repeated_ids(files),
        *_sources(pack, files),
        *question_faults(pack, files, reading),
        *self_test_faults(pack, files, reading),
        *safety_faults(pack, files, reading),
        *evidence_faults(pack, files, reading),
        *exercise_faults(pack, files, reading),
        *plan_faults(pack, files, reading),
        *support_faults(pack, files, reading),
        *muscle_faults(pack, files),
        *_examples(pack, files),
        *placeholder_faults(files),
        *follow_up_faults(pack, files.follow_up),
        *terminology_faults(pack, files.terminologies),
    ]
    return [*faults, *unread_faults(pack, files, reading)]


def _repeated_ids(files: Files) -> Iterator[Fault]:
    for documents, key in (
        ([files.sources], "sources"),
        ([files.muscles], "muscles"),
        ([files.patterns], "patterns"),
        (files.evidence, "rules"),
        (files.exercises, "exercises"),
        ([files.article], "claims"),
        ([files.safety], "red_flags"),
        ([files.safety], "gates"),
        ([files.weighing], "clusters"),
        ([files.self_tests], "tests"),
        ([files.support], "signs"),
        ([files.support], "signposts"),
        ([files.terminologies], "terminologies"),
    ):
        seen: Counter[str] = Counter()
        for document in documents:
            for index, entry in enumerate(getattr(document.content, key)):
                seen[entry.id] += 1
                if seen[entry.id] == 2:
                    yield document.fault((key, index, "id"), f"{entry.id} is already used")


def _sources(pack: Pack, files: Files) -> Iterator[Fault]:
    known = pack.sources.keys() | {f"article:{claim.id}" for claim in pack.article.claims}
    used: set[str] = set()
    for document in files:
        for loc, shape in _walk(document.content, ()):
            for source in getattr(shape, "sources", ()):
                if isinstance(source, str):
                    used.add(source)
                    if source not in known:
                        yield document.fault((*loc, "sources"), f"{source} is in no bibliography")
    for index, claim in enumerate(pack.article.claims):
        if f"article:{claim.id}" not in used:
            yield files.article.fault(("claims", index), f"nothing rests on {claim.id}: name article:{claim.id} in some sources")
    for index, source in enumerate(files.sources.content.sources):
        if source.id not in used:
            yield files.sources.fault(("sources", index, "id"), f"nothing rests on {source.id}")


def _walk(value: object, loc: Loc) -> Iterator[tuple[Loc, Shape]]:
    """Every shape inside `value`, with where it stands."""
    if isinstance(value, Shape):
        yield loc, value
        for name, field in type(value).model_fields.items():
            yield from _walk(getattr(value, name), (*loc, field.alias or name))
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from _walk(part, (*loc, index))
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _walk(part, (*loc, key))


def _examples(pack: Pack, files: Files) -> Iterator[Fault]:
    for index, example in enumerate(pack.examples):
        for link_id, answer in example.answers.items():
            loc: Loc = ("examples", index, "answers", link_id)
            if link_id not in pack.items:
                yield files.examples.fault(loc, f"{link_id} is no item")
            elif not isinstance(answer, int | float):
                codes = answer if isinstance(answer, tuple) else (answer,)
                yield from unknown_names(files.examples, loc, codes, {*pack.options(link_id), "not-sure"})
