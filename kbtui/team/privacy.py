"""Personal data in files that were written past the tool: with plain git, or before there was a guard (F18)."""

from __future__ import annotations

from kbtui.entry import guard
from kbtui.entry.alarm import Verdict
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
