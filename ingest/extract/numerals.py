"""Writes a count as lists and notes print it: in digits, letters or Roman numerals."""

from __future__ import annotations

from collections.abc import Iterator

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x")),
    *((9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def numeral(count: int, style: str) -> str:
    """The count in the style that "1", "a", "A", "i" or "I" stands for; in digits where the style has none for it."""
    if style in ("a", "A") and 1 <= count <= 26 * 5:
        # After z both Word and browsers go on; Word with aa, bb, which no other count reaches.
        return chr(ord(style) + (count - 1) % 26) * ((count - 1) // 26 + 1)
    if style in ("i", "I") and 1 <= count < 4000:
        roman = "".join(_roman_digits(count))
        return roman if style == "i" else roman.upper()
    return str(count)


def _roman_digits(count: int) -> Iterator[str]:
    for value, digits in _ROMAN:
        while count >= value:
            yield digits
            count -= value
