"""The example in examples/webhooks: somebody takes an invitation, and the clinic's own server hears of it and fetches the result."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from typer.testing import CliRunner

from rules import Pack, evaluate
from service.cli import main
from tests.service.asking import examples
from tests.service.receiving import until
from tests.service.serving import serving
from tests.service.web.sending import form
from tests.service.web.walking import Form

RECEIVER = Path(__file__).parents[3] / "examples" / "webhooks" / "receiver.py"


@pytest.fixture
def balance(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A service that may send to this machine, and a clinic's key."""
    url = f"sqlite:///{tmp_path / 'a.db'}"
    made = CliRunner().invoke(main, ["clinic", "create", "Practice by the river"], env={"MUSCLE_BALANCE_DATABASE_URL": url})
    key = next(word for word in made.output.split() if word.startswith("mbk_"))
    with serving(url, tmp_path / "log", deliver="true", development="true") as server:
        yield server.address, key


@pytest.mark.slow
def test_a_clinics_own_server_hears_of_an_invitation_that_was_taken(balance: tuple[str, str], tmp_path: Path, pack: Pack) -> None:
    address, key = balance
    answers, printed = examples(pack)["sweeping-ache"], tmp_path / "printed"
    environment = os.environ | {"BALANCE": address, "KEY": key, "PORT": "0"}
    with printed.open("wb") as out, subprocess.Popen([sys.executable, RECEIVER], stdout=out, stderr=out, env=environment) as receiver:
        try:
            until(lambda: "listening as" in printed.read_text())
            take(address, key, answers)
            until(lambda: len(printed.read_text().splitlines()) == 4, 60)
        finally:
            receiver.terminate()
    guidance = evaluate(pack, answers)
    told = f"{guidance['triage']['urgency']}, {len(guidance['findings'])} findings, plan issued"
    assert sorted(printed.read_text().splitlines()[1:]) == [
        f"assessment.completed case-17: {told}",
        "invitation.started case-17",
        "plan.issued case-17",
    ]


def take(address: str, key: str, answers: dict[str, object]) -> None:
    """Invited, agreed, answered, sent."""
    with httpx2.Client(base_url=address) as client:
        token = client.post("/v1/invitations", json={"reference": "case-17"}, headers={"Authorization": f"Bearer {key}"}).json()["token"]
        first = Form()
        first.feed(client.post(f"/invited/{token}/start").text)
        sent = client.post(f"/invited/{token}/result", data={**form(answers), "once": first.fields["once"]})
        assert sent.status_code == 303, sent.text
