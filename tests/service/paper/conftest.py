"""What the tests of the paper share: somebody's sheet."""

import json
from datetime import date
from gettext import NullTranslations

import pytest

from rules import Pack, evaluate
from rules.content import SEEDS
from service.figures.body_map_data import Body, load_body
from service.figures.gallery import Gallery, Wanted
from service.figures.loading import load_figures
from service.paper.sheet import Paper
from service.reader import Reader
from tests.service.asking import Answers

DAY = date(2026, 11, 23)
LINK = f"https://balance.example/my/{'aB3_' * 5}xy.{'kQ9-' * 10}abc"


@pytest.fixture(scope="session")
def body(pack: Pack) -> Body:
    """The drawing of the body."""
    return load_body(SEEDS, pack)


@pytest.fixture(scope="session")
def pictures(pack: Pack) -> dict[str, str]:
    """The exercises as the sheet shows them."""
    gallery = Gallery(pack, load_figures(SEEDS, pack))
    wanted = {one: gallery.picture(Wanted("exercise", one, "right", "still", "none")) for one in pack.exercises}
    return {one: drawn.body.decode() for one, drawn in wanted.items() if drawn}


@pytest.fixture(scope="session")
def paper(pack: Pack, body: Body, pictures: dict[str, str], answers: Answers) -> Paper:
    """Somebody with findings and a plan."""
    reader = Reader(pack, NullTranslations())
    return Paper(json.loads(json.dumps(evaluate(pack, answers))), reader, body, DAY, DAY, LINK, pictures)
