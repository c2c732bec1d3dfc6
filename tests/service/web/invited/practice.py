"""A practice that invites people: its site, its words, its logo, and answers that it knows already."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI
from starlette.testclient import TestClient

from service.clinics.clinics import change, set_logo
from service.clinics.settings import ClinicSettings
from service.storage.tenancy import OPERATOR
from tests.service.asking import examples
from tests.service.clinic_world import World, world
from tests.service.pictures import png

SITE = "https://clinic.example"
KNOWN = {"safety.injury": "none", "back.onset": "gradual", "about-you.age-band": "40-49"}
WORDING = {
    "restricted": {"en": "We see you on Monday."},
    "clear": {"en": "We see you on Monday."},
    "emergency": {"en": "Our night line: 555."},
}


@contextmanager
def practice(app: FastAPI) -> Iterator[World]:
    """Two clinics; ours has a logo, words and a web site of its own."""
    with TestClient(app) as client:
        made = world(client, app.state.service, examples(app.state.service.pack)["sweeping-ache"])
        own = ClinicSettings.model_validate(
            {"embed_origins": [SITE], "contact": ["Mill Lane 1"], "wording": WORDING, "language": "es", "retention_days": 12}
        )
        made.state.database.run_now(lambda session: change(session, made.ours.id, own), OPERATOR)
        made.state.database.run_now(lambda session: set_logo(session, made.ours.id, png(20, 10)), OPERATOR)
        yield made
