"""Somebody who is invited, in a real browser: on a phone from the link to the sent result, and in a frame on the web site of the clinic that asked."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FrameLocator, Page, ViewportSize, expect

from rules import Pack
from service.app import create_app
from service.settings import Settings
from tests.browser.conftest import running
from tests.browser.hosting import EXAMPLE, hosting
from tests.browser.inviting import NAME, Invitation, clinic, invite, state, withdraw
from tests.browser.test_embed import LISTENING, take
from tests.browser.test_take import RULES, answer, nothing_to_tell, press
from tests.service.clinic_world import operated

pytestmark = [pytest.mark.browser, pytest.mark.slow]
KNOWN = {"safety.injury": "none", "back.onset": "gradual"}
SEND = f"Send to {NAME} and show my result"


@pytest.fixture
def viewport() -> ViewportSize:
    """A phone."""
    return {"width": 390, "height": 844}


@pytest.fixture
def invitation(page: Page) -> Invitation:
    """Somebody is asked by a clinic that knows two things of them."""
    return invite(page.request, clinic(page.request), answers=KNOWN)


def well_made(page: Page) -> None:
    """No sideways scrolling, and nothing that axe complains of, light or dark."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="light" if scheme == "light" else "dark", reduced_motion="reduce")
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == [], (scheme, page.url)


def begin(page: Page, invitation: Invitation) -> None:
    """They agree."""
    page.goto(invitation.path)
    page.get_by_role("button", name="I agree, start").click()
    expect(page.locator("#take")).to_be_attached()


def to_the_end(page: Page, pack: Pack) -> None:
    """Page by page, until the answers are checked."""
    for _ in range(60):
        expect(page.locator(".inviter")).to_contain_text(NAME)
        if page.locator("h1").inner_text() == "Check your answers":
            return
        nothing_to_tell(page, pack)
        press(page)


def test_a_whole_invited_assessment_on_a_phone(page: Page, pack: Pack, invitation: Invitation) -> None:
    page.goto(invitation.path)
    well_made(page)
    begin(page, invitation)
    well_made(page)
    assert state(page.request, invitation)["started_at"]
    to_the_end(page, pack)
    well_made(page)
    assert state(page.request, invitation)["intakes"] == []
    page.get_by_role("button", name=SEND).first.click()
    page.wait_for_url("**/my/*")
    expect(page.locator(".keeping .title")).to_contain_text(f"Sent to {NAME}")
    well_made(page)
    assert page.evaluate("sessionStorage.length") == 0
    assert [one["name"] for one in page.context.cookies()] == []
    seen = state(page.request, invitation)
    assert (seen["state"], len(seen["intakes"])) == ("used", 1)
    again = page.request.get(invitation.path)
    assert (again.status, "This invitation has been used" in again.text()) == (410, True)


@pytest.fixture
def complaining(browser: Browser, address: str) -> Iterator[Page]:
    """A page on which the browser may complain of an answer that is no 200."""
    page = browser.new_page(base_url=address, viewport={"width": 390, "height": 844})
    yield page
    page.close()


def test_an_urgent_answer_goes_at_once_and_once(complaining: Page) -> None:
    one = invite(complaining.request, clinic(complaining.request))
    begin(complaining, one)
    answer(complaining, "safety.below-waist", "some")
    press(complaining)
    answer(complaining, "safety.saddle-numbness", "yes")
    complaining.get_by_role("button", name="Continue").click()
    complaining.wait_for_url("**/my/*")
    expect(complaining.locator("#now")).to_be_visible()
    expect(complaining.locator(".clinic")).to_contain_text("Do not wait for us")
    well_made(complaining)
    assert len(state(complaining.request, one)["intakes"]) == 1


def test_a_reload_loses_nothing_that_was_told_and_what_was_known_does_not_come_back(page: Page, pack: Pack, invitation: Invitation) -> None:
    begin(page, invitation)
    nothing_to_tell(page, pack)
    press(page)
    expect(page.locator("h1")).to_have_text("Injuries, bones and medicines")
    expect(page.locator('input[name="a.safety.injury"][value="none"]')).to_be_checked()
    page.locator('input[name="a.safety.injury"][value="not-sure"]').check()
    page.reload()
    expect(page.locator('input[name="a.safety.injury"][value="not-sure"]')).to_be_checked()
    page.goto(invitation.path)
    well_made(page)
    page.get_by_role("button", name="Go on where you were").click()
    expect(page.locator('input[name="a.safety.injury"][value="not-sure"]')).to_be_checked()


def test_what_was_begun_without_an_invitation_is_not_sent_with_one(page: Page, pack: Pack, invitation: Invitation) -> None:
    page.goto("/take")
    nothing_to_tell(page, pack)
    press(page)
    begin(page, invitation)
    expect(page.locator("#resume")).to_be_hidden()
    page.goto("/take")
    expect(page.locator("#resume")).to_be_visible()


def test_who_is_turned_away_on_the_way_goes_on_without_sending(complaining: Page, pack: Pack) -> None:
    one = invite(complaining.request, clinic(complaining.request))
    begin(complaining, one)
    nothing_to_tell(complaining, pack)
    withdraw(complaining.request, one)
    complaining.get_by_role("button", name="Continue").click()
    expect(complaining.locator("h1")).to_have_text("This invitation was taken back")
    well_made(complaining)
    complaining.get_by_role("button", name="Go on without sending").click()
    complaining.wait_for_url("**/take")
    expect(complaining.locator('input[name="a.safety.below-waist"]')).to_have_value("none")
    expect(complaining.locator(".inviter")).to_have_count(0)


@dataclass(frozen=True)
class Sites:
    """The service, a site that a clinic has named, and one that it has not; each shows the clinic's invitation."""

    service: str
    friend: str
    stranger: str
    invitation: Invitation


@pytest.fixture(scope="module")
def sites(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    """All three running; the service itself lets nobody embed."""
    folder = tmp_path_factory.mktemp("site")
    copytree(EXAMPLE, folder, dirs_exist_ok=True)
    with ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        service = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings = operated(Settings(database_url=f"sqlite:///{folder / 'kept.db'}"), folder)
        stack.enter_context(running(create_app(settings), listening))
        friend, stranger = (stack.enter_context(hosting(folder, service)) for _ in range(2))
        context = browser.new_context(base_url=service)
        practice = clinic(context.request, embed_origins=[friend])
        invitation = invite(context.request, practice, language="en", reusable=True)
        german = invite(context.request, practice, language="de")
        context.close()
        _place(folder / "index.html", invitation)
        _place(folder / "german.html", german)
        yield Sites(service, friend, stranger, invitation)


def _place(page: Path, invitation: Invitation) -> None:
    """The line that the service gives for a page of the clinic's."""
    line = f'<script src="http://127.0.0.1:8000/embed.js" data-invitation="{invitation.token}" async></script>'
    page.write_text(f'<!doctype html><html lang="fr"><title>Clinic</title><h1>Clinic</h1>{line}</html>', encoding="utf-8")


def embedded(browser: Browser, address: str) -> tuple[Page, FrameLocator]:
    """Somebody who reads a page of the clinic's."""
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.add_init_script(LISTENING)
    page.goto(address)
    return page, page.frame_locator("iframe")


def test_in_a_page_of_the_clinic_it_is_taken_and_sent_and_the_page_hears_its_id(browser: Browser, sites: Sites) -> None:
    page, frame = embedded(browser, sites.friend)
    frame.get_by_role("button", name="I agree, start").click()
    take(frame, SEND)
    expect(frame.locator(".keeping .title")).to_contain_text(f"Sent to {NAME}")
    for _ in range(100):
        heard = page.evaluate("window.heard")
        if any(name == "completed" for name, _ in heard):
            break
        page.wait_for_timeout(50)
    key = page.frames[1].url.rpartition("/")[2]
    assert [detail for name, detail in heard if name == "completed"] == [{"id": key.partition(".")[0]}]
    assert [name for name, _ in heard if name == "started"] == ["started"]
    assert key.partition(".")[2] not in repr(page.evaluate("window.messages"))
    assert page.context.cookies() == []
    page.close()


def test_a_site_that_the_clinic_did_not_name_gets_a_link_and_no_frame(browser: Browser, sites: Sites) -> None:
    page, _ = embedded(browser, sites.stranger)
    link = page.get_by_role("link", name="Muscle balance")
    expect(link).to_have_attribute("href", f"{sites.service}{sites.invitation.path}", timeout=15_000)
    expect(page.locator("iframe")).to_have_count(0)
    assert page.evaluate("window.heard") == []
    page.close()


def test_in_a_frame_the_invitations_language_wins_over_that_of_the_page_around_it(browser: Browser, sites: Sites) -> None:
    page, frame = embedded(browser, f"{sites.friend}/german.html")
    expect(frame.locator("html")).to_have_attribute("lang", "de")
    page.close()
