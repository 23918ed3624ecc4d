"""Bars of text: a number as a length, beside the number itself, so that no colour is needed. Pure."""

from __future__ import annotations

_FULL = "█"
_EIGHTHS = " ▏▎▍▌▋▊▉"


def bar(number: int, most: int, width: int) -> str:
    """Return a bar of `number`, as wide as its share of `most`; one that is not nothing is never empty.

    Args:
        width: characters of a bar of `most`.
    """
    if number <= 0 or most <= 0 or width <= 0:
        return ""
    eighths = max(1, round(min(number / most, 1.0) * width * 8))
    rest = _EIGHTHS[eighths % 8]
    return _FULL * (eighths // 8) + rest.strip()
