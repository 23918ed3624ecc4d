"""An approval holds for the exact words approved, whatever tool changes them later (F36, FAULTS 70)."""

from __future__ import annotations

import hashlib

from kbtui.entry.model import Approval
from kbtui.entry.text import normal


def digest(question: str, answer: str) -> str:
    """Return 16 hex digits that stand for the words of a question and its say-this answer.

    White space, letter case and Unicode form do not count; every word does.
    """
    return hashlib.sha256(f"{normal(question)}\n{normal(answer)}".encode()).hexdigest()[:16]


def holds(approval: Approval | None, question: str, answer: str) -> bool:
    """Whether somebody approved exactly these words."""
    return approval is not None and approval.text == digest(question, answer)
