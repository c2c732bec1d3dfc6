"""Clinics on the command line."""

import re

import pytest

from service.clinics.audit import trail
from service.clinics.keys import SCOPES, claimed, verify
from service.storage.database import Database
from service.storage.tenancy import OPERATOR
from tests.service.test_cli import run, words

KEY = re.compile(r"mbk_[0-9a-f]{16}_[0-9a-f]{12}_[0-9a-f]{64}")


@pytest.fixture
def url(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each database, told to the command by its variable."""
    monkeypatch.setenv("MUSCLE_BALANCE_DATABASE_URL", database_url)
    monkeypatch.setenv("COLUMNS", "200")
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


@pytest.mark.parametrize("arguments", [("rotate-key", "0" * 16, "0" * 12), ("remove", "0" * 16, "--yes")])
def test_what_is_not_there_is_said(url: str, arguments: tuple[str, ...]) -> None:  # noqa: ARG001
    result = run("clinic", *arguments)
    assert result.exit_code == 1
    assert "There is no such" in words(result)


def test_a_scope_that_does_not_exist_is_refused(url: str) -> None:  # noqa: ARG001
    result = run("clinic", "create", "Nobody", "--scope", "everything")
    assert result.exit_code == 2
    assert "invite, read, fhir, webhooks, batch" in words(result)
