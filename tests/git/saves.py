"""Saving in this process, and looking whether every word that was saved is where it should be."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

from kbtui.git.saver import Saved, Saver
from kbtui.store.journal import Journal
from tests.helpers import SaveValues, in_head, journal_of, leftovers, parts_of, record, save_ids, status

NEW = "questions/do-you-sell-spare-parts-newone22.md"
NEW_WORDS = b"---\nid: newone22\nstate: not-validated\n---\n# Do you sell spare parts?\n\nYes, ask for the list.\n"


def saver_of(root: Path) -> Saver:
    """Return a saver as a new process has it."""
    parts = parts_of(root)
    return Saver(parts.repository, parts.files, Journal(parts.state / "journal"))


def save(root: Path, path: str, content: bytes, opened: bytes | None = None, **values: Unpack[SaveValues]) -> Saved:
    """Save as kbtui does, and return what became of it."""
    return saver_of(root).save(record(path, content, opened, **values))


def is_in_peace(root: Path) -> bool:
    """Whether nothing is left to be done: no record, no unclean file, no temporary file."""
    pending = journal_of(root).pending()
    assert pending == [], f"still in the journal: {[each.path for each in pending]}"
    assert status(root) == ""
    assert leftovers(root) == []
    return True


def is_kept(root: Path, path: str, content: bytes, save_id: str) -> bool:
    """Whether a save is in the history with every byte, and counted once."""
    assert in_head(root, path) == content == (root / path).read_bytes()
    assert save_ids(root).count(save_id) == 1
    return True
