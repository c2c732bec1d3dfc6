"""What is told to a clinic is the clinic's and the person's: each reaches it in their own way, each step is written down, and the clinic hears of it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select, update

from rules import Pack, evaluate
from service.assessments import Access, AssessmentNotFound, Intake, Kept, Submission, erase, find, find_both, purge, submit
from service.clinics.audit import NotWrittenDown, trail
from service.intakes import Wanted, erase_intake, find_intake, list_intakes
from service.settings import Settings
from service.storage.clinic_tables import StoredEvent
from service.storage.tables import StoredAssessment
from service.storage.tenancy import OPERATOR
from tests.service.asking import RETENTION, Answers, examples, post, problem, rows
from tests.service.clinic_world import World, refuse_lines


def told(at: World, answers: Answers, reference: str = "ref-1") -> Kept:
    """An intake with the person's token."""
    submission = Submission(answers, evaluate(at.state.pack, answers), "en", None, RETENTION, Intake(at.ours.id, reference=reference))
    return at.state.database.run_now(lambda session: submit(session, submission), at.ours.id)


def noted(at: World) -> list[tuple[str, str]]:
    """Who did what to assessments, the first one first."""
    lines = at.state.database.run_now(lambda session: trail(session, at.ours.id), at.ours.id)
    return [(one.actor, one.act.action) for one in reversed(lines) if one.act.kind == "assessment"]


def heard(at: World) -> list[str]:
    """Which events there are for our clinic, the first one first."""
    found = at.state.database.run_now(lambda session: session.exec(select(StoredEvent).order_by(col(StoredEvent.at))).all(), at.ours.id)
    return [one.type for one in found]


@pytest.mark.parametrize(
    ("person", "events"),
    [
        ("sweeping-ache", ["assessment.completed", "plan.issued"]),
        ("emergency", ["assessment.completed", "assessment.red_flag", "plan.withheld"]),
    ],
)
def test_a_clinic_hears_that_it_was_told_something_and_not_what(at: World, pack: Pack, person: str, events: list[str]) -> None:
    kept = told(at, examples(pack)[person])
    assert heard(at) == events
    found = at.state.database.run_now(lambda session: session.exec(select(StoredEvent)).all(), at.ours.id)
    assert {(one.assessment_id, one.reference) for one in found} == {(kept.id, "ref-1")}
    assert at.state.database.run_now(lambda session: session.exec(select(StoredEvent)).all(), at.theirs.id) == []


def test_an_assessment_of_nobodys_clinic_makes_no_event_and_no_line(at: World, settings: Settings) -> None:
    post(at.client, at.answers)
    assert (rows(settings.url(), "event"), rows(settings.url(), "audit_event")) == (0, 0)


def test_the_person_reads_and_erases_by_their_token_and_the_clinic_sees_that(at: World) -> None:
    kept, run = told(at, at.answers), at.state.database.run_now
    access = Access(kept.id, kept.token)
    assert run(lambda session: find(session, access)).intake == Intake(at.ours.id, reference="ref-1")
    with pytest.raises(AssessmentNotFound):
        run(lambda session: find(session, Access(kept.id, "wrong")))
    run(lambda session: erase(session, access))
    assert noted(at) == [("person", "create"), ("person", "read"), ("person", "erase")]
    assert heard(at)[-1] == "assessment.erased"
    assert run(lambda session: find_intake(session, at.ours.id, kept.id), at.ours.id) is None


def test_two_of_different_clinics_are_compared_and_each_clinic_has_its_line(at: World) -> None:
    first, run = told(at, at.answers), at.state.database.run_now
    submission = Submission(at.answers, evaluate(at.state.pack, at.answers), "en", None, RETENTION, Intake(at.theirs.id))
    second = run(lambda session: submit(session, submission), at.theirs.id)
    run(lambda session: find_both(session, Access(first.id, first.token), Access(second.id, second.token)))
    for clinic in (at.ours, at.theirs):
        lines = run(lambda session, clinic=clinic: trail(session, clinic.id), clinic.id)  # type: ignore[misc]
        assert [one.act.action for one in lines if one.act.kind == "assessment"] == ["read", "create"]


def test_a_clinic_lists_finds_and_erases_its_own_only(at: World) -> None:
    run = at.state.database.run_now
    ids = [at.tell(at.ours, reference=f"ref-{place}", subject=f"Patient/{place % 2}") for place in range(4)]
    theirs = at.tell(at.theirs)

    def listed(wanted: Wanted) -> list[str]:
        return [one.id for one in run(lambda session: list_intakes(session, at.ours.id, wanted), at.ours.id)]

    assert listed(Wanted()) == ids[::-1]
    assert listed(Wanted(reference="ref-2")) == [ids[2]]
    assert listed(Wanted(subject="Patient/1")) == [ids[3], ids[1]]
    second = run(lambda session: find_intake(session, at.ours.id, ids[1]), at.ours.id)
    assert second
    assert listed(Wanted(before=second.created_at, most=1)) == [ids[0]]
    assert listed(Wanted(since=second.created_at)) == ids[:0:-1]
    for work in (find_intake, erase_intake):
        assert run(lambda session, work=work: work(session, at.ours.id, theirs), at.ours.id) is None  # type: ignore[misc]
    assert run(lambda session: erase_intake(session, at.ours.id, ids[0]), at.ours.id) == ids[0]
    assert ids[0] not in listed(Wanted())


def test_what_has_expired_goes_by_itself_and_the_clinic_hears_of_it(at: World) -> None:
    kept, run = told(at, at.answers), at.state.database.run_now
    late = update(StoredAssessment).where(col(StoredAssessment.id) == kept.id).values(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    run(lambda session: session.exec(late), OPERATOR)
    assert run(purge, OPERATOR) == 1
    assert heard(at)[-1] == "assessment.erased"
    assert noted(at)[-1] == ("service", "erase")


def test_what_cannot_be_written_down_is_not_shown(at: World, settings: Settings) -> None:
    kept = told(at, at.answers)
    refuse_lines(settings.url())
    with pytest.raises(NotWrittenDown):
        at.state.database.run_now(lambda session: find(session, Access(kept.id, kept.token)))
    answer = at.client.get(f"/v1/assessments/{kept.id}", headers={"Authorization": f"Bearer {kept.token}"})
    assert problem(answer, 503).type.endswith(":not-written-down")
    assert "guidance" not in answer.text


def test_who_reads_check_ins_is_written_down_as_well(at: World) -> None:
    kept = told(at, at.answers)
    opens = {"Authorization": f"Bearer {kept.token}"}
    assert at.client.get(f"/v1/assessments/{kept.id}/check-ins", headers=opens).status_code == 200
    assert noted(at) == [("person", "create"), ("person", "read")]
    assert at.client.get(f"/my/{kept.id}.{kept.token}").status_code == 200
    assert noted(at)[2:] == [("person", "read")]  # one page is one line
