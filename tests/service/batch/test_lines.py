"""A stream of bytes becomes lines, wherever it is cut, and no line grows without end."""

from hypothesis import given
from hypothesis import strategies as st

from service.batch.lines import Cutter


def cut(pieces: list[bytes], longest: int = 5) -> list[bytes | None]:
    """Everything a cutter makes of these pieces."""
    cutter = Cutter(longest)
    return [*(line for piece in pieces for line in cutter.take(piece)), *cutter.last()]


@given(st.lists(st.binary(max_size=12).map(lambda drawn: drawn.replace(b"a", b"\n"))), st.integers(1, 6))
def test_where_the_stream_is_cut_makes_no_difference(pieces: list[bytes], longest: int) -> None:
    assert cut(pieces, longest) == cut([b"".join(pieces)], longest)


def test_five_bytes_are_a_line_and_six_are_too_long() -> None:
    assert cut([b"12345\n123456\n12345"]) == [b"12345", None, b"12345"]
    assert cut([b"123456"]) == [None]


def test_either_end_of_a_line_will_do_and_blank_lines_are_lines() -> None:
    assert cut([b"a\r\n\n\r\nb\n"]) == [b"a", b"", b"", b"b"]


def test_a_line_without_end_is_not_kept() -> None:
    cutter = Cutter(100)
    for _ in range(1000):
        assert cutter.take(b"x" * 90) == []
    assert len(cutter._begun) <= 100
    assert cutter.take(b"\nnext\n") == [None, b"next"]
