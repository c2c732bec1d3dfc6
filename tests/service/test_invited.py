"""An invitation is for whoever has its link: one journey uses it up, whatever comes at once, and it outlives what it was for in no way."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy
from sqlmodel import col, select
from starlette.testclient import TestClient

from rules import Pack, evaluate
from service.app import create_app
from service.assessments import Access, Submission, erase, purge
from service.clinics.audit import trail
from service.clinics.invitations import (
    MOST_INTAKES,
    DueOutOfReach,
    Invitation,
    InvitationNotFound,
    InvitationOver,
    NewInvitation,
    Token,
    Wanted,
    find_invitation,
    invite,
    list_invitations,
    new_once,
    open_invitation,
    token_in,
    withdraw,
)
from service.clinics.secrets import KeyReused
from service.invited import send, start
from service.settings import Settings
from service.storage.clinic_tables import StoredEvent
from service.storage.tenancy import OPERATOR
from tests.service.asking import RETENTION, Answers, connected, everything_kept, held_up, rows
from tests.service.clinic_world import AtClinic, World, world
from tests.service.inviting import Invited, expire_invitation

KNOWN = {"safety.injury": "none", "back.onset": "gradual"}
ONE, OTHER = new_once(), new_once()


@pytest.fixture
def at(settings: Settings, pack: Pack, answers: Answers) -> Iterator[World]:
    """Two clinics on each database."""
    app = create_app(settings, pack)
    with TestClient(app) as client:
        yield world(client, app.state.service, answers)


def ask(at: World, clinic: AtClinic | None = None, **other: object) -> tuple[Invitation, Token]:
    """An invitation of ours, unless said otherwise."""
    wanted = {"reference": "ref-1", "subject": None, "language": None, "due": None, "answers": KNOWN, "reusable": False, "days": 30}
    new = NewInvitation(**{**wanted, "key": None, **other})  # type: ignore[arg-type]
    of = clinic or at.ours
    return at.state.database.run_now(lambda session: invite(session, of.id, new), of.id)


def submission(at: World, answers: Answers | None = None) -> Submission:
    said = answers or at.answers
    return Submission(said, evaluate(at.state.pack, said), "en", None, RETENTION)


def sent(at: World, token: Token, once: str, answers: Answers | None = None) -> Access:
    """What a journey sends, as its person can open it."""
    kept = at.state.database.run_now(lambda session: send(session, token, once, submission(at, answers)), token.clinic)
    return Access(kept.id, kept.token)


def begin(at: World, token: Token) -> None:
    at.state.database.run_now(lambda session: start(session, token), token.clinic)


def now(at: World, token: Token) -> Invitation:
    """How it stands."""
    found = at.state.database.run_now(lambda session: find_invitation(session, token.clinic, token.invitation), token.clinic)
    assert found
    return found


def events(at: World, kind: str) -> list[StoredEvent]:
    return list(
        at.state.database.run_now(lambda session: session.exec(select(StoredEvent).where(col(StoredEvent.type) == kind)).all(), at.ours.id)
    )


def test_the_token_opens_it_and_the_database_could_not_tell_the_token(at: World, settings: Settings) -> None:
    made, token = ask(at)
    assert token_in(str(token)) == token
    found = at.state.database.run_now(lambda session: open_invitation(session, token), token.clinic)
    assert (found.id, found.reference, found.state, dict(found.answers)) == (made.id, "ref-1", "open", KNOWN)
    assert token.secret.encode() not in everything_kept(settings.url())


@pytest.mark.parametrize("key", [None, "a-key"])
def test_a_token_that_is_forged_in_any_part_opens_nothing(at: World, key: str | None) -> None:
    _, token = ask(at, key=key)
    _, foreign = ask(at, at.theirs)
    for forged in (
        Token(at.theirs.id, token.invitation, token.secret),
        Token(token.clinic, foreign.invitation, token.secret),
        Token(token.clinic, token.invitation, foreign.secret),
        Token(token.clinic, "0" * 16, token.secret),
    ):
        with pytest.raises(InvitationNotFound):
            at.state.database.run_now(lambda session, forged=forged: open_invitation(session, forged), forged.clinic)  # type: ignore[misc]
    for text in ("", str(token)[:-1], str(token) + "0", str(token).upper(), str(token).replace(".", "/"), f" {token}", f"{token}\n"):
        assert token_in(text) is None


def test_the_same_key_gives_the_same_link_again_and_no_other_body(at: World) -> None:
    first = ask(at, key="a-key")
    assert ask(at, key="a-key") == first
    with pytest.raises(KeyReused):
        ask(at, key="a-key", reference="ref-2")
    assert ask(at, at.theirs, key="a-key")[1] != first[1]
    assert rows(str(at.state.settings.url()), "invitation") == 2


def test_it_is_due_before_its_link_expires(at: World) -> None:
    today = datetime.now(UTC).date()
    for days in (-2, 32):
        with pytest.raises(DueOutOfReach):
            ask(at, due=today + timedelta(days=days))
    for days in (0, 30):
        assert ask(at, due=today + timedelta(days=days))[0].due == today + timedelta(days=days)


def test_one_journey_uses_it_up_and_may_correct_itself_and_nobody_else_may(at: World) -> None:
    _, token = ask(at, subject="Patient/1")
    first = sent(at, token, ONE)
    assert sent(at, token, ONE) == first  # pressed twice
    second = sent(at, token, ONE, {**at.answers, "safety.pain-level": 1})
    with pytest.raises(InvitationOver):
        sent(at, token, OTHER)
    seen = now(at, token)
    assert (seen.state, seen.used, seen.intakes) == ("used", 1, (first.id, second.id))
    assert {one.reference for one in events(at, "assessment.completed")} == {"ref-1"}
    assert len(events(at, "assessment.completed")) == 2


def test_nobody_corrects_themselves_for_ever(at: World) -> None:
    _, token = ask(at)
    for pain in range(MOST_INTAKES + 1):
        sent(at, token, ONE, {**at.answers, "safety.pain-level": pain})
    with pytest.raises(InvitationOver):
        sent(at, token, ONE, dict(list(at.answers.items())[:-1]))


def test_of_two_journeys_at_once_exactly_one_wins(at: World, settings: Settings) -> None:
    async def both(token: Token) -> list[object]:
        run = at.state.database.run
        with held_up(settings.url()):  # both are on their way before either can store
            journeys = [
                asyncio.create_task(run(lambda session, once=once: send(session, token, once, submission(at)), token.clinic))  # type: ignore[misc]
                for once in (ONE, OTHER)
            ]
            await asyncio.sleep(0.2)
            assert not any(one.done() for one in journeys)
        return list(await asyncio.gather(*journeys, return_exceptions=True))

    for _ in range(3):
        _, token = ask(at)
        assert sorted(isinstance(one, InvitationOver) for one in asyncio.run(both(token))) == [False, True]
        assert (now(at, token).used, len(now(at, token).intakes)) == (1, 1)


def test_a_reusable_one_is_for_many_journeys_and_keeps_what_the_clinic_knows(at: World) -> None:
    _, token = ask(at, reusable=True)
    ids = [sent(at, token, once).id for once in (ONE, OTHER)]
    seen = now(at, token)
    assert (seen.state, seen.used, sorted(seen.intakes), dict(seen.answers)) == ("open", 2, sorted(ids), KNOWN)


def test_what_the_clinic_knew_goes_when_it_is_used_withdrawn_or_expired(at: World, settings: Settings) -> None:
    tokens = [ask(at, reusable=reusable)[1] for reusable in (False, False, False, True)]
    sent(at, tokens[0], ONE)
    at.state.database.run_now(lambda session: withdraw(session, at.ours.id, tokens[1].invitation), at.ours.id)
    for token in tokens[2:]:
        expire_invitation(settings.url(), Invited(at, token.invitation, str(token)))
        assert now(at, token).answers
    at.state.database.run_now(purge, OPERATOR)
    assert [(now(at, token).state, dict(now(at, token).answers)) for token in tokens] == [
        ("used", {}),
        ("withdrawn", {}),
        ("expired", {}),
        ("expired", {}),
    ]
    assert rows(settings.url(), "invitation WHERE answers <> '{}'") == 0


@pytest.mark.parametrize("reusable", [False, True])
def test_nothing_is_begun_or_sent_with_one_that_is_withdrawn_or_expired(at: World, settings: Settings, reusable: bool) -> None:
    _, gone = ask(at, reusable=reusable)
    _, late = ask(at, reusable=reusable)
    at.state.database.run_now(lambda session: withdraw(session, at.ours.id, gone.invitation), at.ours.id)
    sent(at, late, ONE)
    expire_invitation(settings.url(), Invited(at, late.invitation, str(late)))
    for token in (gone, late):
        with pytest.raises(InvitationOver):
            begin(at, token)
        with pytest.raises(InvitationOver):
            sent(at, token, ONE)
    assert rows(settings.url(), "assessment") == 1


def test_the_clinic_hears_once_that_it_was_begun_and_once_an_hour_where_it_may_be_used_again(at: World) -> None:
    _, once = ask(at)
    _, again = ask(at, reusable=True)
    for token in (once, once, again, again):
        begin(at, token)
    with connected(at.state.settings.url()) as connection:
        connection.execute(sqlalchemy.text("UPDATE invitation SET started_at = '2026-01-01 00:00:00'"))
    for token in (once, again):
        begin(at, token)
    heard = [one.invitation_id or "" for one in events(at, "invitation.started")]
    assert sorted(heard) == sorted([once.invitation, again.invitation, again.invitation])
    assert now(at, once).started_at


def test_each_step_is_written_down_and_each_is_the_persons(at: World) -> None:
    _, token = ask(at)
    begin(at, token)
    intake = sent(at, token, ONE)
    at.state.database.run_now(lambda session: erase(session, intake))
    lines = at.state.database.run_now(lambda session: trail(session, at.ours.id), at.ours.id)
    assert [(one.actor, one.act.action, one.act.kind, one.act.what) for one in reversed(lines)] == [
        ("person", "update", "invitation", token.invitation),
        ("person", "update", "invitation", token.invitation),
        ("person", "create", "assessment", intake.id),
        ("person", "erase", "assessment", intake.id),
    ]
    assert now(at, token).intakes == ()
    assert sent(at, token, ONE) != intake  # who has erased it may send it anew


def test_a_clinic_lists_its_own_the_newest_first_page_by_page(at: World) -> None:
    tokens = [ask(at, reference=f"ref-{place % 2}")[1] for place in range(5)]
    foreign = ask(at, at.theirs)[1]
    sent(at, tokens[0], ONE)

    def listed(**wanted: object) -> list[str]:
        found = at.state.database.run_now(lambda session: list_invitations(session, at.ours.id, Wanted(**wanted)), at.ours.id)  # type: ignore[arg-type]
        return [one.id for one in found]

    newest = [token.invitation for token in reversed(tokens)]
    assert listed() == newest
    assert listed(most=2) + listed(most=2, before=newest[1]) + listed(before=newest[3]) == newest
    assert listed(reference="ref-1") == [newest[1], newest[3]]
    assert (listed(open=True), listed(open=False)) == (newest[:4], newest[4:])
    assert listed(before=foreign.invitation) == []
    for work in (find_invitation, withdraw):
        assert at.state.database.run_now(lambda session, work=work: work(session, at.ours.id, foreign.invitation), at.ours.id) is None  # type: ignore[misc]
