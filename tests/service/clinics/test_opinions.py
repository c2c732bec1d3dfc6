"""Opinions on findings: given, changed and taken back; what they count outlasts the intake, and is right whoever comes at once."""

import threading
from collections.abc import Callable

import pytest
from sqlmodel import select

from rules import evaluate
from rules.shapes import FindingShape
from service.assessments import purge
from service.clinics.opinions import FEWEST, Agreed, Opinion, agreed, opine, opinions_on, withdraw
from service.intakes import erase_intake
from service.settings import Settings
from service.storage.clinic_tables import Agreement
from service.storage.tenancy import OPERATOR
from tests.service.asking import connected, rows
from tests.service.clinic_world import AtClinic, World

AGREE, NORMAL, SIDE = Opinion("agree"), Opinion("disagree", "examined-and-normal"), Opinion("disagree", "other-side")
Counts = dict[tuple[str, str, str], int]


def finding_of(at: World) -> FindingShape:
    """A finding that several rules speak for."""
    found = next(one for one in evaluate(at.state.pack, at.answers)["findings"] if one["id"] == "gluteus-maximus.weak.left")
    assert len(found["supporting"]) > 1
    assert found["conflicting"]
    return found


def give(at: World, intake: str, opinion: Opinion, clinic: AtClinic | None = None, finding: str = "") -> bool:
    """An opinion on the finding; whether it was taken."""
    own = clinic or at.ours
    name = finding or finding_of(at)["id"]
    return at.state.database.run_now(lambda session: opine(session, own.id, intake, name, opinion), own.id) is not None


def take_back(at: World, intake: str) -> str | None:
    """The opinion on the finding goes."""
    return at.state.database.run_now(lambda session: withdraw(session, at.ours.id, intake, finding_of(at)["id"]), at.ours.id)


def counts(at: World) -> Counts:
    """What is counted, without what counts nothing."""
    found = at.state.database.run_now(lambda session: session.exec(select(Agreement)).all())
    assert {one.evidence for one in found} <= {at.state.pack.label.versions.evidence}
    assert all(one.count >= 0 for one in found)
    return {(one.rule, one.verdict, one.reason): one.count for one in found if one.count}


def of(at: World, verdict: str, reason: str = "", count: int = 1) -> Counts:
    """One count for each rule that speaks for the finding."""
    return {(one["rule"], verdict, reason): count for one in finding_of(at)["supporting"]}


def told(at: World, rule: str) -> Agreed | None:
    """What everybody is told of a rule."""
    evidence = at.state.pack.label.versions.evidence
    return at.state.database.run_now(lambda session: agreed(session, rule, evidence))


def test_an_opinion_counts_for_each_rule_that_spoke_for_the_finding_and_for_no_other(at: World) -> None:
    intake = at.tell(at.ours)
    assert give(at, intake, NORMAL)
    assert counts(at) == of(at, "disagree", "examined-and-normal")


def test_another_opinion_takes_the_place_of_the_first(at: World) -> None:
    intake = at.tell(at.ours)
    for opinion in (AGREE, NORMAL, NORMAL, SIDE):
        give(at, intake, opinion)
    assert counts(at) == of(at, "disagree", "other-side")
    given = at.state.database.run_now(lambda session: opinions_on(session, intake), at.ours.id)
    assert [(one.finding, one.opinion) for one in given] == [(finding_of(at)["id"], SIDE)]


def test_what_is_taken_back_counts_no_more(at: World) -> None:
    intake = at.tell(at.ours)
    give(at, intake, AGREE)
    assert take_back(at, intake) == finding_of(at)["id"]
    assert take_back(at, intake) is None
    assert counts(at) == {}
    assert at.state.database.run_now(lambda session: opinions_on(session, intake), at.ours.id) == []


def test_a_changed_opinion_is_taken_from_where_it_was_counted_even_when_the_answers_were_changed_since(
    at: World, settings: Settings
) -> None:
    intake = at.tell(at.ours)
    give(at, intake, AGREE)
    rule = finding_of(at)["supporting"][0]["rule"]
    with connected(settings.url()) as connection:
        connection.exec_driver_sql(f"UPDATE assessment SET guidance = replace(guidance, '\"{rule}\"', '\"R999\"')")  # noqa: S608
    give(at, intake, SIDE)
    assert (rule, "agree", "") not in counts(at)
    assert counts(at)["R999", "disagree", "other-side"] == 1
    take_back(at, intake)
    assert counts(at) == {}


def test_counts_outlast_the_intake_and_the_clinic(at: World, settings: Settings) -> None:
    erased, late = at.tell(at.ours), at.tell(at.ours)
    give(at, erased, AGREE)
    give(at, late, AGREE)
    at.state.database.run_now(lambda session: erase_intake(session, at.ours.id, erased), at.ours.id)
    with connected(settings.url()) as connection:
        connection.exec_driver_sql("UPDATE assessment SET expires_at = '2020-01-01 00:00:00'")
    assert at.state.database.run_now(purge, OPERATOR) == 1
    assert rows(settings.url(), "opinion") == 0
    assert counts(at) == of(at, "agree", count=2)


def test_there_is_no_opinion_on_what_is_not_there_or_another_clinics(at: World) -> None:
    intake = at.tell(at.ours)
    assert not give(at, intake, AGREE, at.theirs)
    assert not give(at, intake, AGREE, finding="gluteus-medius.tight.left")
    assert not give(at, "a" * 22, AGREE)
    assert counts(at) == {}


def test_fewer_than_five_opinions_are_not_told_of(at: World) -> None:
    rule = finding_of(at)["supporting"][0]["rule"]
    for _ in range(FEWEST - 1):
        give(at, at.tell(at.ours), AGREE)
    assert told(at, rule) is None
    give(at, at.tell(at.theirs), NORMAL, at.theirs)
    assert told(at, rule) == Agreed(FEWEST - 1, 1, {"examined-and-normal": 1})
    assert told(at, "R001") is None


def at_once(*work: Callable[[], object]) -> None:
    """All of them, each in a thread of its own, begun together; what one of them raises is raised."""
    gate, failed = threading.Barrier(len(work)), list[BaseException]()

    def run(one: Callable[[], object]) -> None:
        gate.wait()
        try:
            one()
        except BaseException as error:  # noqa: BLE001 - told to the test
            failed.append(error)

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_two_at_once_on_one_finding_leave_one_opinion_and_its_counts(at: World, settings: Settings) -> None:
    for _ in range(8):
        intake = at.tell(at.ours)
        at_once(lambda: give(at, intake, AGREE), lambda: give(at, intake, SIDE), lambda: give(at, intake, NORMAL))  # noqa: B023
    assert rows(settings.url(), "opinion") == 8
    rule = finding_of(at)["supporting"][0]["rule"]
    assert sum(count for (one, *_), count in counts(at).items() if one == rule) == 8


def test_many_at_once_on_different_intakes_are_all_counted(at: World) -> None:
    intakes = [at.tell(clinic) for clinic in (at.ours, at.theirs) for _ in range(6)]
    owners = [at.ours] * 6 + [at.theirs] * 6
    at_once(*(lambda intake=intake, owner=owner: give(at, intake, AGREE, owner) for intake, owner in zip(intakes, owners, strict=True)))
    assert counts(at) == of(at, "agree", count=12)


@pytest.mark.parametrize("opinion", [AGREE, SIDE])
def test_an_opinion_taken_back_while_another_is_given_is_counted_once_or_never(at: World, opinion: Opinion) -> None:
    for _ in range(5):
        intake = at.tell(at.ours)
        give(at, intake, NORMAL)
        at_once(lambda: give(at, intake, opinion), lambda: take_back(at, intake))  # noqa: B023
        left = at.state.database.run_now(lambda session: opinions_on(session, intake), at.ours.id)  # noqa: B023
        expected = of(at, opinion.verdict, opinion.reason or "") if left else {}
        assert counts(at) == expected
        take_back(at, intake)
