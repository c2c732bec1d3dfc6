"""Every main page of the service, and how to come to it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastapi import FastAPI
from playwright.sync_api import Page, expect
from sqlmodel import Session

from rules import Pack, evaluate
from service.assessments import Intake, Submission, submit
from service.clinics.clinics import change, create
from service.clinics.links import issue_link
from service.clinics.settings import ClinicSettings
from service.state import State
from service.storage.tenancy import OPERATOR
from tests.browser.inviting import Invitation, clinic, invite, withdraw

POST = """([path, fields]) => {
    const form = Object.assign(document.createElement("form"), {method: "post", action: path, hidden: true});
    for (const [name, value] of fields) form.append(Object.assign(document.createElement("input"), {name, value}));
    document.body.append(form);
    form.submit();
}"""


@dataclass(frozen=True)
class Studio:
    """A page of a browser, the service that it shows, and a site that may hold its frame."""

    page: Page
    app: FastAPI
    host: str

    @property
    def pack(self) -> Pack:
        """The content that the service shows."""
        state: State = self.app.state.service
        return state.pack

    def post(self, path: str, fields: Sequence[tuple[str, str]], *, stay: bool = False) -> None:
        """Send a form as a page of ours would. `stay`: from the page that is there."""
        if not stay:
            self.page.goto("/take")
        with self.page.expect_navigation():
            self.page.evaluate(POST, [path, fields])

    def person(self, example: str, **others: str) -> list[tuple[str, str]]:
        """Somebody of the pack's examples, as the fields of a form."""
        answers: Mapping[str, object] = next(one.answers for one in self.pack.examples if one.id == example)
        told = [
            (f"a.{item}", str(one)) for item, given in answers.items() for one in (given if isinstance(given, list | tuple) else [given])
        ]
        return [*told, *others.items()]


def asked(studio: Studio, items: str, **fields: str) -> None:
    """The page of the assessment that asks for these items."""
    answers = [one for one in studio.person("healthy") if one[0].removeprefix("a.") not in items.split()]
    studio.post("/take", [*answers, ("asked", items), ("at", "0"), ("way", "all"), ("go", "stay"), *fields.items()])


def kept(studio: Studio, example: str = "side-hip-pain") -> str:
    """The path of a result that somebody keeps."""
    studio.post("/result/keep", studio.person(example))
    return studio.page.url


def checked_in(studio: Studio) -> None:
    """A kept result with two weeks told."""
    link = kept(studio)
    for done, pain in (("all", "2"), ("all", "3")):
        studio.page.goto(f"{link}/check-in")
        for name, value in (("done", done), ("pain-after", pain), ("pain_after", pain), ("effort", "4"), ("signs", "none")):
            choice = studio.page.locator(f'[name="c.{name}"][value="{value}"]')
            if choice.count():
                choice.check(force=True)
        if studio.page.locator(".weekly button").count():  # no week follows where the plan has stopped
            studio.page.locator(".weekly button").click()


def compared(studio: Studio) -> None:
    """Two kept results side by side."""
    first = kept(studio, "sweeping-ache")
    weeks_later = [(name, "75" if name == "a.tests.trunk-hold.seconds" else value) for name, value in studio.person("sweeping-ache")]
    studio.post("/result/keep", weeks_later)
    second = studio.page.url
    studio.page.goto(f"{second}/compare")
    studio.page.get_by_role("textbox").fill(first)
    studio.page.locator(".paste button").click()


def intake(example: str) -> Callable[[Studio], object]:
    """Somebody's intake, as a clinician sees it who has an opinion already."""

    def open_it(studio: Studio) -> None:
        studio.page.request.get("/livez")  # once it answers, there are tables
        studio.page.goto(intake_of(studio.app, example))
        agree = studio.page.get_by_role("button", name="I agree")
        if agree.count():
            agree.first.click()

    return open_it


def intake_of(app: FastAPI, example: str) -> str:
    """The path of somebody's intake at a clinic, which has its own words."""
    state: State = app.state.service
    answers = next(dict(one.answers) for one in state.pack.examples if one.id == example)
    guidance = evaluate(state.pack, json.loads(json.dumps(answers)))

    def found(session: Session) -> str:
        clinic = create(session, "Practice by the river").id
        change(session, clinic, ClinicSettings.model_validate(WISHES))
        about = Intake(clinic, None, example, None)
        kept = submit(session, Submission(answers, guidance, "en", None, timedelta(days=30), about))
        session.flush()
        return issue_link(session, clinic, kept.id, "mbk_tests", 8)[1]

    return f"/intake/{state.database.run_now(found, OPERATOR)}"


def embedded(studio: Studio) -> None:
    """The page of another site."""
    studio.page.goto(studio.host)
    expect(studio.page.locator("#heard li", has_text="height")).not_to_have_count(0)


def invited(studio: Studio, **asked: object) -> Invitation:
    """What a clinic asks of somebody, and knows of them already."""
    practice = clinic(studio.page.request)
    return invite(studio.page.request, practice, **asked)


def welcomed(studio: Studio) -> None:
    """The start page of an invitation."""
    known = {"safety.injury": "none", "back.onset": "gradual", "about-you.age-band": "40-49"}
    studio.page.goto(invited(studio, answers=known, due=str((datetime.now(UTC) + timedelta(days=14)).date())).path)


def begun(studio: Studio) -> str:
    """Somebody who has agreed: the path of their invitation."""
    path = invited(studio).path
    studio.page.goto(path)
    with studio.page.expect_navigation():
        studio.page.get_by_role("button", name="I agree, start").click()
    return path


def invited_at(studio: Studio, items: str, example: str = "healthy") -> None:
    """A page of an invited assessment."""
    path = begun(studio)
    answers = [one for one in studio.person(example) if one[0].removeprefix("a.") not in items.split()]
    trail = [("asked", items), ("at", "0")] if items else []
    studio.post(f"{path}/take", [*answers, *trail, ("once", once(studio)), ("way", "all"), ("go", "stay")], stay=True)


def sent(studio: Studio, example: str) -> None:
    """An invited assessment in the clinic's hands."""
    path = begun(studio)
    studio.post(f"{path}/result", studio.person(example, once=once(studio)), stay=True)


def withdrawn(studio: Studio) -> None:
    """An invitation that was taken back."""
    one = invited(studio)
    withdraw(studio.page.request, one)
    studio.page.goto(one.path)


def once(studio: Studio) -> str:
    """What the page carries of its journey."""
    return studio.page.locator("input[name=once]").get_attribute("value") or ""


def go(path: str) -> Callable[[Studio], object]:
    """Open an address."""
    return lambda studio: studio.page.goto(path)


def result(example: str, **fields: str) -> Callable[[Studio], object]:
    """The result of somebody of the pack's examples."""
    return lambda studio: studio.post("/result", studio.person(example, **fields))


WISHES = {
    "contact": ["Mill Lane 4", "Phone 0123 456, weekdays 8 to 17"],
    "wording": {
        "emergency": {"en": "Call 112 now, then our desk: 0123 456."},
        "restricted": {"en": "Bring your letters to the first visit."},
    },
}
STATES: Mapping[str, Callable[[Studio], object]] = {
    "front": go("/"),
    "safety": go("/take"),
    "topic": lambda studio: asked(studio, "hips.sitting hips.stairs hips.side-pain back.onset back.sweeping-ache"),
    "way": lambda studio: asked(studio, "way"),
    "self-test": lambda studio: asked(studio, "tests.trunk-hold.seconds tests.trunk-hold.stopped-by"),
    "fault": lambda studio: studio.post(
        "/take", [("asked", "safety.pain-level safety.daily-life"), ("at", "0"), ("a.safety.pain-level", "eleven"), ("go", "on")]
    ),
    "check": lambda studio: studio.post("/take", [*studio.person("healthy"), ("go", "stay")]),
    "lost": lambda studio: studio.post("/take", [("a.no-such-question", "yes"), ("asked", "safety.daily-life"), ("at", "0")]),
    "result": result("side-hip-pain"),
    "result-measured": result("sweeping-ache"),
    "result-nothing-found": result("healthy"),
    "result-spanish": result("side-hip-pain", language="es"),
    "result-german": result("side-hip-pain", language="de"),
    "emergency": result("emergency"),
    "withheld": lambda studio: studio.post("/result", [("a.tests.trunk-hold.seconds", "20"), ("a.back.onset", "gradual")]),
    "what-if": lambda studio: studio.post("/result/what-if", studio.person("side-hip-pain")),
    "kept": lambda studio: kept(studio),
    "check-in": lambda studio: studio.page.goto(f"{kept(studio)}/check-in"),
    "checked-in": checked_in,
    "compare": compared,
    "erase": lambda studio: studio.page.goto(f"{kept(studio)}/erase"),
    "erased": go("/my/erased"),
    "invited": welcomed,
    "invited-topic": lambda studio: invited_at(studio, "hips.sitting hips.stairs hips.side-pain back.onset back.sweeping-ache"),
    "invited-check": lambda studio: invited_at(studio, "", "emergency"),
    "sent": lambda studio: sent(studio, "side-hip-pain"),
    "sent-urgent": lambda studio: sent(studio, "emergency"),
    "withdrawn": withdrawn,
    "no-such-link": go("/my/nobody"),
    "intake": intake("sweeping-ache"),
    "intake-restricted": intake("after-birth"),
    "intake-emergency": intake("emergency"),
    "embedded": embedded,
    "docs": go("/docs"),
}
