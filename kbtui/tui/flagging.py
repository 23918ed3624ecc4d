"""Asking what did not help. The words are kept until the flag is noted, whatever happens in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kbtui.entry.event import EventKind
from kbtui.tui.asking import LineScreen

if TYPE_CHECKING:
    from kbtui.tui import messages
    from kbtui.tui.app import KbtuiApp
    from kbtui.verbs.reuse import Noted


class Flagging:
    """The question, and the words of flags that are not noted yet, by the path of their entry.

    Args:
        app: asks, and has them noted.
    """

    def __init__(self, app: KbtuiApp) -> None:
        self._app = app
        self._unsaid: dict[str, str] = {}
        self._sent: list[str] = []

    def ask(self, path: str, trouble: str = "") -> None:
        """Ask what did not help; words that were left behind are there again."""

        def given(reason: str | None) -> None:
            self._unsaid[path] = box.text
            if reason:
                self._sent.append(path)
                self._app.using.flag(self._app, path, reason)

        hint = "One line; it goes to the owner and to a lead. Nothing about the customer."
        box = LineScreen("What did not help?", hint, self._unsaid.get(path, ""), trouble)
        self._app.push_screen(box, given)

    def noted(self, noted: Noted) -> None:
        """Let go of the words of a flag that is safe."""
        if noted.kind == EventKind.FLAG:
            self._unsaid.pop(self._sent.pop(0) if self._sent else "", None)

    def refused(self, message: messages.FlagRefused) -> None:
        """Give the words back; where somebody is writing something else, they are there at the next `f`."""
        if message.path in self._sent:
            self._sent.remove(message.path)
        self._unsaid[message.path] = self._unsaid.get(message.path) or message.reason
        if self._app.is_writing:
            self._app.home.tell(f"{message.error.message} Your words are there when you flag it again.")
        else:
            self.ask(message.path, f"{message.error.message} {message.error.hint}")
