"""Pictures of every main page, narrow and wide, light and dark: `python -m tests.browser.screenshots --out DIR [--only NAME]`."""

import argparse
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from service.app import create_app
from service.settings import Settings
from tests.browser.conftest import ARGUMENTS, chromium, running
from tests.browser.hosting import EXAMPLE, hosting
from tests.browser.states import STATES, Studio
from tests.service.clinic_world import operated

WIDTHS = (390, 1200)
EAGER = """() => Promise.all([...document.images].map(one => {
    one.loading = "eager";
    return one.decode().catch(() => null);
}))"""


@contextmanager
def open_studio() -> Iterator[Studio]:
    """The real app on a free port, a site that may embed it, and a browser."""
    with ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        host = stack.enter_context(hosting(EXAMPLE, address))
        folder = Path(stack.enter_context(TemporaryDirectory()))
        app = create_app(operated(Settings(database_url=f"sqlite:///{folder}/kept.db", embed_origins=host), folder))
        stack.enter_context(running(app, listening))
        browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        context = browser.new_context(base_url=address, reduced_motion="reduce", locale="en-GB")
        yield Studio(context.new_page(), app, host)
        browser.close()


def photograph(studio: Studio, name: str, out: Path) -> list[str]:
    """Four pictures of one state; their names."""
    STATES[name](studio)
    studio.page.evaluate(EAGER)
    names = []
    for width in WIDTHS:
        studio.page.set_viewport_size({"width": width, "height": 844})
        if studio.page.frames[1:]:  # what lies outside the window is not painted in a frame on another site
            studio.page.wait_for_timeout(500)
            tall: int = studio.page.evaluate("document.documentElement.scrollHeight")
            studio.page.set_viewport_size({"width": width, "height": tall})
        for scheme in ("light", "dark"):
            studio.page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
            studio.page.wait_for_timeout(150)
            names.append(f"{name}-{width}-{scheme}.png")
            studio.page.screenshot(path=out / names[-1], full_page=True)
    studio.page.context.clear_cookies()
    return names


def main() -> None:
    """Photograph, and write a page that shows all of it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--only", nargs="*", choices=STATES, default=[*STATES])
    chosen = arguments.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    with open_studio() as studio:
        pictures = {name: photograph(studio, name, chosen.out) for name in chosen.only}
    rows = "".join(
        f"<h2>{escape(name)}</h2>" + "".join(f'<img src="{one}" alt="{one}" height="600"> ' for one in names)
        for name, names in pictures.items()
    )
    (chosen.out / "index.html").write_text(f"<!doctype html><meta charset=utf-8><title>Every page</title>{rows}", encoding="utf-8")


if __name__ == "__main__":
    main()
