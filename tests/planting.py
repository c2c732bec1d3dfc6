"""Plants faults into a copy of the seeds by editing its text, and hears how the loader refuses it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from rules.content import SEEDS, Fault, Pack, PackRefused, load_pack


@dataclass(frozen=True)
class Plant:
    """Replace the first `old` after `after` by `new`. Expect `says` at `key` (its end, without numbers), on the line of `new` or of the `line` above."""

    file: str
    old: str
    new: str
    key: str
    says: str
    after: str = ""
    line: str = ""

    def place(self, seeds: Path) -> int:
        """Edit the file; the line where the fault is expected."""
        path = seeds / self.file
        text = path.read_text(encoding="utf-8")
        start = text.index(self.old, text.index(self.after))
        edited = text[:start] + self.new + text[start + len(self.old) :]
        path.write_text(edited, encoding="utf-8")
        expected = edited.rindex(self.line, 0, start + len(self.new)) if self.line else start
        return 1 + edited.count("\n", 0, expected)

    def is_named_by(self, fault: Fault, line: int) -> bool:
        """Whether the fault names file, line, key and what is wrong."""
        key = "".join(f".{part}" for part in fault.key.split(".") if not part.isdecimal())
        return (fault.file, fault.line) == (self.file, line) and key.endswith(f".{self.key}") and self.says in fault.message


def copy_of_seeds(to: Path) -> Path:
    """The seeds, copied to be changed."""
    return shutil.copytree(SEEDS, to / "seeds")


def refusal(seeds: Path) -> list[Fault]:
    """Every fault for which the loader refuses the seeds."""
    with pytest.raises(PackRefused) as refused:
        load_pack(seeds)
    return refused.value.faults


def changed_pack(to: Path, file: str, *edits: tuple[str, str]) -> Pack:
    """A pack that loads, but for a change."""
    seeds = copy_of_seeds(to)
    text = (seeds / file).read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    (seeds / file).write_text(text, encoding="utf-8")
    return load_pack(seeds)
