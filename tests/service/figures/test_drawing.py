"""Every picture of the pack: nothing strained, floating or sunk, small enough to send, and the same bytes each time."""

import gzip
from functools import cache
from itertools import pairwise
from time import process_time
from xml.etree import ElementTree as ET

import pytest

from rules import load_pack
from rules.content import SEEDS
from service.figures.checking import amiss
from service.figures.composing import compose, movement
from service.figures.gallery import Gallery, Wanted
from service.figures.inking import Ink
from service.figures.loading import load_figures
from service.figures.placing import Placed, balls
from service.figures.shapes import Body, Picture
from service.figures.vectors import length, subtract

PACK = load_pack()
FIGURES = load_figures(SEEDS, PACK)
assert FIGURES.body is not None
BODY: Body = FIGURES.body
GALLERY = Gallery(PACK, FIGURES)
NAME_OF = {test.id: test.name for test in PACK.tests.values()}
WANTED = [Wanted("exercise", name) for name in FIGURES.exercises] + [Wanted("self-test", NAME_OF[one]) for one in FIGURES.self_tests]
SVG = "{http://www.w3.org/2000/svg}"
STILL, ANIMATED = 4_000, 6_144
TYPICALLY = 0.03  # seconds; it takes a third of that on one core of 2026
STEP = 0.6  # metres; more between two moments is a jump


@pytest.fixture(params=WANTED, ids=lambda wanted: wanted.name)
def wanted(request: pytest.FixtureRequest) -> Wanted:
    """Each picture."""
    found: Wanted = request.param
    return found


@pytest.fixture
def picture(wanted: Wanted) -> Picture:
    """As its author wrote it."""
    return written(wanted)


def written(wanted: Wanted) -> Picture:
    """A picture as its author wrote it."""
    return GALLERY.pictures(wanted.kind)[GALLERY.key(wanted)]


@cache
def moments(wanted: Wanted) -> list[Placed]:
    """The body at every moment."""
    return movement(BODY, FIGURES.poses, written(wanted))


@cache
def layers(wanted: Wanted) -> list[list[Ink]]:
    """What is drawn at every moment."""
    return compose(BODY, FIGURES.poses, written(wanted)).moments


def drawn(wanted: Wanted, **different: str) -> bytes:
    """The bytes of a picture."""
    found = GALLERY.picture(Wanted(**{**vars(wanted), **different}))
    assert found is not None
    return found.body


def test_nothing_is_amiss(picture: Picture) -> None:
    assert list(amiss(BODY, FIGURES.poses, picture)) == []


def test_bones_keep_their_length_all_the_way(wanted: Wanted) -> None:
    for moment in moments(wanted):
        for limbs, upper, lower in ((moment.figure.legs, "thigh", "shank"), (moment.figure.arms, "upper-arm", "forearm")):
            for limb in limbs.values():
                assert length(subtract(limb.top, limb.middle)) == pytest.approx(BODY.lengths[upper])
                assert length(subtract(limb.middle, limb.end)) == pytest.approx(BODY.lengths[lower])


def test_nothing_jumps(wanted: Wanted) -> None:
    for one, two in pairwise(moments(wanted)):
        for part in ("right-hand", "left-hand", "right-foot", "left-foot", "right-knee", "left-knee", "right-elbow", "left-elbow", "head"):
            assert length(subtract(balls(one.figure, part)[0][0], balls(two.figure, part)[0][0])) < STEP, part


def test_every_moment_has_the_same_layers_in_the_same_order(wanted: Wanted) -> None:
    commands = [[(ink.name, "".join(sign for sign in ink.path if sign.isalpha())) for ink in moment] for moment in layers(wanted)]
    assert all(one == commands[0] for one in commands)


def test_it_is_small_enough_to_send(wanted: Wanted) -> None:
    assert len(gzip.compress(drawn(wanted, motion="still"))) <= STILL
    assert len(gzip.compress(drawn(wanted))) <= ANIMATED


def test_it_is_the_same_bytes_each_time(wanted: Wanted) -> None:
    again = Gallery(PACK, FIGURES).picture(wanted)
    assert again is not None
    assert again.body == drawn(wanted)


def test_it_says_what_it_shows_and_needs_no_script_and_no_style(wanted: Wanted) -> None:
    tree = ET.fromstring(drawn(wanted))  # noqa: S314 - our own drawing
    labels = (tree.get("aria-labelledby") or "").split()
    subject = GALLERY.subject(wanted)
    assert subject is not None
    assert [tree.find(f"{SVG}{tag}[@id='{label}']") is not None for tag, label in zip(("title", "desc"), labels, strict=True)] == [
        True,
        True,
    ]
    assert (tree.findtext(f"{SVG}title") or "").startswith(subject.title)
    assert tree.findtext(f"{SVG}desc") == subject.told
    assert not [one.tag for one in tree.iter() if one.tag in (f"{SVG}script", f"{SVG}style", f"{SVG}image") or one.get("style")]


def test_all_of_it_is_on_the_card(wanted: Wanted) -> None:
    for moment in layers(wanted):
        for ink in moment:
            starts = [
                part.replace("a", " ").replace("s", " ").replace("l", " ").replace("L", " ").split()[:2] for part in ink.path.split("M")[1:]
            ]
            assert all(-20 <= float(x) <= 660 and -20 <= float(y) <= 500 for x, y in (_pair(start) for start in starts)), ink.name


def _pair(written: list[str]) -> tuple[str, str]:
    return written[0], written[1]


def test_a_picture_is_drawn_in_a_moment() -> None:
    taken = []
    for picture in FIGURES.exercises.values():
        begun = process_time()
        compose(BODY, FIGURES.poses, picture)
        taken.append(process_time() - begun)
    assert sorted(taken)[len(taken) // 2] < TYPICALLY
