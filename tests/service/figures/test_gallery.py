"""The gallery: one picture for each side and motion, drawn once; and the page that shows all."""

from pathlib import Path

from rules import Pack
from service.figures.contact_sheet import complaints, subjects, write_sheet
from service.figures.gallery import Gallery, Wanted
from service.figures.loading import Figures


def text(gallery: Gallery, wanted: Wanted) -> str:
    """A picture's SVG."""
    found = gallery.picture(wanted)
    assert found is not None
    return found.body.decode()


def test_the_left_picture_is_the_mirror_image_of_the_right_one(gallery: Gallery) -> None:
    right = text(gallery, Wanted("exercise", "bird-dog", "right"))
    left = text(gallery, Wanted("exercise", "bird-dog", "left"))
    assert "(Right)</title>" in right
    assert "(Left)</title>" in left
    unmirrored = left.replace('<g transform="matrix(-1 0 0 1 640 0)">', "").replace("</g></g>", "</g>")
    assert unmirrored.replace("bird-dog-l", "bird-dog-r").replace("(Left)", "(Right)") == right


def test_what_uses_both_sides_looks_the_same_for_either(gallery: Gallery) -> None:
    left = text(gallery, Wanted("exercise", "bridge", "left"))
    assert left.replace("bridge-l", "bridge-r") == text(gallery, Wanted("exercise", "bridge", "right"))


def test_the_moving_picture_moves_without_end_and_the_still_one_shows_where_it_began(gallery: Gallery) -> None:
    moving, still = (text(gallery, Wanted("exercise", "bird-dog", motion=motion)) for motion in ("animated", "still"))
    assert 'repeatCount="indefinite"' in moving
    assert "<animate" not in still
    assert still.count("<path") > moving.count("<path")


def test_a_picture_may_stand_on_nothing(gallery: Gallery) -> None:
    bare = text(gallery, Wanted("exercise", "bird-dog", background="none"))
    assert "<rect" not in bare
    assert "<ellipse" not in bare


def test_a_picture_is_drawn_once(gallery: Gallery) -> None:
    wanted = Wanted("self-test", "thomas")
    assert gallery.picture(wanted) is gallery.picture(wanted)


def test_two_pictures_on_a_page_share_no_id(gallery: Gallery) -> None:
    ids = [
        part.split('"')[0]
        for name in ("bird-dog", "bridge")
        for part in text(gallery, Wanted("exercise", name, motion="still")).split('id="')[1:]
    ]
    assert len(ids) == len(set(ids)) > 4


def test_what_is_not_in_the_pack_has_no_picture(gallery: Gallery) -> None:
    assert gallery.picture(Wanted("exercise", "cartwheel")) is None
    assert gallery.picture(Wanted("self-test", "bird-dog")) is None


def test_the_sheet_shows_every_picture_with_its_id_and_name(gallery: Gallery, tmp_path: Path) -> None:
    count = write_sheet(gallery, tmp_path / "sheet")
    page = (tmp_path / "sheet" / "index.html").read_text(encoding="utf-8")
    assert count == len(gallery.figures.exercises) + len(gallery.figures.self_tests)
    assert "<b>T01</b> Hanging leg at the edge of a bed" in page
    assert len(list((tmp_path / "sheet").glob("*.svg"))) == count


def test_what_has_no_picture_is_told(pack: Pack, figures: Figures) -> None:
    bare = Gallery(pack, Figures(figures.body, figures.poses))
    told = list(complaints(bare))
    assert len(told) == len(list(subjects(bare))) == len(pack.exercises) + len(pack.tests)
    assert "bird-dog: has no picture" in told


def test_every_exercise_and_every_self_test_has_a_picture(gallery: Gallery) -> None:
    assert set(gallery.figures.exercises) == set(gallery.pack.exercises)
    assert set(gallery.figures.self_tests) == {test.id for test in gallery.pack.tests.values()}
