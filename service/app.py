"""create_app: wires the parts of the service together, and decides nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version

from fastapi import FastAPI
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from rules import Pack, evaluate
from service import errors
from service.api import (
    admin,
    assessments,
    audit,
    batch,
    check_ins,
    clinic,
    events,
    health,
    intakes,
    interview,
    invitations,
    knowledge,
    openapi,
    opinions,
    pictures,
    webhooks,
    what_if,
)
from service.api import evaluate as evaluation
from service.assessments import purge
from service.cds import services as cds_services
from service.cds.fetching import KeySets
from service.cds.giving import forget_cards
from service.cds.trusting import forget_tokens
from service.fhir import (
    answering,
    asking,
    audit_events,
    finding,
    keeping,
    populating,
    processing,
    publishing,
    reading,
    resulting,
)
from service.fhir.outcome import MEDIA_TYPE, as_outcome
from service.outside.sending import world_of
from service.settings import Settings
from service.state import State, make_state
from service.storage.database import Database
from service.storage.schema import assert_current, migrate
from service.storage.tenancy import OPERATOR
from service.transport import Transport
from service.web import clinician, docs, embed, front, invited, kept, result, static_files, take, take_along
from service.webhooks.signing_key import read_keys

log = logging.getLogger("muscle_balance.service")
# BREACH reads a secret from the size of an answer that holds it beside something the attacker chose, asked for by the victim's own browser.
# Pages and static files are safe from that: no cookie opens anything, and a private link is not in the hands of whoever could ask. Access tokens
# are said in JSON, beside answers of the caller's choice, so JSON stays as it is; its strong ETags then also name the very bytes that are sent.
UNCOMPRESSED = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/json", "application/problem+json", MEDIA_TYPE, "application/pdf")
TAGS = [
    {"name": evaluation.TAKE, "description": "Answer the questions on this page and read your result. Nothing is stored."},
    {"name": "Assessments", "description": "The same for programs: evaluate without storing, or keep an assessment for its owner."},
    {"name": "Clinics", "description": "For a clinic with an API key: invite people, and see what came of it."},
    {"name": "Intakes", "description": "What was told to a clinic, for the clinic: read, exported, erased; opinions, and who did what."},
    {"name": "Operator", "description": "For whoever runs this service: clinics and their keys."},
    {"name": "Webhooks", "description": "For clinics: what happened, sent to them as it happens."},
    {"name": "Knowledge", "description": "Everything the guidance rests on, open to reading."},
]


def create_app(settings: Settings, pack: Pack | None = None) -> FastAPI:
    """An application of its own: its pack, its database, its settings."""
    settings.admin_key()  # one that is too weak is told now
    state = make_state(settings, Database(settings.url(), pool=settings.database_pool), pack)
    packs = {language: reader.pack for language, reader in state.readers.items()}
    pack = state.pack
    for one in packs.values():
        evaluate(one, {})  # compiles the pack now, so that the first person does not wait
    app = FastAPI(
        title="Muscle balance",
        summary="A self-assessment of tight and weak muscles, with reasons and a plan of exercises",
        description=f"{pack.label.intended_use}\n\n" + "\n".join(f"- {line}" for line in pack.label.not_for),
        version=version("muscle-balance"),
        license_info={"name": "MIT", "identifier": "MIT"},
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"auto_configure": False},
        lifespan=_lifespan,
    )
    app.state.service = state
    app.state.published = {language: knowledge.publish(one) for language, one in packs.items()}
    app.state.signing_keys = read_keys(settings.signing_key_file)
    app.state.fhir = publishing.publish(tuple(state.readers.values()), settings.canonical, tuple(settings.allowed_terminologies()))
    app.state.key_sets = KeySets(world_of(settings, seconds=3))  # a chart waits meanwhile
    _serve_routes(app, settings)
    errors.install(app, {"/fhir/": as_outcome})
    openapi.install(app, pack)
    _wrap(app, settings)
    return app


def _serve_routes(app: FastAPI, settings: Settings) -> None:
    # The posting routes come first: routes are tried in turn.
    for router in (
        evaluation.router,
        batch.router,
        interview.router,
        what_if.router,
        assessments.router,
        check_ins.router,
        intakes.router,
        opinions.router,
        audit.router,
        admin.router,
        clinic.router,
        invitations.router,
        webhooks.router,
        events.router,
        pictures.router,
        knowledge.router,
        health.router,
        answering.router,
        asking.router,
        processing.router,
        populating.router,
        finding.router,
        keeping.router,
        audit_events.router,
        resulting.router,
        reading.router,
        cds_services.router,
    ):
        app.include_router(router)
    docs.install(app)
    static_files.install(app)
    app.include_router(front.router)
    app.include_router(take.router)
    app.include_router(result.router)
    app.include_router(kept.router)
    app.include_router(take_along.router)
    app.include_router(clinician.router)
    embed.install(app, settings.embedders(), take.router, result.router, kept.router, take_along.router)
    invited.install(app)


def _wrap(app: FastAPI, settings: Settings) -> None:
    """What is around every request; what is added last comes first."""
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.origins(),
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=[
                "Authorization",
                "Compare-Authorization",
                "Content-Type",
                "Idempotency-Key",
                "If-Match",
                "If-None-Match",
                "Prefer",
            ],
            expose_headers=["Access-Token", "ETag", "Location", "Retry-After", "X-Request-Id"],
        )
    app.add_middleware(cds_services.OpenToPages)
    app.add_middleware(GZipMiddleware, exclude_content_types=UNCOMPRESSED)
    app.add_middleware(Transport, embedders=settings.embedders())


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    state: State = app.state.service
    try:
        if state.database.is_sqlite:
            migrate(state.database.engine)
            state.database.queue.keep_up()
        assert_current(state.database.engine)
        state.database.assert_safe()
        purging = asyncio.create_task(_purge_now_and_then(state))
        yield
        purging.cancel()
        with suppress(asyncio.CancelledError):
            await purging
    finally:
        state.database.close()


async def _purge_now_and_then(state: State) -> None:
    while True:
        try:
            erased = await state.database.run(purge, OPERATOR)
            for forget in (forget_tokens, forget_cards):
                await state.database.run(forget, OPERATOR)
        except (DBAPIError, PoolTimeout) as error:
            log.warning("purge failed kind=%s", type(error).__name__)
        else:
            log.info("purged assessments=%s", erased)
        await asyncio.sleep(state.settings.purge_minutes * 60)


def from_environment() -> FastAPI:
    """The application as the environment describes it; what the server starts."""
    return create_app(Settings())
