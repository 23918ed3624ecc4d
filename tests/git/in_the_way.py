"""What somebody works on where the team's words want to come in, and how all must be once it has been shared."""

from __future__ import annotations

from pathlib import Path

from kbtui.entry.model import EntryChange
from kbtui.git.held import HELD_REFS
from tests.helpers import PASSWORD, git
from tests.team_of import Member, in_order

MINE = "# Do you sell spare parts?\n\nOnly for walruses.\n"
HALF = b"\nHalf a thought of the lead.\n"
STEPS = ("noted", "folder partly moved", "folder moved", "branch moved")
"""Of a landing; a sync may be killed at each."""


def asked(ana: Member) -> str:
    """Let the team write a new entry and change another one; return the new one's path."""
    path = ana.ask("Do you sell spare parts?", "Yes, ask for the list.")
    ana.change(PASSWORD, EntryChange(answer="Ask us."))
    assert ana.sync().words == "Shared"
    return path


def works_on(lead: Member, path: str) -> bytes:
    """Let the lead type something into an entry's file."""
    words = (lead.root / path).read_bytes() + HALF
    (lead.root / path).write_bytes(words)
    return words


def holds(who: Member) -> str:
    """Return the refs that remember what unfinished work was made from."""
    return git(who.root, "for-each-ref", HELD_REFS)


def converged(remote: Path, *team: Member) -> None:
    """Assert that everybody shows the team's branch, and that one more round brings nothing."""
    for each in team:
        assert each.sync().words in ("Shared", "Two versions kept, a lead will choose")
    tip = git(remote, "rev-parse", "main")
    for each in team:
        shared = each.sync()
        assert (shared.reason, shared.sent, shared.received) == ("", 0, 0)
        assert each.head() == tip
        assert holds(each) == ""
        in_order(each.root)
    assert git(remote, "rev-parse", "main") == tip
