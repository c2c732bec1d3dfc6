"""Checks a pack as a whole: everything that is named exists, fits, and is read by something."""

from collections import Counter
from collections.abc import Iterable, Iterator

from rules.content.crosscheck_criteria import Reading, criterion_faults
from rules.content.crosscheck_follow_up import follow_up_faults
from rules.content.crosscheck_texts import placeholder_faults
from rules.content.documents import Document, Fault, Loc
from rules.content.files import Files
from rules.content.pack import Pack
from rules.content.questionnaire import Group
from rules.content.shape import Shape


def crosscheck(pack: Pack, files: Files) -> list[Fault]:
    """Every fault that shows only when the files are read together."""
    reading = Reading()
    faults = [
        *_repeated_ids(files),
        *_sources(pack, files),
        *_questions(pack, files, reading),
        *_self_tests(pack, files, reading),
        *_safety(pack, files, reading),
        *_evidence(pack, files, reading),
        *_exercises(pack, files, reading),
        *_plan(pack, files, reading),
        *_support(pack, files, reading),
        *_muscles_and_patterns(pack, files),
        *_examples(pack, files),
        *placeholder_faults(files),
        *follow_up_faults(pack, files.follow_up),
    ]
    return [*faults, *_unread(pack, files, reading)]


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


def _pages(files: Files) -> Iterator[tuple[Document[Shape], Loc, Group]]:
    """Every page of questions that is written out, with where it stands."""
    for index, group in enumerate(files.safety_questions.content.groups):
        yield files.safety_questions, ("groups", index), group
    for document in files.questions:
        yield document, (), document.content


def _questions(pack: Pack, files: Files, reading: Reading) -> Iterator[Fault]:
    order = [group.id for group in pack.groups]
    if sorted(order) != sorted(pack.label.question_order):
        yield files.label.fault(("question_order",), f"must name each group once: {', '.join(order)}")
    seen: set[str] = set()
    for document, top, group in _pages(files):
        for index, item in enumerate(group.items):
            loc = (*top, "items", index)
            if item.link_id in seen:
                yield document.fault((*loc, "link_id"), f"{item.link_id} is already used")
            seen.add(item.link_id)
            if isinstance(item.options, str) and item.options not in pack.label.option_sets:
                yield document.fault((*loc, "options"), f"{item.options} is no option set of pack.yaml")
                continue
            codes = pack.options(item.link_id)
            texts = {option.text for option in codes.values()}
            if isinstance(item.options, tuple) and not len(item.options) == len(codes) == len(texts):
                yield document.fault((*loc, "options"), "an option code or text stands twice")
            if item.cleared_by:
                reading.read(item.cleared_by, "none", "some")
                if item.cleared_by not in pack.items or "none" not in pack.options(item.cleared_by):
                    yield document.fault((*loc, "cleared_by"), f"{item.cleared_by} is no item with an option none")
                elif "no" not in codes:
                    yield document.fault((*loc, "options"), "an item that can be cleared needs an option no")
            for number, condition in enumerate(item.enable_when):
                reading.read(condition.question, str(condition.answer))
                where = (*loc, "enable_when", number)
                if condition.question not in seen - {item.link_id}:
                    yield document.fault((*where, "question"), f"{condition.question} is no item that stands before this one")
                elif isinstance(condition.answer, str) and condition.answer not in pack.options(condition.question):
                    yield document.fault((*where, "answer"), f"{condition.answer} is no option of {condition.question}")


def _self_tests(pack: Pack, files: Files, reading: Reading) -> Iterator[Fault]:
    document = files.self_tests
    kit = {kit.id for kit in pack.plan.kit}
    positions = {position.id for position in pack.plan.positions}
    ages = [code for code in pack.options(pack.plan.items.age) if code != "under-18"]
    for index, test in enumerate(document.content.tests):
        loc: Loc = ("tests", index)
        yield from _known(document, (*loc, "kit"), test.kit, kit)
        yield from _known(document, (*loc, "positions"), test.positions, positions)
        for key in ("hidden_by", "pain_sets"):
            yield from _known(document, (*loc, key), getattr(test, key), {gate.id for gate in pack.safety.gates})
        if test.hidden_when:
            yield from criterion_faults(test.hidden_when, pack, reading, document, (*loc, "hidden_when"), sided=False)
        for number, measure in enumerate(test.measures):
            where = (*loc, "measures", number)
            if test.sided != bool(measure.side_difference):
                yield document.fault((*where, "side_difference"), "is needed by a test with sides, and only by one")
            if measure.unit not in pack.label.units:
                yield document.fault((*where, "unit"), f"{measure.unit} has no words in pack.yaml")
            for name, rows in measure.norms.items():
                reading.read(pack.plan.items.sex, "female", "male")
                for age in ages:
                    reading.read(pack.plan.items.age, age)
                    for sex in ("female", "male"):
                        fitting = [row for row in rows if (not row.age or age in row.age) and row.sex in (None, sex)]
                        if len(fitting) != 1:
                            yield document.fault((*where, "norms", name), f"{len(fitting)} rows for {sex} {age}, not one")


def _safety(pack: Pack, files: Files, reading: Reading) -> Iterator[Fault]:
    document = files.safety
    for index, flag in enumerate(pack.safety.red_flags):
        for number, level in enumerate(flag.levels):
            where: Loc = ("red_flags", index, "levels", number, "when")
            yield from criterion_faults(level.when, pack, reading, document, where, sided=False)
    for index, gate in enumerate(pack.safety.gates):
        yield from _known(document, ("gates", index, "adds"), gate.adds, pack.exercises.keys())
        yield from _known(document, ("gates", index, "positions"), gate.positions, [position.id for position in pack.plan.positions])
        yield from criterion_faults(gate.when, pack, reading, document, ("gates", index, "when"), sided=False)


def _evidence(pack: Pack, files: Files, reading: Reading) -> Iterator[Fault]:
    clusters = {cluster.id for cluster in pack.weighing.clusters}
    rules = {rule.id for rule in pack.rules}
    for document in files.evidence:
        for index, rule in enumerate(document.content.rules):
            loc: Loc = ("rules", index)
            yield from _known(document, (*loc, "cluster"), (rule.cluster,), clusters)
            yield from _known(document, (*loc, "overrides"), rule.overrides, rules)
            yield from _known(document, (*loc, "about"), (rule.about,) if rule.about else (), pack.items.keys())
            if rule.weight_against and not rule.says_not:
                yield document.fault((*loc, "says_not"), "a rule that can count against needs its sentence")
            sided = any(bearing.side in ("same", "opposite") for bearing in rule.on)
            for key, criterion in (("when", rule.when), ("against_when", rule.against_when)):
                if criterion:
                    yield from criterion_faults(criterion, pack, reading, document, (*loc, key), sided=sided)
            for number, bearing in enumerate(rule.on):
                where = (*loc, "on", number)
                muscle = pack.muscles.get(bearing.muscle)
                if muscle is None or bearing.state not in muscle.priors:
                    yield document.fault(where, f"{bearing.muscle} is not assessed for {bearing.state}")
                elif muscle.sided == (bearing.side == "midline"):
                    yield document.fault((*where, "side"), f"{bearing.muscle} {'has' if muscle.sided else 'has no'} sides")
    yield from _known(files.weighing, ("normal_test",), pack.weighing.normal_test, rules)
    yield from _known(files.weighing, ("fitness", "clusters"), pack.weighing.fitness.clusters, clusters)
    for index, scale in enumerate(files.weighing.content.scales):
        yield from criterion_faults(scale.when, pack, reading, files.weighing, ("scales", index, "when"), sided=False)


def _exercises(pack: Pack, files: Files, reading: Reading) -> Iterator[Fault]:
    kit = {kit.id for kit in pack.plan.kit}
    positions = {position.id for position in pack.plan.positions}
    gates = {gate.id for gate in pack.safety.gates}
    for document in files.exercises:
        for index, exercise in enumerate(document.content.exercises):
            loc: Loc = ("exercises", index)
            yield from _known(document, (*loc, "kit"), exercise.kit, kit)
            yield from _known(document, (*loc, "positions"), exercise.positions, positions)
            yield from _known(document, (*loc, "gates"), exercise.gates, gates)
            yield from _known(document, (*loc, "same_as_test"), exercise.same_as_test, pack.tests.keys())
            for key in ("easier", "harder"):
                yield from _known(document, (*loc, key), getattr(exercise, key), pack.exercises.keys())
            for number, serves in enumerate(exercise.serves):
                if serves.muscle not in pack.muscles or serves.state not in pack.muscles[serves.muscle].priors:
                    yield document.fault((*loc, "serves", number), f"{serves.muscle} is not assessed for {serves.state}")
            if exercise.only_when:
                yield from criterion_faults(exercise.only_when, pack, reading, document, (*loc, "only_when"), sided=False)


def _plan(pack: Pack, files: Files, reading: Reading) -> Iterator[Fault]:
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
        yield from _known(document, ("items", key), (link_id,), pack.items.keys())
        if link_id in pack.items:
            reading.read(link_id, *(() if key in ("age", "sex") else pack.options(link_id)))
    for key in ("always", "general"):
        yield from _known(document, (key,), getattr(pack.plan, key), pack.exercises.keys())
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


def _support(pack: Pack, files: Files, reading: Reading) -> Iterator[Fault]:
    for key in ("signs", "signposts"):
        for index, entry in enumerate(getattr(pack.support, key)):
            yield from criterion_faults(entry.when, pack, reading, files.support, (key, index, "when"), sided=False)


def _muscles_and_patterns(pack: Pack, files: Files) -> Iterator[Fault]:
    for index, muscle in enumerate(pack.muscles.values()):
        loc: Loc = ("muscles", index)
        yield from _known(files.muscles, (*loc, "neighbours"), muscle.neighbours, pack.muscles.keys())
        if muscle.says.keys() != muscle.priors.keys():
            yield files.muscles.fault((*loc, "says"), "needs a sentence for each state that has a prior, and no other")
        for state in muscle.priors:
            own = [rule for rule in pack.rules if any(b.muscle == muscle.id and b.state == state for b in rule.on)]
            if not any(rule.weight_for > 0 for rule in own) or not any(rule.weight_against < 0 for rule in own):
                yield files.muscles.fault((*loc, "priors", state), "needs a rule that speaks for it and one that speaks against it")
    for index, pattern in enumerate(pack.patterns.patterns):
        for key in ("tight", "weak"):
            assessed = {muscle.id for muscle in pack.muscles.values() if key in muscle.priors}
            yield from _known(files.patterns, ("patterns", index, key), getattr(pattern, key), assessed)


def _examples(pack: Pack, files: Files) -> Iterator[Fault]:
    for index, example in enumerate(pack.examples):
        for link_id, answer in example.answers.items():
            loc: Loc = ("examples", index, "answers", link_id)
            if link_id not in pack.items:
                yield files.examples.fault(loc, f"{link_id} is no item")
            elif not isinstance(answer, int | float):
                codes = answer if isinstance(answer, tuple) else (answer,)
                yield from _known(files.examples, loc, codes, {*pack.options(link_id), "not-sure"})


def _unread(pack: Pack, files: Files, reading: Reading) -> Iterator[Fault]:
    """Items and options that nothing reads: asking them would be idle."""
    places: dict[str, tuple[Document[Shape], Loc]] = dict.fromkeys(pack.test_of, (files.self_tests, ("tests",)))
    for document, top, group in _pages(files):
        places.update((item.link_id, (document, (*top, "items", index))) for index, item in enumerate(group.items))
    for link_id in pack.items:
        document, loc = places[link_id]
        if link_id not in reading.items:
            yield document.fault(loc, f"nothing reads {link_id}")
            continue
        unread = [o.code for o in pack.options(link_id).values() if not o.neutral and (link_id, o.code) not in reading.options]
        # Of a single choice one option may be left: it is what remains when none of the others was chosen.
        if len(unread) > (pack.items[link_id].type == "choice"):
            yield document.fault((*loc, "options"), f"no rule reads {', '.join(unread)} of {link_id}: use them or mark them neutral")


def _known(document: Document[Shape], loc: Loc, names: Iterable[str], known: Iterable[str]) -> Iterator[Fault]:
    known = set(known)
    for name in names:
        if name not in known:
            yield document.fault(loc, f"{name} does not exist")
