"""Checks exercises, and what plan.yaml says of plans."""

from collections.abc import Iterator

from rules.content.crosscheck.criteria import Reading, criterion_faults
from rules.content.crosscheck.names import unknown_names
from rules.content.documents import Fault, Loc
from rules.content.files import Files
from rules.content.pack import Pack


def exercise_faults(pack: Pack, files: Files, reading: Reading) -> Iterator[Fault]:
    """Exercises that name or serve what is not there."""
    kit = {kit.id for kit in pack.plan.kit}
    positions = {position.id for position in pack.plan.positions}
    gates = {gate.id for gate in pack.safety.gates}
    for document in files.exercises:
        for index, exercise in enumerate(document.content.exercises):
            loc: Loc = ("exercises", index)
            yield from unknown_names(document, (*loc, "kit"), exercise.kit, kit)
            yield from unknown_names(document, (*loc, "positions"), exercise.positions, positions)
            yield from unknown_names(document, (*loc, "gates"), exercise.gates, gates)
            yield from unknown_names(document, (*loc, "same_as_test"), exercise.same_as_test, pack.tests.keys())
            for key in ("easier", "harder"):
                yield from unknown_names(document, (*loc, key), getattr(exercise, key), pack.exercises.keys())
            for number, serves in enumerate(exercise.serves):
                if serves.muscle not in pack.muscles or serves.state not in pack.muscles[serves.muscle].priors:
                    yield document.fault((*loc, "serves", number), f"{serves.muscle} is not assessed for {serves.state}")
            if exercise.only_when:
                yield from criterion_faults(exercise.only_when, pack, reading, document, (*loc, "only_when"), sided=False)


def plan_faults(pack: Pack, files: Files, reading: Reading) -> Iterator[Fault]:
    """What plan.yaml names and is not there, or not asked."""
    document = files.plan
    items = pack.plan.items
    for key, link_id in (
        ("minutes", items.minutes),
        ("kit", items.kit),
        ("positions", items.positions),
        ("age", items.age),
        ("sex", items.sex),
        ("regions", items.regions),
    ):
        yield from unknown_names(document, ("items", key), (link_id,), pack.items.keys())
        if link_id in pack.items:
            reading.read(link_id, *(() if key in ("age", "sex") else pack.options(link_id)))
    for key in ("always", "general"):
        yield from unknown_names(document, (key,), getattr(pack.plan, key), pack.exercises.keys())
    unordered = {exercise.kind for exercise in pack.exercises.values()} - set(pack.plan.order)
    if unordered:
        yield document.fault(("order",), f"must have a place for {', '.join(sorted(unordered))}")
    yield from criterion_faults(pack.plan.one_set_when, pack, reading, document, ("one_set_when",), sided=False)
    for index, level in enumerate(pack.plan.levels):
        yield from criterion_faults(level.when, pack, reading, document, ("levels", index, "when"), sided=False)
    for key, known in (("kit", pack.plan.kit), ("positions", pack.plan.positions)):
        asked = set(pack.options(getattr(items, key))) - {"none"}
        for entry in known:
            if entry.id not in asked and not getattr(entry, "presumed", False):
                yield document.fault((key,), f"{entry.id} is not an option of {getattr(items, key)}")
