"""What a person should mend in the entries of a base: problems in files, broken links, doubled ids (F9)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from kbtui.entry.identity import id_in_name
from kbtui.entry.model import Entry, Severity, State


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: the file, its 1-based line, and what is wrong in plain words."""

    path: str
    line: int
    reason: str
    severity: Severity


def findings(entries: Sequence[Entry], passed_over: Sequence[tuple[str, str]]) -> list[Finding]:
    """Return everything to mend, by path and line.

    Args:
        entries: all entries of the base.
        passed_over: files that were not read, with the reason.
    """
    found = [Finding(path, 1, reason, Severity.NOTE) for path, reason in passed_over]
    found += [
        Finding(entry.path, problem.line, problem.reason, problem.severity)
        for entry in entries
        for problem in entry.problems
    ]
    found += _links_and_names(entries)
    return sorted(found, key=lambda finding: (finding.path, finding.line))


def _links_and_names(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Yield links and replacements that lead nowhere, and ids that two entries share (F9)."""
    paths = {entry.path for entry in entries}
    by_id: dict[str, list[str]] = {}
    for entry in entries:
        by_id.setdefault(entry.id, []).append(entry.path)
    for entry in entries:
        if by_id[entry.id][0] != entry.path:
            yield Finding(entry.path, 1, f"it has the same id as {by_id[entry.id][0]}", Severity.NOTE)
        yield from broken_links(entry, paths, by_id.keys())


def broken_links(entry: Entry, paths: Collection[str], ids: Collection[str]) -> Iterator[Finding]:
    """Yield what an entry names and the base has not (F9).

    Args:
        paths: of all entries; and `ids`, theirs. A link to an entry that was moved is found by the id in its name.
    """
    if entry.replaced_by and entry.replaced_by not in ids:
        yield Finding(entry.path, 1, f"it is replaced by {entry.replaced_by}, which is not there", Severity.NOTE)
    for link in entry.links:
        target = linked_path(entry.path, link.target)
        if target and target not in paths and id_in_name(target) not in ids:
            yield Finding(entry.path, link.line, f"the link to {link.target} leads nowhere", Severity.NOTE)


def outdated(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Yield the entries whose confirmation was of other words than they have now (F36)."""
    for entry in entries:
        approval = entry.approval
        if entry.declared is State.VALIDATED and approval is not None and not entry.approval_holds:
            reason = f"{approval.by} confirmed other words on {approval.on}; these are not validated any more"
            yield Finding(entry.path, 1, reason, Severity.NOTE)


def linked_path(path: str, target: str) -> str:
    """Return the path of the entry that a relative link in the entry at `path` means, or nothing."""
    bare = unquote(target.split("#", 1)[0].split("?", 1)[0])
    if not bare.endswith(".md") or "://" in bare or bare.startswith("/"):
        return ""
    return normpath(join(dirname(path), bare))
