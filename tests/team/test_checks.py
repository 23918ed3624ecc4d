"""What a person should mend: by file and line, and nothing that is in order."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from kbtui.entry.file_format import read
from kbtui.entry.model import Severity
from kbtui.team.checks import Finding, findings, linked_path
from tests.helpers import REFUND, opened, write_files
from tests.tui.entries import MORE


def _findings(files: dict[str, str]) -> list[Finding]:
    return findings([read(path, text.encode()) for path, text in files.items()], [])


def test_a_base_in_order_has_no_findings() -> None:
    assert (
        _findings({"a.md": "# A?\n\nSee [b](b/c.md#top) and [web](https://x.org/y.md).\n", "b/c.md": "# B?\n\nx\n"})
        == []
    )


def test_problems_are_named_by_file_and_line() -> None:
    found = _findings({"b.md": "---\nid: b\nnever closed\n", "a.md": "# A?\n\nx\n\n[b](gone.md)\n"})
    assert (found[0].path, found[0].line) == ("a.md", 5)
    assert found[0].severity is Severity.NOTE
    assert "gone.md" in found[0].reason
    assert [each.severity for each in found if each.path == "b.md"] == [Severity.ERROR]


def test_a_shared_id_and_a_replacement_that_is_not_there() -> None:
    found = _findings(
        {"a.md": "---\nid: same2222\n---\n# A?\n", "b.md": "---\nid: same2222\nreplaced_by: gone2222\n---\n# B?\n"}
    )
    reasons = " ".join(each.reason for each in found)
    assert {each.path for each in found} == {"b.md"}
    assert "same id as a.md" in reasons
    assert "gone2222" in reasons


def test_what_was_passed_over_is_a_note() -> None:
    assert findings([], [("x.md", "it is a link")]) == [Finding("x.md", 1, "it is a link", Severity.NOTE)]


@pytest.mark.parametrize(
    ("path", "target", "wanted"),
    [
        ("a/b.md", "c.md", "a/c.md"),
        ("a/b.md", "../c.md", "c.md"),
        ("a/b.md", "../x/c%20d.md#part", "x/c d.md"),
        ("a/b.md", "https://example.org/c.md", ""),
        ("a/b.md", "/c.md", ""),
        ("a/b.md", "picture.png", ""),
        ("a/b.md", "#part", ""),
        ("a.md", "c.md?plain=1", "c.md"),
    ],
)
def test_links_between_entries(path: str, target: str, wanted: str) -> None:
    assert linked_path(path, target) == wanted


def test_a_link_finds_an_entry_that_was_moved_by_the_id_its_name_ends_with(base: Path) -> None:
    """A lead moves files with plain git; every link to them, and from them, still leads there (F9)."""
    write_files(base, MORE)
    (base / "money").mkdir()
    (base / REFUND).rename(base / "money" / PurePosixPath(REFUND).name)
    with opened(base) as knowledge:
        assert [finding for finding in knowledge.check() if "leads nowhere" in finding.reason] == []
        knowledge.refresh()
        assert [card.id for card in knowledge.linked(knowledge.get("damage22"))] == ["refund22"]
