"""What a person should mend in a base: files that do not parse, cards that contradict, personal data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kbtui.entry.model import Severity
from kbtui.errors import RefusedError
from kbtui.team.card_checks import card_findings
from kbtui.team.checks import Finding, findings, outdated
from kbtui.team.privacy import private_in, private_in_events

if TYPE_CHECKING:
    from kbtui.freshness import Freshness
    from kbtui.parts import Parts


class Checking:
    """Looks at every entry and every event.

    Args:
        parts: the library's parts.
        freshness: reads entries, skipping what cannot be read.
    """

    def __init__(self, parts: Parts, freshness: Freshness) -> None:
        self._parts = parts
        self._freshness = freshness

    def findings(self, *, with_confirmations: bool) -> list[Finding]:
        """Return what is to be mended, by path and line.

        Args:
            with_confirmations: name confirmations that no longer hold, too.
        """
        scan = self._parts.files.scan()
        entries = [entry for entry, _ in self._freshness.read(scan.stamps)]
        found = [
            *findings(entries, scan.passed_over),
            *card_findings(entries, self._parts.team.roles, self._parts.now().date()),
            *(found for path in scan.stamps for found in self._private(path)),
            *self._private_events(),
            *(outdated(entries) if with_confirmations else ()),
        ]
        return sorted(found, key=lambda finding: (finding.path, finding.line))

    def _private(self, path: str) -> list[Finding]:
        return private_in(path, self._parts.files.read_if_there(path) or b"", self._parts.team.guard)

    def _private_events(self) -> Iterator[Finding]:
        files = self._parts.event_files
        for path in files.stamps():
            try:
                lines = files.read(path).split(b"\n")
            except RefusedError as error:
                yield Finding(path, 1, error.message, Severity.NOTE)
            else:
                yield from private_in_events(path, enumerate(lines, 1), self._parts.team.guard)
