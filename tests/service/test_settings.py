"""Every knob stands in the README, comes from the environment, and cannot be turned once the service runs."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from rules import Pack
from service.settings import Settings

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `MUSCLE_BALANCE_([A-Z_]+)` \| (.+?) \| (.+?) \|$", flags=re.MULTILINE)
OTHER = {
    "DATABASE_URL": "sqlite:///elsewhere.db",
    "DATABASE_PASSWORD_FILE": "/run/secrets/password",
    "DATABASE_POOL": "3",
    "HOST": "127.0.0.2",
    "PORT": "8123",
    "WORKERS": "2",
    "SEEDS": "/srv/seeds",
    "RETENTION_DAYS": "7",
    "PURGE_MINUTES": "5",
    "MAX_BODY_BYTES": "2048",
    "MAX_BATCH_LINES": "50",
    "CORS_ORIGINS": "https://one.example,http://localhost:3000",
    "CANONICAL": "https://clinic.example/fhir",
    "EMBED_ORIGINS": "https://one.example,http://localhost:3000",
    "ADMIN_KEY_FILE": "/run/secrets/admin-key",
    "BATCH_NEEDS_KEY": "True",
    "DELIVER": "False",
    "DELIVERY_SCHEDULE": "0,0.5,60",
    "OWN_NETWORKS": "203.0.113.0/24,2001:db8::/32",
    "CLINIC_NETWORKS": "10.20.0.0/16",
    "SIGNING_KEY_FILE": "/run/secrets/signing-key",
    "DEVELOPMENT": "True",
    "TERMINOLOGIES": "snomed,loinc",
}
WRONG = {
    "PORT": "65536",
    "WORKERS": "0",
    "DATABASE_POOL": "many",
    "RETENTION_DAYS": "0",
    "PURGE_MINUTES": "-1",
    "MAX_BODY_BYTES": "1",
    "MAX_BATCH_LINES": "0",
    "CORS_ORIGINS": "one.example",
    "CANONICAL": "clinic.example/fhir",
    "TERMINOLOGIES": "snomed,icd",
    "EMBED_ORIGINS": "https://one.example; script-src *",
    "DELIVERY_SCHEDULE": "0,-5",
    "OWN_NETWORKS": "203.0.113.5",
    "CLINIC_NETWORKS": "10.20.0.0/16,inside",
}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"MUSCLE_BALANCE_{name.upper()}", raising=False)


def told(value: object) -> str:
    """A default as the README writes it."""
    return f"`{value}`" if value not in ("", None) else "empty"


def test_the_readme_names_every_setting_with_its_default_and_meaning() -> None:
    written = {name.lower(): (default, meaning) for name, default, meaning in ROW.findall(README)}
    assert written == {name: (told(field.default), field.description) for name, field in Settings.model_fields.items()}


def test_every_setting_comes_from_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {name.lower() for name in OTHER} == set(Settings.model_fields)
    for name, value in OTHER.items():
        monkeypatch.setenv(f"MUSCLE_BALANCE_{name}", value)
    settings = Settings().model_dump(mode="json")
    assert {name.upper(): str(value) for name, value in settings.items()} == OTHER


@pytest.mark.parametrize(("name", "value"), WRONG.items())
def test_a_value_that_makes_no_sense_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"MUSCLE_BALANCE_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_no_setting_changes_while_the_service_runs(name: str) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        setattr(Settings(), name, None)


def test_a_setting_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValidationError, match="retention"):
        Settings(retention=3)  # type: ignore[call-arg]


def test_without_an_address_answers_go_to_a_file_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Settings().url() == f"sqlite:///{tmp_path / 'muscle-balance' / 'assessments.db'}"
    assert (tmp_path / "muscle-balance").is_dir()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_reached_with_our_driver_however_it_is_named(scheme: str) -> None:
    assert Settings(database_url=f"{scheme}://someone@db/balance").url() == "postgresql+psycopg://someone@db/balance"


def test_the_password_comes_from_its_file_whatever_it_holds(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("p@ss:w/rd {x}%\n")
    settings = Settings(database_url="postgresql://someone:{password}@db/balance", database_password_file=file)
    assert settings.url() == "postgresql+psycopg://someone:p%40ss%3Aw%2Frd%20%7Bx%7D%25@db/balance"
    assert "p@ss" not in repr(settings)


def test_a_password_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Settings(database_url="postgresql://someone:{password}@db/balance", database_password_file=tmp_path / "none").url()


@pytest.mark.parametrize(
    "origins",
    [
        "*",
        "http://one.example",
        "https://one.example/page",
        "'self'",
        "https://one.example https://two.example",
        "http://localhost.evil.example",
    ],
)
def test_only_whole_sites_that_others_cannot_listen_to_may_embed(origins: str) -> None:
    with pytest.raises(ValidationError, match="embed_origins"):
        Settings(embed_origins=origins)
    assert Settings(embed_origins="https://a.example:8443,http://127.0.0.1:5000").embedders() == [
        "https://a.example:8443",
        "http://127.0.0.1:5000",
    ]


def test_what_is_kept_outlasts_its_last_re_check(pack: Pack) -> None:
    assert Settings().retention_days > 7 * max(pack.plan.recheck_weeks)
