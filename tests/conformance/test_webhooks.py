"""What we sign, the library for receivers in JavaScript takes for ours; and nothing that was changed on the way."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from service.storage.clinic_tables import StoredEvent
from service.webhooks.attempts import payload
from service.webhooks.signing import new_signing_secret, signed

HERE = Path(__file__).parent


def verdicts(*received: dict[str, Any]) -> list[str]:
    """What the library says to each."""
    node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert node
    judged = subprocess.run([node, HERE / "verify_webhook.mjs"], input=json.dumps(received), text=True, capture_output=True, check=False)
    assert (judged.stderr, judged.returncode) == ("", 0)
    return judged.stdout.splitlines()


def test_the_javascript_library_takes_what_is_ours_and_nothing_else() -> None:
    now = datetime.now(UTC)
    new, old = new_signing_secret(), new_signing_secret()
    event = StoredEvent(id="evt_1", clinic_id="c1", type="plan.issued", assessment_id="a-1", reference="Fall ä/7", at=now)
    body = payload(event)
    headers = signed("evt_1_e1", now, body, [new, old])
    late, early = (signed("evt_1_e1", now + timedelta(minutes=off), body, [new]) for off in (-6, 6))
    said = verdicts(
        {"secret": new, "headers": headers, "body": body},
        {"secret": old, "headers": headers, "body": body},
        {"secret": new_signing_secret(), "headers": headers, "body": body},
        {"secret": new, "headers": headers, "body": body.replace("issued", "Issued")},
        {"secret": new, "headers": {**headers, "webhook-id": "evt_2_e1"}, "body": body},
        {"secret": new, "headers": {**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)}, "body": body},
        {"secret": new, "headers": late, "body": body},
        {"secret": new, "headers": early, "body": body},
    )
    assert [json.loads(one) for one in said[:2]] == [json.loads(body)] * 2
    assert said[2:] == ["No matching signature found"] * 4 + ["Message timestamp too old", "Message timestamp too new"]
