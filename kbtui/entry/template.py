"""What a team's new entries begin with (F14), and how to tell it from what somebody has typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kbtui.entry.model import NewEntry


class Template(NamedTuple):
    """Texts that stand in the form of a new entry from the beginning; Markdown, possibly of many lines.

    A text that is nothing but the template says nothing, however blank lines and spaces at
    the ends of lines have changed.
    """

    answer: str = ""
    internal: str = ""

    def typed_answer(self, text: str) -> str:
        """Return an answer, or nothing where it is nothing but the template."""
        return "" if _bare(text) == _bare(self.answer) else text

    def typed_internal(self, text: str) -> str:
        """Return internal notes, or nothing where they are nothing but the template."""
        return "" if _bare(text) == _bare(self.internal) else text

    def typed(self, words: NewEntry) -> NewEntry:
        """Return a new entry without what is nothing but the template: without an answer, it is an open question."""
        from dataclasses import replace  # which a search begins without

        return replace(words, answer=self.typed_answer(words.answer), internal=self.typed_internal(words.internal))


NO_TEMPLATE = Template()


def _bare(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
