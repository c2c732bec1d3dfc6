"""`serve` brings its worker along, and takes it along when it goes, however it goes; `signing-key` makes what signs."""

import re
import stat
from pathlib import Path

import httpx2
import psutil
import pytest
from joserfc.jwk import ECKey, RSAKey
from typer.testing import CliRunner

from service.cli import main
from service.webhooks.signing_key import read_keys
from tests.service.receiving import until
from tests.service.serving import Server, serving


def workers(server: Server) -> list[psutil.Process]:
    """The processes beside it that deliver."""
    children = psutil.Process(server.process.pid).children(recursive=True)
    return [one for one in children if "deliver" in one.cmdline()]


@pytest.mark.slow
def test_the_worker_says_nothing_to_anybody_and_goes_when_the_server_is_asked_to_go(tmp_path: Path) -> None:
    """The queue's own hints would lead to a paid console."""
    with serving(f"sqlite:///{tmp_path / 'a.db'}", tmp_path / "log", deliver="true") as server:
        until(lambda: "forgot events=0" in server.log.read_text(), 60)
        (worker,) = workers(server)
        assert [one.laddr for one in worker.net_connections() if one.status != psutil.CONN_NONE] == []
        assert httpx2.get(f"{server.address}/readyz").text == "ready"
        server.process.terminate()
        server.process.wait(60)
        until(lambda: gone(worker), 60)
    printed = server.log.read_text()
    assert "Traceback" not in printed
    assert not re.search(r"conductor|console\.dbos|https?://(?!127)", printed, flags=re.IGNORECASE)


@pytest.mark.slow
def test_a_worker_that_is_killed_is_started_again_and_one_whose_server_is_killed_goes(tmp_path: Path) -> None:
    with serving(f"sqlite:///{tmp_path / 'a.db'}", tmp_path / "log", deliver="true") as server:
        until(lambda: "deliveries delivering" in server.log.read_text(), 60)
        (first,) = workers(server)
        first.kill()
        until(lambda: server.log.read_text().count("deliveries delivering") == 2, 60)
        (second,) = workers(server)
        server.process.kill()
        server.process.wait(60)
        until(lambda: gone(second), 60)
    assert "Traceback" not in server.log.read_text()


def gone(process: psutil.Process) -> bool:
    """Whether it has ended."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_a_key_of_each_kind_is_made_for_our_eyes_only_and_never_over_another(tmp_path: Path) -> None:
    file = tmp_path / "keys.pem"
    made = CliRunner().invoke(main, ["signing-key", "--out", str(file)])
    assert made.exit_code == 0, made.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    keys = read_keys(file)
    assert [(one.algorithm, type(one.key)) for one in keys] == [("RS384", RSAKey), ("ES384", ECKey)]
    assert [line.split() for line in made.output.splitlines()] == [[one.algorithm, one.kid] for one in keys]
    before = file.read_bytes()
    assert CliRunner().invoke(main, ["signing-key", "--out", str(file)]).exit_code != 0
    assert file.read_bytes() == before
