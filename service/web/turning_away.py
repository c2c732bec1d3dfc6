"""What is said where somebody cannot go on as they were: an invitation is open no more, or something that was carried along cannot be read."""

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from service.reader import Reader
from service.web.fields import ANSWER, INCHES, Fields, Unreadable, hidden_fields, once_in
from service.web.inviting import invited_in
from service.web.pages import page, root_of


def turned_away(request: Request, reader: Reader, fields: Fields) -> Response | None:
    """What an invited person gets in the place of the next page: the start where they have not agreed yet, a kind word where it is over; else nothing."""
    invited, once = invited_in(request), once_in(fields)
    if invited is None or (once and invited.invitation.is_open_to(once)):
        return None
    return over(request, reader, fields) if once else to_the_start(request)


def to_the_start(request: Request) -> Response:
    """Where it is said what will be sent."""
    return RedirectResponse(root_of(request), status_code=303, headers={"Cache-Control": "no-store"})


def over(request: Request, reader: Reader, fields: Fields) -> Response:
    """That it is over, with the answers so far to go on with."""
    invited = invited_in(request)
    state = invited.invitation.state if invited else "unknown"
    kept = [(name, value) for name, values in fields.items() if name.startswith((ANSWER, INCHES)) for value in values]
    # One that was open a moment ago has been used in between.
    return page(request, "over.html.jinja", 410, reader=reader, state="used" if state == "open" else state, kept=kept)


def lost_page(request: Request, reader: Reader, lost: Unreadable, fields: Fields) -> Response:
    """That something carried along cannot be read, with what can, and a way on."""
    once = once_in(fields)
    kept = [*hidden_fields(lost.kept), *([("once", once)] if once else [])]
    return page(request, "lost.html.jinja", 422, reader=reader, kept=kept)
