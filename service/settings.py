"""Every knob of the service, in one frozen class; each is an environment variable with the prefix MUSCLE_BALANCE_."""

from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from platformdirs import user_data_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

# It ends up in a response header as it is, so it holds nothing but a host name; without https only on this machine.
EMBEDDER = r"(https://[A-Za-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?"


class WeakKey(Exception):
    """The operator's key needs at least 32 characters"""


class Settings(BaseSettings):
    """How the service runs. Unset variables keep these defaults."""

    model_config = SettingsConfigDict(env_prefix="MUSCLE_BALANCE_", frozen=True, extra="forbid")

    database_url: Annotated[str, Field(description="SQLite or PostgreSQL; empty: a SQLite file in the user's data directory")] = ""
    database_password_file: Annotated[
        Path | None, Field(description="file with the password that takes the place of `{password}` in the URL")
    ] = None
    database_pool: Annotated[int, Field(ge=1, le=40, description="connections to PostgreSQL for each worker")] = 10
    host: Annotated[str, Field(description="address to listen on")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="port to listen on; 0 takes a free one")] = 8000
    workers: Annotated[int, Field(ge=1, le=32, description="processes; more than one needs PostgreSQL")] = 1
    seeds: Annotated[Path | None, Field(description="folder of another pack of content; empty: the one that is shipped")] = None
    retention_days: Annotated[
        int, Field(ge=1, le=3650, description="days after which a stored assessment is erased; the last re-check comes after 84")
    ] = 100
    purge_minutes: Annotated[int, Field(ge=1, le=1440, description="how often the running service erases what has expired")] = 60
    max_body_bytes: Annotated[
        int,
        Field(
            ge=1024, le=1_000_000, description="largest request body, eight times that for FHIR and CDS Hooks, and largest line of a batch"
        ),
    ] = 65_536
    max_batch_lines: Annotated[int, Field(ge=1, le=1_000_000, description="most lines of one batch, blank ones included")] = 10_000
    cors_origins: Annotated[
        str,
        Field(
            pattern=r"^(\*|https?://[^/,\s]+(,https?://[^/,\s]+)*)?$",
            description="web sites whose pages may call the API, `https://a.example,https://b.example` or `*`; empty: none",
        ),
    ] = ""
    embed_origins: Annotated[
        str,
        Field(
            pattern=rf"^({EMBEDDER}(,{EMBEDDER})*)?$",
            description="web sites whose pages may hold the assessment in a frame, `https://a.example,https://b.example`; empty: none",
        ),
    ] = ""

    canonical: Annotated[
        str,
        Field(
            pattern=r"^https?://[^\s,?#|]+[^\s,?#|/]$",
            description="where `/fhir` is reached from outside, with `/fhir` at its end; canonical addresses, links, and what CDS Hooks calls are signed for begin there",
        ),
    ] = "https://muscle-balance.example/fhir"

    terminologies: Annotated[
        str,
        Field(
            pattern=r"^((snomed|loinc)(,(snomed|loinc))*)?$",
            description="terminologies whose codes go out beside our own in FHIR resources, `snomed,loinc`; empty: none, since each has a licence of its own",
        ),
    ] = ""

    admin_key_file: Annotated[
        Path | None,
        Field(
            description="file with the operator's key, at least 32 characters, for `/v1/admin/clinics`; empty: clinics are managed on the command line only"
        ),
    ] = None
    deliver: Annotated[
        bool, Field(description="whether `serve` starts the process that sends events to clinics, `muscle-balance deliver`")
    ] = True
    delivery_schedule: Annotated[
        str,
        Field(
            pattern=r"^\d{1,6}(\.\d{1,3})?(,\d{1,6}(\.\d{1,3})?){0,19}$",
            description="seconds to wait before each attempt to deliver an event; up to a fifth more, so that not all come at once",
        ),
    ] = "0,5,300,1800,7200,18000,36000"
    own_networks: Annotated[
        str,
        Field(
            pattern=r"^([0-9A-Fa-f.:]+/\d{1,3}(,[0-9A-Fa-f.:]+/\d{1,3})*)?$",
            description="networks of yours with public addresses, `203.0.113.0/24,2001:db8::/32`, where nothing is ever sent or fetched; empty: none",
        ),
    ] = ""

    clinic_networks: Annotated[
        str,
        Field(
            pattern=r"^([0-9A-Fa-f.:]+/\d{1,3}(,[0-9A-Fa-f.:]+/\d{1,3})*)?$",
            description="networks that the world cannot see, where clinics have servers of their own, `10.20.0.0/16`; things may be sent there; empty: none",
        ),
    ] = ""
    signing_key_file: Annotated[
        Path | None,
        Field(
            description="file with our private keys (`muscle-balance signing-key` makes it), for sending results to clinics' FHIR servers"
        ),
    ] = None
    development: Annotated[bool, Field(description="for trying things out only: events may go to this machine, and by plain http")] = False
    batch_needs_key: Annotated[bool, Field(description="whether `POST /v1/batch` is for clinics' keys with the scope `batch` only")] = False

    def site(self) -> str:
        """Where everything is reached from outside, without a slash at the end."""
        return self.canonical.removesuffix("/fhir")

    def admin_key(self) -> str | None:
        """The operator's key, if there is one. Raises WeakKey."""
        if self.admin_key_file is None:
            return None
        key = self.admin_key_file.read_text(encoding="utf-8").strip()
        if len(key) < 32:
            raise WeakKey
        return key

    def url(self) -> str:
        """The database address to use, with driver and password filled in."""
        if not self.database_url:
            folder = user_data_path("muscle-balance", ensure_exists=True)
            return f"sqlite:///{folder / 'assessments.db'}"
        url = self.database_url
        if self.database_password_file:
            url = url.replace("{password}", quote(self.database_password_file.read_text().strip(), safe=""))
        for scheme in ("postgresql://", "postgres://"):
            url = url.replace(scheme, "postgresql+psycopg://") if url.startswith(scheme) else url
        return url

    def schedule(self) -> list[float]:
        """The seconds of `delivery_schedule`, one by one."""
        return [float(one) for one in self.delivery_schedule.split(",")]

    def origins(self) -> list[str]:
        """The web sites of `cors_origins`, one by one."""
        return self.cors_origins.split(",") if self.cors_origins else []

    def allowed_terminologies(self) -> list[str]:
        """The terminologies of `terminologies`, one by one."""
        return self.terminologies.split(",") if self.terminologies else []

    def embedders(self) -> list[str]:
        """The web sites of `embed_origins`, one by one."""
        return self.embed_origins.split(",") if self.embed_origins else []
