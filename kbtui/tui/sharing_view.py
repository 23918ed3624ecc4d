"""What the screen says about sharing: the line, one notice about a missing sign-in, and the box behind “Share now”."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from kbtui.tui import messages
from kbtui.tui.asking import TextScreen
from kbtui.tui.literal import literal
from kbtui.tui.sharing import BackgroundSync
from kbtui.tui.status import StatusLine
from kbtui.verbs.sharing_line import Standing, explained, held_up, noticed, standing

if TYPE_CHECKING:
    from kbtui.knowledge import Knowledge
    from kbtui.tui.app import KbtuiApp
    from kbtui.verbs.sharing import SharingStatus

_AGES = 15.0
"""Seconds after which "2 min ago" is looked at again."""

GRACE = 3.0
"""Seconds that what was just saved gets to reach the team, when the window is closed."""

_LOOKED = ("shared", "review")
"""Outcomes of which it is known what is in the way."""

_SOON = 0.05
_LEAVING = "Sharing what you saved … ctrl+q leaves at once"
_NOTICE = 20.0


class SharingScreen(TextScreen):
    """Says how sharing stands, and again once the sync that was asked for has ended.

    Args:
        lines: a sentence each.
    """

    def __init__(self, lines: Content) -> None:
        super().__init__("Sharing with the team", lines)

    def tell(self, lines: Content) -> None:
        """Say how sharing stands now."""
        self.query(Static).last().update(lines)


class SharingView:
    """Shows how sharing stands, on whichever screens there are.

    Args:
        app: the program.
        knowledge: the base.
        surprise: writes what nobody foresaw down for a lead.
    """

    def __init__(self, app: KbtuiApp, knowledge: Knowledge, surprise: Callable[[], object]) -> None:
        self._app = app
        self.background = BackgroundSync(app, knowledge, surprise)
        self.standing = Standing()
        self._status: SharingStatus | None = None
        self._is_leaving = False
        self._has_explained = False
        self._in_the_way: frozenset[str] = frozenset()

    def start(self) -> None:
        """Share from now on, and keep the line true."""
        self.background.start()
        self._app.set_interval(_AGES, self._show)

    # The line

    def stands(self, status: SharingStatus) -> None:
        """Show how sharing stands."""
        self._status = status
        self._show()

    def _show(self) -> None:
        if self._status is None:
            return
        self.standing = standing(self._status, self.background.now)
        for screen in self._app.screen_stack:
            for line in screen.query(StatusLine):
                line.sharing = self.standing

    # What a sync brought

    def synced(self, message: messages.Synced) -> None:
        """Show what a sync came to, and what came with it; files that changed are noticed by themselves."""
        self.stands(message.status)
        shared = message.shared
        if shared.has_uses:
            self._app.using.count_anew(self._app)
        if shared.variants:
            self._app.home.tell(shared.words)
        if shared.outcome == "sign-in":
            self._explain_once(message.status)
        if in_the_way := frozenset(shared.in_the_way) - self._in_the_way:
            self._app.notify("\n".join(held_up(message.status)), timeout=_NOTICE, markup=False)
        if in_the_way or shared.outcome in _LOOKED:
            self._in_the_way = frozenset(shared.in_the_way)
        for screen in self._app.screen_stack:
            if isinstance(screen, SharingScreen):
                screen.tell(self._explained())

    def _explain_once(self, status: SharingStatus) -> None:
        """Say what a missing sign-in means, and what the lead must do; once a window, not with every try."""
        if not self._has_explained:
            self._has_explained = True
            self._app.notify("\n".join(noticed(status)), severity="warning", timeout=_NOTICE, markup=False)

    # Asked for

    def show(self) -> None:
        """Share now, and say how sharing stands: last shared, what waits, why, and what to do."""
        self.background.ask()
        self._app.clear_notifications()
        self._app.push_screen(SharingScreen(self._explained("Sharing …")))

    def _explained(self, *first: str) -> Content:
        said = explained(self._status, self.background.now) if self._status else ()
        return Content("\n").join(map(literal, (*first, *said)))

    # Leaving

    def finish_then(self, leave: Callable[[], object]) -> None:
        """Let what was just saved reach the team, for a short while, then leave; a second wish leaves at once."""
        if self._is_leaving or not self.background.has_to_finish:
            leave()
            return
        self._is_leaving = True
        self.background.finish()
        self._app.home.tell(_LEAVING)
        for line in self._app.screen.query(StatusLine):
            line.say(_LEAVING)
        give_up = time.monotonic() + GRACE
        timer: Timer

        def look() -> None:
            if not self.background.is_at_work or time.monotonic() > give_up:
                timer.stop()
                leave()

        timer = self._app.set_interval(_SOON, look)
