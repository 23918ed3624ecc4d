"""Personal data in files that were written past the tool: with plain git, or before there was a guard (F18)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kbtui.entry import event, guard
from kbtui.entry.alarm import Alarm, Verdict
from kbtui.entry.guard_rules import GuardRules
from kbtui.entry.model import Severity
from kbtui.team.checks import Finding

_SEVERITIES = {Verdict.REFUSED: Severity.ERROR, Verdict.WARNED: Severity.NOTE}


def private_in(path: str, data: bytes, rules: GuardRules) -> list[Finding]:
    """Return the personal data in a file, by line: card numbers as errors, everything else as notes."""
    text = data.decode("utf-8", "replace")
    return [
        Finding(path, each.line(text), f"looks like {each.words}", _SEVERITIES[each.verdict])
        for each in guard.alarms(text, rules)
    ]


def private_in_events(path: str, lines: Iterable[tuple[int, bytes]], rules: GuardRules) -> list[Finding]:
    """Return the personal data in the lines of an event file, each with its number in the file.

    The words of a person are looked at like those of an entry; the rest of a line, which
    holds the name and the address of who did it, for card numbers only.
    """
    return [
        Finding(path, number, f"looks like {each.words}", _SEVERITIES[each.verdict])
        for number, line in lines
        for each in _in_line(line, rules)
    ]


def _in_line(line: bytes, rules: GuardRules) -> Iterator[Alarm]:
    words, others = event.texts(line)
    yield from guard.alarms(words, rules) if words else ()
    for text in others:
        yield from guard.card_numbers(text, rules)
