"""Clinics on the command line."""

import csv
import re
from io import StringIO

import pytest

from service.clinics.audit import Act, note, trail
from service.clinics.keys import SCOPES, claimed, verify
from service.storage.database import Database
from service.storage.tenancy import OPERATOR
from tests.service.test_cli import run, words

FORMULA = ("=", "+", "-", "@", "\t", "\r")
KEY = re.compile(r"mbk_[0-9a-f]{16}_[0-9a-f]{12}_[0-9a-f]{64}")


@pytest.fixture
def url(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each database, told to the command by its variable."""
    monkeypatch.setenv("MUSCLE_BALANCE_DATABASE_URL", database_url)
    return database_url


def shown(output: str) -> str:
    found = KEY.search(output)
    assert found
    return found[0]


def test_a_clinic_is_made_listed_given_another_key_and_removed(url: str) -> None:
    text = shown(run("clinic", "create", "Praxis am Park", "--scope", "read", "--scope", "fhir", "--days", "9").output)
    key = claimed(text)
    database = Database(url)
    assert database.run_now(lambda session: verify(session, key), key.clinic).scopes == ("read", "fhir")
    listed = run("clinic", "list")
    assert "Praxis am Park" in listed.output
    assert "read fhir" in listed.output
    assert key.secret not in listed.output
    new = claimed(shown(run("clinic", "rotate-key", key.clinic, key.id, "--hours", "0").output))
    assert database.run_now(lambda session: verify(session, new), key.clinic).scopes == ("read", "fhir")
    assert run("clinic", "remove", key.clinic, typed="n\n").exit_code == 1
    assert run("clinic", "remove", key.clinic, typed="y\n").exit_code == 0
    assert "Praxis" not in run("clinic", "list").output
    noted = database.run_now(lambda session: trail(session, key.clinic), OPERATOR)
    assert [(one.act.action, one.act.kind) for one in reversed(noted)] == [
        ("create", "clinic"), ("create", "key"), ("update", "key"), ("erase", "clinic")
    ]  # fmt: skip
    database.close()


def test_a_key_may_do_everything_unless_said_otherwise(url: str) -> None:
    key = claimed(shown(run("clinic", "create", "Everything").output))
    database = Database(url)
    assert database.run_now(lambda session: verify(session, key), key.clinic).scopes == SCOPES
    database.close()


@pytest.mark.parametrize("arguments", [("rotate-key", "0" * 16, "0" * 12), ("remove", "0" * 16, "--yes"), ("audit", "0" * 16)])
def test_what_is_not_there_is_said(url: str, arguments: tuple[str, ...]) -> None:  # noqa: ARG001
    result = run("clinic", *arguments)
    assert result.exit_code == 1
    assert "There is no such" in words(result)


def test_a_scope_that_does_not_exist_is_refused(url: str) -> None:  # noqa: ARG001
    result = run("clinic", "create", "Nobody", "--scope", "everything")
    assert result.exit_code == 2
    assert "invite, read, fhir, webhooks, batch" in words(result)


def test_the_audit_trail_is_shown_and_exported_whole_also_of_a_clinic_that_is_gone(url: str) -> None:
    key = claimed(shown(run("clinic", "create", "Praxis am Park").output))
    database = Database(url)
    act = Act("read", "assessment", "=HYPERLINK(1)")
    for _ in range(120):  # more than one page
        database.run_now(lambda session: note(session, key.clinic, "@someone", act), key.clinic)
    assert "@someone" in run("clinic", "audit", key.clinic).output
    assert run("clinic", "remove", key.clinic, "--yes").exit_code == 0
    table = list(csv.DictReader(StringIO(run("clinic", "audit", key.clinic, "--csv").stdout)))
    assert len(table) == 124  # made, its key made, shown, 120 readings, removed
    assert [(one["action"], one["kind"]) for one in (table[0], table[-1])] == [("erase", "clinic"), ("create", "clinic")]
    assert {one["what"] for one in table if one["kind"] == "assessment"} == {"'=HYPERLINK(1)"}
    assert {one["actor"] for one in table if one["kind"] == "assessment"} == {"'@someone"}
    assert not any(cell.startswith(FORMULA) for one in table for cell in one.values())
    exports = database.run_now(lambda session: trail(session, key.clinic, most=1), OPERATOR)
    assert (exports[0].actor, exports[0].act.action, exports[0].act.kind) == ("operator", "export", "audit")
    database.close()
