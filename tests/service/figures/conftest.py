"""What the tests of the figures share: the drawn body, the shipped poses and pictures, and all that is drawn of them."""

import pytest

from rules import Pack
from rules.content import SEEDS
from service.figures.gallery import Gallery
from service.figures.loading import Figures, load_figures
from service.figures.shapes import Body


@pytest.fixture(scope="session")
def figures(pack: Pack) -> Figures:
    """Everything in seeds/figures."""
    return load_figures(SEEDS, pack)


@pytest.fixture(scope="session")
def body(figures: Figures) -> Body:
    """The drawn person."""
    assert figures.body is not None
    return figures.body


@pytest.fixture(scope="session")
def gallery(pack: Pack, figures: Figures) -> Gallery:
    """Every picture of the shipped pack."""
    return Gallery(pack, figures)
