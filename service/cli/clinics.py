"""Clinics on the command line: create, list, rotate-key, audit, remove."""

import csv
import sys
from collections.abc import Callable
from typing import Annotated, TypeVar

import typer
from rich.markup import escape
from rich.table import Table
from sqlmodel import Session

from service.cli.configuring import settings
from service.cli.console import console
from service.clinics.audit import OPERATOR as BY_OPERATOR
from service.clinics.audit import Act, Noted, note, trail
from service.clinics.clinics import ClinicNotFound, create, find, list_clinics, remove
from service.clinics.keys import SCOPES, KeyNotFound, Scope, issue, list_keys, rotate
from service.scoring.cells import safe
from service.storage.database import Database
from service.storage.schema import assert_current, migrate
from service.storage.tenancy import OPERATOR

commands = typer.Typer()
clinic = typer.Typer(help="Clinics and their keys.", no_args_is_help=True)
commands.add_typer(clinic, name="clinic")
T = TypeVar("T")
COLUMNS = ("at", "actor", "action", "kind", "what", "outcome", "request_id")
ClinicId = Annotated[str, typer.Argument(help="The clinic's id.")]
Scopes = Annotated[list[str], typer.Option("--scope", help=f"What the key may do; again for each: {', '.join(SCOPES)}.")]


@clinic.command("create")
def create_clinic(
    name: Annotated[str, typer.Argument(help="The name, as people will read it.")],
    scope: Scopes = list(SCOPES),  # noqa: B006 - typer copies it
    days: Annotated[int | None, typer.Option(min=1, help="Days until the key ends.")] = None,
) -> None:
    """Make a clinic and its first key, which is shown once."""
    scopes = _scopes(scope)

    def work(session: Session) -> tuple[str, str]:
        made = create(session, name)
        key, text = issue(session, made.id, scopes, days)
        note(session, made.id, BY_OPERATOR, Act("create", "clinic", made.id))
        note(session, made.id, BY_OPERATOR, Act("create", "key", key.id))
        return made.id, text

    made, text = _run(work)
    console.print(f"Clinic {made}", highlight=False)
    _show(text)


@clinic.command("list")
def list_all() -> None:
    """Every clinic with its keys."""
    found = _run(lambda session: [(one, list_keys(session, one.id)) for one in list_clinics(session)])
    for one, keys in found:
        console.print(f"{one.id}  {one.name}", soft_wrap=True, highlight=False, markup=False)
        for key in keys:
            ends = f"ends {key.expires_at:%Y-%m-%d %H:%M}" if key.expires_at else "no end"
            used = f"last used {key.used_at:%Y-%m-%d %H:%M}" if key.used_at else "never used"
            console.print(f"  {key.id}  {' '.join(key.scopes)}; {ends}; {used}", soft_wrap=True, highlight=False, markup=False)


@clinic.command("rotate-key")
def rotate_key(
    clinic_id: ClinicId,
    key_id: Annotated[str, typer.Argument(help="The key's id; see `clinic list`.")],
    hours: Annotated[int, typer.Option(min=0, max=720, help="Hours for which the old key goes on.")] = 24,
) -> None:
    """A new key in the place of another; it is shown once."""

    def work(session: Session) -> str:
        _, text = rotate(session, clinic_id, key_id, hours)
        note(session, clinic_id, BY_OPERATOR, Act("update", "key", key_id))
        return text

    _show(_run(work))


@clinic.command("remove")
def remove_clinic(clinic_id: ClinicId, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Remove a clinic with its keys, invitations and intakes; its audit trail stays."""
    found = _run(lambda session: find(session, clinic_id))
    if not yes:
        typer.confirm(f"Remove {found.name} with everything it was told?", abort=True)

    def work(session: Session) -> None:
        remove(session, clinic_id)
        note(session, clinic_id, BY_OPERATOR, Act("erase", "clinic", clinic_id))

    _run(work)
    console.print("Removed.")


@clinic.command("audit")
def audit(
    clinic_id: ClinicId, as_csv: Annotated[bool, typer.Option("--csv", help="As CSV, the whole trail, on standard output.")] = False
) -> None:
    """Who did what, when, the newest first; also of a clinic that is gone."""

    def work(session: Session) -> list[Noted]:
        lines = list(trail(session, clinic_id))
        while as_csv and lines and (more := trail(session, clinic_id, before=lines[-1].id)):
            lines.extend(more)
        clinic = clinic_id if lines else find(session, clinic_id).id
        note(session, clinic, BY_OPERATOR, Act("export", "audit"))
        return lines

    rows = [(one.at.isoformat(), one.actor, one.act.action, one.act.kind, one.act.what, one.outcome, one.request_id) for one in _run(work)]
    if as_csv:
        table = csv.writer(sys.stdout)
        table.writerow(COLUMNS)
        table.writerows([safe(cell) for cell in row] for row in rows)
        return
    shown = Table(*COLUMNS)
    for row in rows:
        shown.add_row(*(escape(str(cell or "")) for cell in row))
    console.print(shown)


def _run(work: Callable[[Session], T]) -> T:
    """One transaction as the operator, on a database at the present schema."""
    database = Database(settings({}).url())
    try:
        if database.is_sqlite:
            migrate(database.engine)
        assert_current(database.engine)
        return database.run_now(work, OPERATOR)
    except (ClinicNotFound, KeyNotFound) as unknown:
        console.print(type(unknown).__doc__ or "", style="red")
        raise typer.Exit(1) from None
    finally:
        database.close()


def _scopes(wanted: list[str]) -> list[Scope]:
    if unknown := [one for one in wanted if one not in SCOPES]:
        raise typer.BadParameter(f"{unknown[0]} is none of {', '.join(SCOPES)}")
    return [one for one in SCOPES if one in wanted]


def _show(text: str) -> None:
    console.print("The key, which is shown only now:")
    console.print(text, soft_wrap=True, highlight=False)
