"""Cuts a stream of bytes into lines, whatever its pieces are; a line that is too long is dropped while it comes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field


@dataclass
class Cutter:
    """Takes pieces, gives whole lines. Never holds more than `longest` bytes and one piece."""

    longest: int
    _begun: bytearray = field(default_factory=bytearray)
    _dropping: bool = False

    def take(self, piece: bytes) -> list[bytes | None]:
        """The lines that end in this piece, without their ends; None for one that was too long."""
        *ended, rest = piece.split(b"\n")
        lines = [self._end(part) for part in ended]
        self._go_on(rest)
        return lines

    def last(self) -> list[bytes | None]:
        """What came after the last end of a line."""
        return [self._end(b"")] if self._begun or self._dropping else []

    def _end(self, part: bytes) -> bytes | None:
        self._go_on(part)
        line = None if self._dropping else bytes(self._begun).removesuffix(b"\r")
        self._begun.clear()
        self._dropping = False
        return line

    def _go_on(self, part: bytes) -> None:
        if self._dropping or len(self._begun) + len(part) > self.longest:
            self._dropping = True
            self._begun.clear()
        else:
            self._begun += part


async def numbered_lines(pieces: AsyncIterator[bytes], longest: int) -> AsyncIterator[tuple[int, bytes | None]]:
    """Each line with its number, counted from 1; blank ones too."""
    cutter = Cutter(longest)
    number = 0
    async for piece in pieces:
        for line in cutter.take(piece):
            number += 1
            yield number, line
    for line in cutter.last():
        yield number + 1, line
