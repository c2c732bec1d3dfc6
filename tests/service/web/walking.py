"""Somebody who takes the assessment without script: reads the form that came, fills it in, presses a button."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from httpx2 import Response
from starlette.testclient import TestClient

CHOSEN = {"radio": "checked", "checkbox": "checked"}


@dataclass
class Form(HTMLParser):
    """What a page would send if nobody touched it, what there is to choose, and the buttons."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element of the page."""
        given = dict(attrs)
        name, value, kind = given.get("name") or "", given.get("value") or "", given.get("type") or "text"
        if tag == "button":
            self.buttons.append(value or given.get("formaction") or "")
        if tag != "input" or not name:
            return
        if kind in CHOSEN:
            self.choices.setdefault(name, []).append(value)
        elif kind == "text":
            self.texts.append(name)
        if kind not in CHOSEN or CHOSEN[kind] in given:
            self.fields.setdefault(name, []).append(value)


@dataclass
class Walker:
    """Where they are: the last page and its form."""

    client: TestClient
    response: Response = field(init=False)
    form: Form = field(init=False)

    def __post_init__(self) -> None:
        self.arrive(self.client.get("/take"))

    def arrive(self, response: Response) -> Response:
        """Read the page."""
        self.response, self.form = response, Form()
        self.form.feed(response.text)
        return response

    @property
    def asked(self) -> list[str]:
        """The link_ids on the page, in the order they are asked."""
        shown = [name for name in (*self.form.choices, *self.form.texts) if name.partition(".")[0] in ("a", "in")]
        return list(dict.fromkeys(name.partition(".")[2] for name in shown))

    def press(self, go: str, answers: Mapping[str, str | Sequence[str]] | None = None) -> Response:
        """Answer some questions of the page and press a button. Names are as in the form."""
        changed = {name: [value] if isinstance(value, str) else list(value) for name, value in (answers or {}).items()}
        return self.arrive(self.client.post("/take", data={**self.form.fields, **changed, "go": go}))
