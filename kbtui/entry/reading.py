"""What somebody has read when they say so: these words, and no others (F48)."""

from __future__ import annotations

import hashlib

from kbtui.entry.approval import digest
from kbtui.entry.card_text import written
from kbtui.entry.model import Entry
from kbtui.entry.text import normal


def words_read(entry: Entry) -> str:
    """Return 16 hex digits that stand for all that a colleague reads in an entry.

    The question and the answer, the internal notes, and who may decide up to which limit: an entry
    of which any of these has changed has to be read again. White space and letter case do not count.
    """
    beside = normal(f"{entry.internal}\n{written(entry.authority)}")
    words = digest(entry.question, entry.answer)
    return hashlib.sha256(f"{words}\n{beside}".encode()).hexdigest()[:16] if beside else words
