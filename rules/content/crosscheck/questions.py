"""Checks the questionnaire: its conditions and options fit, and everything that is asked is read by something."""

from collections.abc import Iterator

from rules.content.crosscheck.criteria import Reading, criterion_faults
from rules.content.crosscheck.names import unknown_names
from rules.content.documents import Document, Fault, Loc
from rules.content.files import Files
from rules.content.pack import Pack
from rules.content.questionnaire import Group
from rules.content.shape import Shape


def question_faults(pack: Pack, files: Files, reading: Reading) -> Iterator[Fault]:
    """Questions whose options, order or conditions do not fit."""
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


def self_test_faults(pack: Pack, files: Files, reading: Reading) -> Iterator[Fault]:
    """Self-tests that name what is not there, or whose measures do not fit."""
    document = files.self_tests
    kit = {kit.id for kit in pack.plan.kit}
    positions = {position.id for position in pack.plan.positions}
    ages = [code for code in pack.options(pack.plan.items.age) if code != "under-18"]
    for index, test in enumerate(document.content.tests):
        loc: Loc = ("tests", index)
        yield from unknown_names(document, (*loc, "kit"), test.kit, kit)
        yield from unknown_names(document, (*loc, "positions"), test.positions, positions)
        for key in ("hidden_by", "pain_sets"):
            yield from unknown_names(document, (*loc, key), getattr(test, key), {gate.id for gate in pack.safety.gates})
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


def unread_faults(pack: Pack, files: Files, reading: Reading) -> Iterator[Fault]:
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


def _pages(files: Files) -> Iterator[tuple[Document[Shape], Loc, Group]]:
    """Every page of questions that is written out, with where it stands."""
    for index, group in enumerate(files.safety_questions.content.groups):
        yield files.safety_questions, ("groups", index), group
    for document in files.questions:
        yield document, (), document.content
