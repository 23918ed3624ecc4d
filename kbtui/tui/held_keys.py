"""Keys that are typed after enter, before anything has opened: they are for what opens, not for the query line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual.events import Key

_LETS_THROUGH = ("ctrl+q", "ctrl+c")


class HeldKeys:
    """Keeps keys for the screen that is about to open, in the order in which they were typed.

    Args:
        deliver: gives a key to whatever is on the screen.
        abandon: opens nothing after all; whether there was something being opened.
    """

    def __init__(self, deliver: Callable[[Key], Awaitable[None]], abandon: Callable[[], bool]) -> None:
        self._deliver = deliver
        self._abandon = abandon
        self._held: list[Key] | None = None

    def begin(self) -> None:
        """Something is about to open."""
        if self._held is None:
            self._held = []

    def takes(self, key: Key) -> bool:
        """Whether a key is held; escape opens nothing after all, and the way out of the program stays free."""
        if self._held is None or key.key in _LETS_THROUGH:
            return False
        if key.key == "escape" and self._abandon():
            self.forget()
        else:
            self._held.append(key)
        return True

    def forget(self) -> None:
        """Nothing opens: what was typed was for something that is not there."""
        self._held = None

    async def hand_over(self) -> None:
        """It is open: give it what was typed, and whatever is typed meanwhile after that."""
        while self._held:
            await self._deliver(self._held.pop(0))
        self._held = None
