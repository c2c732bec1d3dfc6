"""The review register lists every number until a clinician has confirmed it, the shakiest and heaviest first."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby, pairwise
from pathlib import Path

import pytest

from rules import Pack
from rules.content import SEEDS
from rules.content.documents import Document, Loc
from rules.content.exercise import PlanRules
from rules.content.files import Files
from rules.content.shape import Basis, Shape
from rules.review.register import PLAN_NUMBERS, SHAKY, Unconfirmed, register, summary
from tests.planting import Plant, copy_of_seeds

# What to write so that an entry is done, and the lines that disappear with it.
DONE = {
    "a rule": (Plant("evidence/back.yaml", "sources:", "review: done\n    sources:", "", "", after="id: R039"), {"R039"}),
    "a self-test": (
        Plant("questions/self-tests.yaml", "kit:", "review: done\n    kit:", "", "", after="id: T01"),
        {"T01 thigh-angle", "T01 knee-bend", "T01 thigh-drifts"},
    ),
    "a muscle": (Plant("muscles.yaml", "sources:", "review: done\n    sources:", "", "", after="id: calves"), {"calves"}),
    "a red flag": (Plant("safety.yaml", "sources:", "review: done\n    sources:", "", "", after="id: RF01"), {"RF01"}),
    "a gate": (Plant("safety.yaml", "sources:", "review: done\n    sources:", "", "", after="id: GTPS"), {"GTPS"}),
    "an exercise": (Plant("exercises/control.yaml", "sources:", "review: done\n    sources:", "", "", after="id: dead-bug"), {"dead-bug"}),
    "a pattern": (Plant("patterns.yaml", "sources:", "review: done\n    sources:", "", "", after="id: layered"), {"layered"}),
    "a source": (Plant("sources.yaml", "review: needed", "review: done", "", "", after="id: ito-1996"), {"ito-1996"}),
}

# Files that are confirmed as a whole, and the kind of their lines.
WHOLE = {
    "evidence/clusters.yaml": "adding up",
    "plan.yaml": "plan",
    "support.yaml": "support",
    "follow-up.yaml": "check-in",
    "terminologies.yaml": "match",
}


@pytest.fixture(scope="module")
def files() -> Files:
    """The files of our own pack."""
    return Files(SEEDS)


@pytest.fixture(scope="module")
def lines(files: Files) -> list[Unconfirmed]:
    """The register of our own pack."""
    return register(files)


def shapes(value: object, loc: Loc = ()) -> Iterator[tuple[Loc, Shape]]:
    """Every shape inside `value`, with where it stands."""
    if isinstance(value, Shape):
        yield loc, value
        for name in type(value).model_fields:
            yield from shapes(getattr(value, name), (*loc, name))
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from shapes(part, (*loc, index))


def listed_at(document: Document[Shape], lines: list[Unconfirmed]) -> set[int]:
    """The lines of a file that the register names."""
    return {line.line for line in lines if line.file == document.name}


def numbers(shape: type[Shape]) -> set[str]:
    """The keys of a shape under which a number stands, or several."""
    return {name for name, field in shape.model_fields.items() if re.search(r"\b(int|float)\b", str(field.annotation))}


def test_every_kind_of_number_has_as_many_lines_as_the_pack_has_of_it(pack: Pack, files: Files, lines: list[Unconfirmed]) -> None:
    weighing, tier, check_in = files.weighing.content, pack.support, pack.follow_up.check_in
    measures = [measure for test in pack.tests.values() for measure in test.measures]
    assert Counter(line.kind for line in lines) == {
        "rule": len(pack.rules),
        "red flag": len(pack.safety.red_flags),
        "gate": len(pack.safety.gates),
        "usual value": len(measures),
        "side difference": sum(measure.side_difference is not None for measure in measures),
        "smallest change": sum(measure.smallest_change is not None for measure in measures),
        "sign in a test": sum(len(test.observations) for test in pack.tests.values()),
        "prior": len(pack.muscles),
        "dose": len(pack.exercises),
        "adding up": 5 + len(weighing.caps) + len(weighing.clusters) + len(weighing.scales),
        "plan": len(PLAN_NUMBERS) + len(("weak_start", "deconditioned", "one_set_when")) + len(pack.plan.levels),
        "check-in": len(("days_apart", "harder_at_once")) + len(check_in.streaks) + len(check_in.rules),
        "support": len(("at_least", "factor")) + len(tier.signs) + len(tier.signposts),
        "pattern": len(pack.patterns.patterns),
        "match": sum(len(one.matches) for one in pack.terminologies),
        "source": len(pack.sources),
    }


def test_nothing_that_needs_review_is_missing(files: Files, lines: list[Unconfirmed]) -> None:
    named = {(line.file, line.id.split()[0]) for line in lines}
    needed = [
        (document.name, getattr(shape, "id", None))
        for document in files
        for _, shape in shapes(document.content)
        if getattr(shape, "review", None) == "needed"
    ]
    assert [entry for entry in needed if entry[1] and entry not in named] == []
    assert {file for file, id_ in needed if not id_} == WHOLE.keys() <= {file for file, _ in named}


def test_nothing_that_says_what_it_rests_on_is_missing(files: Files, lines: list[Unconfirmed]) -> None:
    for document in files:
        listed = listed_at(document, lines)
        for loc, shape in shapes(document.content):
            if loc and "basis" in type(shape).model_fields and document.line(loc) not in listed:
                # It speaks for several numbers, each with a line of its own.
                own = {document.line((*loc, name)) for name in numbers(type(shape))}
                assert own, (document.name, loc)
                assert own <= listed, (document.name, loc)


def test_every_number_of_a_file_that_is_confirmed_as_a_whole_is_in_the_register(files: Files, lines: list[Unconfirmed]) -> None:
    assert numbers(PlanRules) == set(PLAN_NUMBERS)
    for document in (files.plan, files.support, files.weighing):
        own = {document.line((name,)) for name in numbers(type(document.content))}
        assert own, document.name
        assert own <= listed_at(document, lines), document.name


def test_a_line_says_what_where_how_much_and_on_what_it_rests(lines: list[Unconfirmed]) -> None:
    text = (SEEDS / "evidence" / "back.yaml").read_text(encoding="utf-8")
    [line] = [line for line in lines if line.id == "R039"]
    assert line == Unconfirmed(
        file="evidence/back.yaml",
        line=1 + text[: text.index("- id: R039")].count("\n"),
        id="R039",
        kind="rule",
        name="lumbar-extensors weak (midline)",
        number="for +1.5, against -1, when trunk-hold seconds below 60 s; measured, strong",
        basis=("read", "judgement"),
        sources=("ito-1996", "muller-2010", "nourbakhsh-2002", "team-judgement", "article:C07"),
        weight=1.5,
    )


def test_a_part_of_a_self_test_weighs_as_much_as_the_heaviest_rule_that_reads_it(lines: list[Unconfirmed]) -> None:
    weights = {(line.id, line.kind): line.weight for line in lines if line.id.startswith("T")}
    assert weights["T12 reach", "usual value"] == 1.2
    assert weights["T12 reach", "side difference"] == 0.8
    assert weights["T36 wings", "sign in a test"] == 0.8
    assert weights["T12 reach", "smallest change"] == 0
    assert weights["T17 contact", "side difference"] == 0


def test_in_each_file_memory_and_judgement_come_first_and_the_heaviest_of_them_at_the_top(lines: list[Unconfirmed]) -> None:
    files = [file for file, _ in groupby(line.file for line in lines)]
    assert len(files) == len(set(files))
    for one, following in pairwise(lines):
        if one.file == following.file:
            shaky, shaky_too = not SHAKY.isdisjoint(one.basis), not SHAKY.isdisjoint(following.basis)
            assert shaky or not shaky_too
            assert shaky != shaky_too or one.weight >= following.weight
    assert next(line.id for line in lines if line.file == "evidence/back.yaml") == "R039"


@pytest.mark.parametrize("name", DONE)
def test_an_entry_that_is_done_disappears(tmp_path: Path, lines: list[Unconfirmed], name: str) -> None:
    plant, gone = DONE[name]
    seeds = copy_of_seeds(tmp_path)
    plant.place(seeds)
    left = {(line.file, line.id) for line in register(Files(seeds))}
    assert {(line.file, line.id) for line in lines} - left == {(plant.file, entry) for entry in gone}


@pytest.mark.parametrize(("file", "kind"), WHOLE.items())
def test_a_file_that_is_done_as_a_whole_disappears(tmp_path: Path, lines: list[Unconfirmed], file: str, kind: str) -> None:
    seeds = copy_of_seeds(tmp_path)
    text = (seeds / file).read_text(encoding="utf-8")
    done, said = re.subn(r"^( *)review: needed$", r"\1review: done", text, flags=re.MULTILINE)
    (seeds / file).write_text(done if said else f"{text}\nreview: done\n", encoding="utf-8")
    assert {line.kind for line in lines} - {line.kind for line in register(Files(seeds))} == {kind}


def test_a_line_that_rests_on_two_things_counts_under_both() -> None:
    def line(kind: str, *basis: Basis) -> Unconfirmed:
        return Unconfirmed("file", 1, "id", kind, "name", "1", basis)

    assert summary([line("rule", "read", "judgement"), line("dose", "memory"), line("rule", "judgement")]) == [
        ("rule", 2, [1, 0, 0, 0, 2]),
        ("dose", 1, [0, 0, 0, 1, 0]),
        ("all", 3, [1, 0, 0, 1, 2]),
    ]
