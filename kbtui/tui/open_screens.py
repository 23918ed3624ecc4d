"""Which screens are open: what is told to the program is told on to those that show it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from textual.app import App
from textual.screen import Screen

from kbtui.tui.held_keys import Done, HeldKeys
from kbtui.tui.home import HomeScreen

if TYPE_CHECKING:
    from kbtui.tui.capture_form import CaptureScreen
    from kbtui.tui.entry_view import EntryScreen
    from kbtui.tui.list_screen import ListScreen
    from kbtui.tui.news_screen import NewsScreen
    from kbtui.tui.review_deeds import ReviewDeeds


Answer = TypeVar("Answer")

_NOTHING = None, None


class OpenScreens(App[None]):
    """The screens on the stack, by what they show.

    Attributes:
        held: keys that are for what is about to open.
    """

    held: HeldKeys
    _gave_up: tuple[Screen[Any] | None, object] = _NOTHING
    """Where escape was pressed while a box was looked up, and which look it was that opens nothing any more."""

    def looking_up(self, asker: Screen[Any]) -> Done:
        """Keep what is typed from now on for the line of a box that is looked up; escape opens none after all.

        Where a box without a line is looked up, letters stay keys of the screen below: what it does is seen.

        Args:
            asker: the screen that has asked for the box.

        Returns:
            what is to be called once it has been looked up.
        """
        look = object()

        def give_up() -> None:
            self._gave_up = asker, look

        def has_come() -> None:
            if self._gave_up == (asker, look):
                self._gave_up = _NOTHING

        def looked_up() -> None:
            done()
            asker.call_later(has_come)  # behind what was found: whatever is asked for after that is to open

        if self._gave_up[0] is asker:
            self._gave_up = _NOTHING
        done = self.held.begin(give_up)
        return looked_up

    def open_over(
        self, asker: Screen[Any], screen: Screen[Answer], told: Callable[[Answer | None], None] | None = None
    ) -> None:
        """Open a screen that another one has asked for, unless the person has gone on to something else meanwhile.

        What was looked up on a thread may come late, and a screen's keys act at once: letters meant for
        something else would choose, merge or archive.
        """
        if asker is self.screen and asker is not self._gave_up[0]:
            self.push_screen(screen, told)

    @property
    def home(self) -> HomeScreen:
        """The home screen, which is always at the bottom."""
        screen = self.screen_stack[0]
        assert isinstance(screen, HomeScreen)
        return screen

    @property
    def form(self) -> list[CaptureScreen]:
        """The form somebody is in the middle of, which nothing may come between; none otherwise."""
        from kbtui.tui.capture_form import CaptureScreen

        return [screen for screen in self.screen_stack if isinstance(screen, CaptureScreen)]

    @property
    def entries(self) -> list[EntryScreen]:
        """The entry that is open, if one is."""
        from kbtui.tui.entry_view import EntryScreen

        return [screen for screen in self.screen_stack if isinstance(screen, EntryScreen)]

    @property
    def reviews(self) -> list[ReviewDeeds]:
        """The review queue and the sample for coaching, if they are open."""
        from kbtui.tui.review_deeds import ReviewDeeds

        return [screen for screen in self.screen_stack if isinstance(screen, ReviewDeeds)]

    @property
    def lists(self) -> list[ListScreen]:
        """The list of ideas, misses or what needs care, if one is open."""
        from kbtui.tui.list_screen import ListScreen

        return [screen for screen in self.screen_stack if isinstance(screen, ListScreen)]

    @property
    def news(self) -> list[NewsScreen]:
        """What is new, if that is open."""
        from kbtui.tui.news_screen import NewsScreen

        return [screen for screen in self.screen_stack if isinstance(screen, NewsScreen)]

    @property
    def is_writing(self) -> bool:
        """Whether somebody is in the middle of words that would be lost: in a form, or in a box with a line."""
        from kbtui.tui.asking import LineScreen
        from kbtui.tui.boxes import NameScreen

        return bool(self.form) or any(isinstance(each, LineScreen | NameScreen) for each in self.screen_stack)

    @property
    def telling(self) -> list[Screen[Any]]:
        """The screens that say how something ended: the home screen, and those that are open above it."""
        from kbtui.tui.drill_screen import DrillScreen

        drills = [each for each in self.screen_stack if isinstance(each, DrillScreen)]
        return [self.home, *self.entries, *self.reviews, *self.lists, *self.news, *drills]
