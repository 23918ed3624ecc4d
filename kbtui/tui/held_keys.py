"""Keys in the order in which they were typed, each for what the key before it has opened.

Textual hands a key to the screen that is on top when it comes, and finds out what it does only after it has gone
through the queue of every part of that screen. Of keys that come faster than that, as from a paste without brackets or
from a slow line, all but the first would go to the screen below the box that the first one opens, or to a box that has
no cursor yet: lost, or worse, taken for commands. So a key waits here until the one before it has done what it does
and what that opened is ready. Letters in a line open nothing: nobody waits for them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from textual.app import App
from textual.events import Event, Key, MouseEvent, Paste
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

PATIENCE = 1.0
"""Seconds between two looks whether an echo has come back; at the second in vain, keys go to whatever is there.

One look is not enough: whatever keeps the whole program waiting, as mounting a screen does, keeps the echo, too."""

_SOON = 0.05
"""Seconds between two looks, while keys wait, whether what an echo was sent to has been closed."""

_QUIET = 3
"""Echoes that come back to an unchanged screen before a key counts as dealt with.

The first one is right behind the key, the others behind what its binding and a list's choice have posted."""

_MOVES = frozenset(("up", "down", "pageup", "pagedown", "left", "right", "home", "end", "backspace", "delete"))
"""Keys that open nothing anywhere: they follow each other as fast as they come, and a letter waits for one echo."""

_LETS_THROUGH = ("ctrl+q", "ctrl+c")

_Place = tuple[Screen[Any], Widget | None]

Done = Callable[[], None]
"""To be called, on the loop, once what opens has been looked up, whatever came of it."""


class Echo(Message):
    """Goes the way of a key, right behind it: once it is back, the key has been through all hands."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


@dataclass(frozen=True, eq=False)
class _Opening:
    """Something that will open over a screen, or end it, once the disk has answered."""

    below: Screen[Any]
    give_up: Done | None


class HeldKeys:
    """Delivers keys and pastes one after the other, and keeps those that are for what is about to open.

    Args:
        app: whose keys they are.
        deliver: gives an event to whatever is on the screen.
    """

    def __init__(self, app: App[Any], deliver: Callable[[Event], Awaitable[None]]) -> None:
        self._app = app
        self._deliver = deliver
        self._waiting: deque[Event] = deque()
        self._looked_at = 0
        self._number = 0
        self._is_following = False
        self._missing = 0
        self._is_moving = False
        self._place: _Place | None = None
        self._opening: _Opening | None = None
        self._looked_up: _Opening | None = None
        self._timer: Timer | None = None
        self._is_watching = False

    async def take(self, event: Event) -> None:
        """Deliver an event; one that comes before the last one has been dealt with, afterwards."""
        self._waiting.append(event)
        if self._is_following and self._is_echo_gone:
            self._follow()
        await self._go_on()
        self._look_after()

    def begin(self, give_up: Done | None = None) -> Done:
        """Wait for the disk: what is typed from now on is for the screen that it opens, or comes back to.

        Args:
            give_up: opens nothing after all, when escape is pressed; keys for what does not open go nowhere. Without
                it the keys are for whatever is there in the end.
        """
        opening = self._opening = _Opening(self._app.screen, give_up)
        self._looked_at = 0
        return partial(self._has_looked_up, opening)

    def _has_looked_up(self, opening: _Opening) -> None:
        """What was found is on its way to whoever opens it, and an echo goes behind it.

        It goes the same way, through the screen: a screen that ends takes with it what its lines have not read yet.
        """
        if self._opening is opening:
            self._opening, self._looked_up = None, opening
            self._follow(through_screen=True)

    async def back(self, echo: Echo) -> None:
        """Go on, once a key has come to rest."""
        if echo.number != self._number:
            return
        self._missing = self._missing - 1 if self._place == self._where else _QUIET
        if self._missing > 0:
            self._send_echo()
            return
        self._is_following = False
        self._end_opening()
        await self._go_on()
        self._look_after()

    async def _go_on(self) -> None:
        """Deliver what waits, until something has to be dealt with first."""
        while event := self._next():
            is_move, is_for_a_line = _is_move(event), self._opens_nothing(event)
            await self._deliver(event)
            if not is_for_a_line:
                self._follow(1 if is_move else _QUIET)
                self._is_moving = is_move

    def _next(self) -> Event | None:
        """Take the next event that may be delivered."""
        if self._is_following:
            if not (self._is_moving and self._waiting and _is_move(self._waiting[0])):
                return None
            self._looked_at = 0
            return self._waiting.popleft()
        if self._opening is not None and (event := self._while_opening(self._opening)):
            return event
        return self._waiting.popleft() if self._waiting and self._opening is None else None

    def _while_opening(self, opening: _Opening) -> Event | None:
        """Take what is not for that which opens: the mouse, the way out; escape opens nothing after all.

        Each event is looked at once, however many wait.
        """
        while self._looked_at < len(self._waiting):
            place, event = self._looked_at, self._waiting[self._looked_at]
            if isinstance(event, MouseEvent) or _is_way_out(event):
                del self._waiting[place]
                return event
            if opening.give_up is not None and isinstance(event, Key) and event.key == "escape":
                self._opening = None
                opening.give_up()
                for _ in range(place + 1):
                    self._waiting.popleft()
                return None
            self._looked_at += 1
        return None

    def _end_opening(self) -> None:
        """Forget what was typed for something that did not open: the screen below would take it for commands."""
        found, self._looked_up = self._looked_up, None
        if found and found.give_up and not self._opening and found.below is self._app.screen:
            self._waiting = deque(event for event in self._waiting if not isinstance(event, Key | Paste))

    # Following a key

    @property
    def _where(self) -> _Place:
        """The screen on top, and what has its cursor."""
        return self._app.screen, self._app.focused

    @property
    def _is_echo_gone(self) -> bool:
        """Whether what an echo was sent to has been closed: mostly the echo with it, and it never comes back."""
        if self._place is None:
            return False
        screen, field = self._place
        return screen not in self._app.screen_stack or (field is not None and not field.is_attached)

    def _opens_nothing(self, event: Event) -> bool:
        """Whether nobody has to wait for an event: for a letter in a line, a paste, the mouse."""
        if not isinstance(event, Key):
            return True
        field = self._app.focused
        return event.is_printable and (isinstance(field, Input) or getattr(field, "takes_letters", False))

    def _follow(self, echoes: int = _QUIET, *, through_screen: bool = False) -> None:
        """Let what comes wait until what was delivered last has come to rest."""
        self._is_following, self._is_moving, self._missing = True, False, echoes
        self._send_echo(through_screen=through_screen)

    def _send_echo(self, *, through_screen: bool = False) -> None:
        self._number += 1
        self._place = screen, field = self._where
        echo = Echo(self._number)
        way = screen if through_screen or field is None else field
        if not way.post_message(echo):  # it is being closed
            self._app.post_message(echo)

    # Where nothing comes back

    def _look_after(self) -> None:
        """See to it that nothing waits for good."""
        if self._waiting and self._is_following and self._timer is None:
            self._timer = self._app.set_timer(PATIENCE, partial(self._look, self._number))
        if self._waiting and self._is_following and not self._is_watching:
            self._is_watching = True
            self._app.set_timer(_SOON, self._watch)

    def _watch(self) -> None:
        """Send another echo where one is gone for good."""
        self._is_watching = False
        if self._is_following and self._is_echo_gone:
            self._follow()
        self._look_after()

    async def _look(self, number: int, *, is_second: bool = False) -> None:
        """Where no echo has come back, deliver what waits at once: a screen that hangs may have a line that works."""
        self._timer = None
        if self._is_following and number == self._number:
            if is_second:
                await self._wait_no_more()
            else:
                self._timer = self._app.set_timer(PATIENCE, partial(self._look, number, is_second=True))
        self._look_after()

    async def _wait_no_more(self) -> None:
        """Deliver what waits, but one after the other: letters must not overtake a key before them."""
        self._number += 1
        self._is_following, self._looked_up = False, None
        await self._go_on()


def _is_move(event: Event) -> bool:
    return isinstance(event, Key) and event.key in _MOVES


def _is_way_out(event: Event) -> bool:
    return isinstance(event, Key) and event.key in _LETS_THROUGH
