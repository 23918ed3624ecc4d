"""What a person should mend in a base: files that do not parse, cards that contradict, personal data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kbtui.entry.model import Severity
from kbtui.entry.text import one_line
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

    def findings(self, *, with_confirmations: bool, since: str = "") -> list[Finding]:
        """Return what is to be mended, by path and line.

        Args:
            with_confirmations: name confirmations that no longer hold, too.
            since: a revision; only confirmations of entries that have changed since then are named.

        Raises:
            RefusedError: nothing can be compared with that revision.
        """
        reviewed = self._under_review(since) if with_confirmations and since else None
        scan = self._parts.files.scan()
        entries = [entry for entry, _ in self._freshness.read(scan.stamps)]
        found = [
            *findings(entries, scan.passed_over),
            *card_findings(entries, self._parts.team.roles, self._parts.now().date()),
            *(found for path in scan.stamps for found in self._private(path)),
            *self._private_events(),
            *(
                each
                for each in (outdated(entries) if with_confirmations else ())
                if reviewed is None or each.path in reviewed
            ),
        ]
        return sorted(found, key=lambda finding: (finding.path, finding.line))

    def _under_review(self, revision: str) -> frozenset[str]:
        found = self._parts.overview.under_review(revision)
        if found is None:
            raise RefusedError(
                f"There is no {one_line(revision)!r} in this clone to compare with.",
                "Name a branch or a commit; on a host, fetch the whole history first.",
            )
        return found

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
