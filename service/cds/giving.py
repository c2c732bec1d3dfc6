"""What is written down when cards are given, and when feedback on them comes: in the transaction of what it tells."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlmodel import Session, col, delete

from service.bodies import WrongShape
from service.cds.calling import Feedback, HookCall
from service.cds.cards import OTHER_REASON, Card, cards_of
from service.cds.latest import latest, newest_sent
from service.cds.trusting import Caller
from service.clinics.audit import Act, note
from service.clinics.links import issue_link
from service.fhir.codes import OVERRIDE_REASONS, Names
from service.intakes import NothingKnown, knows, latest_about
from service.reader import Reader
from service.state import State
from service.storage.cds_tables import StoredCard, StoredFeedback

FEEDBACK_WITHIN = timedelta(days=14)  # after which nobody can tell any more whom a card was about
CLOCKS = timedelta(days=1)  # by which a client's clock may be wrong
LINK_HOURS = 12


def give(session: Session, state: State, reader: Reader, caller: Caller, call: HookCall) -> list[Card]:
    """The cards for an open chart. Raises NothingKnown where the client looked for nothing and the clinic knows nothing of the patient."""
    names, patient = Names(state.settings.canonical, reader.pack), call.patient
    kept = latest_about(session, caller.clinic, patient)
    if kept is None and not call.looked_up and not knows(session, caller.clinic, patient):
        raise NothingKnown
    retention = timedelta(days=caller.settings.retention_days or state.settings.retention_days)
    sent = newest_sent(names, call.prefetch.response, patient, datetime.now(UTC) - retention)
    found = latest(names, reader, kept, sent, state.readers)
    shown = found.kept.id if found and found.kept else None
    note(session, caller.clinic, caller.name, Act("read", "assessment", shown) if shown else Act("search", "assessment"))
    if found is None:
        return []
    names = Names(state.settings.canonical, found.reader.pack)
    cards = cards_of(names, found, patient, state.settings.site())
    if shown:
        links = [_link(session, state, found.reader, caller, shown)]
        cards = [{**one, "links": links} for one in cards]
    _remember(session, caller.clinic, shown, cards)
    return cards


def take_feedback(session: Session, caller: Caller, feedback: Sequence[Feedback]) -> None:
    """Keeps what became of cards, all of it or none. Raises WrongShape for cards and suggestions that we did not give, and for times that cannot be."""
    now = datetime.now(UTC)
    for place, one in enumerate(feedback):
        card = session.get(StoredCard, one.card.lower())
        if card is None or card.clinic_id != caller.clinic or card.expires_at <= now:
            raise WrongShape((f"/feedback/{place}/card", "must be a card that was given in the last days"))
        if any(accepted.id.lower() != card.suggestion_id for accepted in one.acceptedSuggestions or ()):
            raise WrongShape((f"/feedback/{place}/acceptedSuggestions", "must be suggestions of this card"))
        if not card.given_at - CLOCKS <= one.outcomeTimestamp <= now + CLOCKS:
            raise WrongShape((f"/feedback/{place}/outcomeTimestamp", "must be a time since the card was given"))
        session.merge(
            StoredFeedback(card_id=card.id, at=one.outcomeTimestamp, clinic_id=caller.clinic, outcome=one.outcome, reason=_reason(one))
        )
        note(session, caller.clinic, caller.name, Act("create", "feedback", card.id))


def forget_cards(session: Session) -> int:
    """Remove cards on which feedback comes no more, as the operator; says how many there were."""
    return session.exec(delete(StoredCard).where(col(StoredCard.expires_at) <= datetime.now(UTC))).rowcount


def _link(session: Session, state: State, reader: Reader, caller: Caller, assessment: str) -> dict[str, str]:
    link, token = issue_link(session, caller.clinic, assessment, caller.name, LINK_HOURS)
    note(session, caller.clinic, caller.name, Act("create", "link", f"{assessment}/{link.id}"))
    label = reader.say("Open the whole self-assessment")
    return {"label": label, "url": f"{state.settings.site()}/intake/{token}", "type": "absolute"}


def _remember(session: Session, clinic: str, assessment: str | None, cards: Sequence[Card]) -> None:
    now = datetime.now(UTC)
    for card in cards:
        suggestion = next((one["uuid"] for one in card.get("suggestions", ())), None)
        row = StoredCard(
            id=card["uuid"],
            clinic_id=clinic,
            assessment_id=assessment,
            suggestion_id=suggestion,
            given_at=now,
            expires_at=now + FEEDBACK_WITHIN,
        )
        session.add(row)


def _reason(one: Feedback) -> str | None:
    """One of our codes; a client may have reasons of its own, whose codes could say anything."""
    reason = one.overrideReason.reason if one.overrideReason else None
    return None if reason is None else reason.code if reason.code in OVERRIDE_REASONS else OTHER_REASON
