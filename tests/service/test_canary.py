"""What people tell is nowhere but in their assessment: not in a log, not on the terminal, not in an error."""

import logging
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from service.settings import Settings
from tests.service.asking import Answers, held_up
from tests.service.serving import serving
from tests.service.telltale import Telltale, drop_the_tables, leaked, refuse_rows, repeated

ASKING = ("httpx2", "httpcore2")  # the caller's own log, not the service's


@pytest.fixture(autouse=True)
def _listening(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


@pytest.fixture
def telltale(client: TestClient, answers: Answers) -> Telltale:
    """Against each database."""
    return Telltale(client, answers)


def heard(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> str:
    """Everything that any logger of the service or the terminal got."""
    records = [record for record in caplog.records if not record.name.startswith(ASKING)]
    assert any(record.name == "muscle_balance.requests" for record in records)
    return "".join([*(f"{logging.Formatter().format(record)} {record.__dict__}" for record in records), *capfd.readouterr()])


def test_neither_right_nor_wrong_requests_leave_a_word(
    telltale: Telltale, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    telltale.tell_what_is_wrong(telltale.tell_what_is_right()[0])
    assert len(telltale.told) >= 200
    assert len(telltale.errors) >= 20
    assert {response.status_code for response in telltale.errors} == {400, 404, 405, 406, 415, 422}
    assert repeated(telltale) == []
    assert leaked(telltale, heard(caplog, capfd)) == []


def test_a_database_that_is_held_up_makes_nobody_talk(
    telltale: Telltale, settings: Settings, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    telltale.tell_what_is_right()
    with held_up(settings.url()):
        assert telltale.store(telltale.answers).status_code == 503
    assert repeated(telltale) == []
    assert leaked(telltale, heard(caplog, capfd)) == []


def test_a_database_that_breaks_makes_nobody_talk(
    telltale: Telltale, settings: Settings, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    path, token = telltale.tell_what_is_right()
    drop_the_tables(settings.url())
    statuses = [
        telltale.store(telltale.answers).status_code,
        *(telltale.open(method, path, token).status_code for method in ("GET", "DELETE")),
    ]
    assert statuses == [503, 503, 503]
    assert repeated(telltale) == []
    assert leaked(telltale, heard(caplog, capfd)) == []


def test_a_row_that_is_refused_makes_nobody_talk(
    telltale: Telltale, settings: Settings, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    telltale.tell_what_is_right()
    refuse_rows(settings.url())
    assert telltale.store(telltale.answers).status_code == 409
    assert repeated(telltale) == []
    assert leaked(telltale, heard(caplog, capfd)) == []


def test_a_server_prints_nothing_of_it(database_url: str, tmp_path: Path, answers: Answers) -> None:
    with serving(database_url, tmp_path / "log") as server, httpx2.Client(base_url=server.address) as client:
        telltale = Telltale(client, answers)
        path, token = telltale.tell_what_is_right()
        telltale.tell_what_is_wrong(path)
        drop_the_tables(database_url)
        assert telltale.open("GET", path, token).status_code == 503
    printed = server.log.read_text()
    assert "route=/v1/assessments/{assessment_id} status=503" in printed
    assert "Traceback" not in printed
    assert repeated(telltale) == []
    assert leaked(telltale, printed) == []
