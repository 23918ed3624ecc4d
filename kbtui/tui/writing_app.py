"""The application's part in writing: drafts begun, gone on with, and saved."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on

from kbtui.entry.identity import new_id
from kbtui.tui import messages
from kbtui.tui.open_screens import OpenScreens

if TYPE_CHECKING:
    from kbtui.entry.model import Entry
    from kbtui.knowledge import Knowledge
    from kbtui.store.drafts import Draft
    from kbtui.tui.desk import Desk
    from kbtui.tui.naming import Naming


class WritingApp(OpenScreens):
    """Opens the form on drafts.

    Attributes:
        knowledge: the base, opened.
        desk: does what is slow.
        ticket: of the call that is going on, or empty.
        naming: asks who is writing, once.
    """

    knowledge: Knowledge
    desk: Desk
    ticket: str
    naming: Naming

    def capture(self, words: str, focus: str, *, is_of_call: bool = True) -> None:
        """Begin a new entry with the words searched.

        Args:
            is_of_call: whether it is about the call that is going on, whose ticket it then gets.
        """
        from kbtui.store.drafts import Draft

        template = self.knowledge.team.template
        draft = Draft(new_id(os.urandom), question=words, answer=template.answer, internal=template.internal)
        self.write(replace(draft, ticket=self.ticket if is_of_call else ""), focus)

    def edit(self, entry: Entry, source: bytes, focus: str) -> None:
        """Change an entry's words."""
        from kbtui.entry.card_text import written
        from kbtui.store.drafts import ANSWERING, Draft

        draft = Draft(
            new_id(os.urandom),
            question=entry.question,
            answer=entry.answer,
            internal=entry.internal,
            tags=", ".join(entry.tags),
            asked_as="\n".join(entry.asked_as),
            path=entry.path,
            opened=source.decode("utf-8", "surrogateescape"),
            authority=written(entry.authority),
            card_before=written(entry.authority),
            task="" if entry.answer.strip() else ANSWERING,
        )
        self.write(draft, focus)

    def write(self, draft: Draft, focus: str, trouble: str = "") -> None:
        """Open the form on a draft.

        Args:
            focus: the field to begin in.
            trouble: what has kept the draft from being saved.
        """
        from kbtui.tui.capture_form import CaptureScreen, Ending
        from kbtui.tui.entry_view import EntryScreen

        def ended(ending: Ending | None) -> None:
            if ending is Ending.SAVING:
                if isinstance(self.screen, EntryScreen):
                    self.pop_screen()
                self.home.begin_anew()
            elif ending:
                self.home.tell(ending.value)
                if ending is Ending.KEPT:  # what is thrown away is looked for once the disk has done it
                    self.home.look_again()
            self.call_later(self.naming.ask)

        self.push_screen(CaptureScreen(draft, focus, trouble), ended)

    def save(self, draft: Draft) -> None:
        """Save a draft's words in the background."""
        self.desk.save(self, draft)

    def finish(self, draft: Draft) -> None:
        """Go on with a draft."""
        self.write(draft, "answer")

    def show_drafts(self) -> None:
        """Show what has been begun and not saved."""
        self.desk.drafts(self)

    @on(messages.DraftsFound)
    def _drafts_found(self, message: messages.DraftsFound) -> None:
        from kbtui.tui.boxes import DraftsScreen

        def chosen(draft: Draft | None) -> None:
            if draft is not None:
                self.finish(draft)

        self.home.open_wished(DraftsScreen(message.drafts, self.knowledge.team.template), chosen)
