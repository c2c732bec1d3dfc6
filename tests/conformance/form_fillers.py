"""Form fillers of other make in a real Chromium, and a person who fills in our questionnaire with them."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Locator, Page

from rules import Pack
from rules.answers import NOT_SURE

PAGES = Path(__file__).parent / "forms"
Resource = dict[str, Any]


@dataclass(frozen=True)
class Filler:
    """Its page, the element around a question, the buttons that turn the page and hand in, where it has any, and what it makes of our marks."""

    page: str
    question: str
    next_page: str
    hand_in: str
    helps: Literal["at-once", "by-button", "never"]
    knows_exclusive: bool


FILLERS = {
    "LHC-Forms": Filler("lforms.html", '[id^="item-{}/"]', "", "", "by-button", knows_exclusive=False),
    "Medplum": Filler(
        "medplum.html",
        '.mantine-InputWrapper-root:has(> label):has([id="{0}"], [id^="{0}-option-"])',
        "Next",
        "Submit",
        "never",
        knows_exclusive=True,
    ),
    "Smart Forms": Filler("smart.html", '[data-linkid="{}"]', "Next page", "", "at-once", knows_exclusive=False),
}


@contextmanager
def site() -> Iterator[str]:
    """The origin of the pages that hold them."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=PAGES)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@dataclass(frozen=True)
class Form:
    """A questionnaire on the screen; whoever fills it in sees words, and no codes."""

    filler: Filler
    page: Page
    pack: Pack

    def question(self, link_id: str) -> Locator:
        """What is around one question."""
        return self.page.locator(self.filler.question.format(link_id))

    def pages(self) -> Iterator[list[str]]:
        """One page after the other, with the questions that may stand on it; everything at once where there are no pages."""
        groups = [[item.link_id for item in group.items] for group in self.pack.groups]
        if not self.filler.next_page:
            groups = [[link_id for group in groups for link_id in group]]
        for turned, group in enumerate(groups):
            if turned:
                self._button(self.filler.next_page).click()
            yield group

    def turn_to(self, link_id: str) -> Locator:
        """A question, on whichever page it stands."""
        next(group for group in self.pages() if link_id in group)
        return self.question(link_id)

    def answer(self, link_id: str, answer: Any) -> None:
        """Click or type an answer, and look whether it was taken: Smart Forms takes a number after a pause, and then drops what came meanwhile."""
        if self.pack.items[link_id].unit:
            self.question(link_id).locator("input:not([readonly])").fill(str(answer))
        else:
            for code in answer if isinstance(answer, list) else [answer]:
                words = self.pack.label.not_sure if code == NOT_SURE else self.pack.option_text(link_id, code)
                self.question(link_id).get_by_text(words, exact=True).click()
        if not self.filler.hand_in:
            self.page.wait_for_function("link_id => JSON.stringify(response()).includes(JSON.stringify(link_id))", arg=link_id)

    def fill_in(self, answers: Mapping[str, Any]) -> None:
        """From the first page to the last."""
        for group in self.pages():
            for link_id in group:
                if link_id in answers:
                    self.answer(link_id, answers[link_id])

    def hand_in(self) -> bytes:
        """The response, to the byte as the form would send it."""
        if self.filler.hand_in:
            while self._button(self.filler.next_page).is_visible():
                self._button(self.filler.next_page).click()
            self._button(self.filler.hand_in).click()
        response: str = self.page.evaluate("JSON.stringify(response())")
        return response.encode()

    def _button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)


@contextmanager
def opened(filler: Filler, page: Page, questionnaire: Resource, pack: Pack) -> Iterator[Form]:
    """The form with our questionnaire in it. It may ask nobody else for anything, and nothing may go wrong on its console."""
    complaints: list[str] = []
    page.on("request", lambda request: None if request.url.startswith(("http://127.0.0.1:", "data:")) else complaints.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(filler.page)
    page.wait_for_function("window.show !== undefined")
    page.evaluate("questionnaire => { show(JSON.parse(questionnaire)); }", json.dumps(questionnaire))
    page.locator(filler.question.format(next(iter(pack.items)))).wait_for()
    yield Form(filler, page, pack)
    assert complaints == []
