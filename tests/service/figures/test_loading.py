"""What authors mistype is refused, with file, line and key."""

from pathlib import Path

import pytest

from rules import Pack, PackRefused
from service.figures.loading import Figures, load_figures
from tests.planting import Plant, copy_of_seeds

DOG = "figures/exercises/strengthen.yaml"
PLANTS = {
    "a joint bent too far": Plant(DOG, "right-hip: -10", "right-hip: -80", "end.angles.right-hip", "-30 to 135", "  bird-dog:"),
    "no joint": Plant(DOG, "right-hip: -10", "right-hipp: -10", "end.angles.right-hipp", "no joint", "  bird-dog:"),
    "no pose": Plant(DOG, "from: hands-and-knees", "from: hands-and-feet", "start.from", "no pose", "  bird-dog:"),
    "no part": Plant(DOG, "left-hand, right-knee", "hand, right-knee", "end.lifts", "no part", "  bird-dog:"),
    "no muscle": Plant(DOG, "right-gluteus-maximus", "right-gluteus", "muscles.worked", "no muscle", "  bird-dog:"),
    "no exercise": Plant(DOG, "  bird-dog:", "  bird-dogs:", "bird-dogs", "picture of nothing"),
    "an unknown key": Plant(DOG, "muscles:", "muscle:", "bird-dog.muscle", "Extra inputs", "  bird-dog:"),
    "no surface": Plant(
        "figures/exercises/stretch.yaml", "right-hand: wall", "right-hand: walls", "rests.right-hand", "neither", "  wall-calf:"
    ),
}


@pytest.mark.parametrize("plant", PLANTS.values(), ids=PLANTS.keys())
def test_a_mistake_is_refused_where_it_stands(plant: Plant, pack: Pack, tmp_path: Path) -> None:
    seeds = copy_of_seeds(tmp_path)
    line = plant.place(seeds)
    with pytest.raises(PackRefused) as refused:
        load_figures(seeds, pack)
    assert [str(fault) for fault in refused.value.faults if not plant.is_named_by(fault, line)] == []


def test_a_pack_without_figures_has_no_pictures(pack: Pack, tmp_path: Path) -> None:
    assert load_figures(tmp_path, pack) == Figures()


def test_every_muscle_of_the_pack_lies_on_the_body(pack: Pack, figures: Figures) -> None:
    assert figures.body is not None
    assert set(figures.body.muscles) == set(pack.muscles)
