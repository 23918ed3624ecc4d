"""The application: opens screens, hands work to the desk, and owns nothing but what both need.

Start-up does no work that can come later: the search box is on the screen before git,
Whoosh, Markdown or YAML are loaded.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.theme import Theme as RichTheme
from textual import on
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.events import Event, InputEvent, Key, Paste
from textual.message_pump import MessagePump
from textual.screen import Screen

from kbtui import actions
from kbtui.entry.text import printable
from kbtui.errors import KbError, NotSavedError
from kbtui.open import known_theme, open_base, remember_theme
from kbtui.store.calls import NO_CALL, Call
from kbtui.tui import garbage, learning_messages, messages, themes
from kbtui.tui.desk import Desk
from kbtui.tui.ended import Ended
from kbtui.tui.held_keys import Echo, HeldKeys
from kbtui.tui.home import HomeScreen
from kbtui.tui.naming import Naming
from kbtui.tui.outside import OutsideWatch
from kbtui.tui.sharing_view import SharingView
from kbtui.tui.using import SETTLE_EVERY, Using
from kbtui.tui.waiting_calls import WaitingCalls
from kbtui.tui.writing_app import WritingApp

if TYPE_CHECKING:
    from textual.theme import Theme

    from kbtui.knowledge import Knowledge
    from kbtui.tui.flagging import Flagging
    from kbtui.tui.learning import Learning
    from kbtui.tui.review_desk import ReviewDesk
    from kbtui.tui.shift_desk import ShiftDesk


_TURN = 0.001
"""Seconds after which a thread that works lets the screen have its turn; Python's usual 5 ms add up while keys come."""

_OF_TEXTUAL = ("Theme", "Quit")


class KbtuiApp(WritingApp):
    """kbtui on the screen.

    Args:
        knowledge: the base, opened.
        environment: the user's environment.
        call: what a phone system knows of the call it was started for.
    """

    CSS_PATH = "kbtui.tcss"
    TITLE = "kbtui"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "quit", "Quit", show=True, priority=True)]

    soft_length = 1_200
    """Characters of an answer beyond which the form says that shorter is better (F14)."""

    def __init__(self, knowledge: Knowledge, environment: Mapping[str, str], call: Call = NO_CALL) -> None:
        super().__init__()
        self.animation_level = "none"  # a field that gets the focus is on the screen before the next key
        self.knowledge = knowledge
        self.desk = Desk(self, knowledge)
        self.using = Using(self.desk, knowledge, environment)
        self.tags: list[str] = []
        self.owners: list[str] = []
        self.person_name = ""
        self.ticket = ""
        self._call = call
        self._calls = WaitingCalls(self)
        self.sharing = SharingView(self, knowledge, self.desk.surprise)
        self._outside = OutsideWatch(self, knowledge, self._open_path, self.desk.surprise)
        self._environment = environment
        for theme in themes.ALL:
            self.register_theme(theme)
        wished = known_theme(environment)
        self.console.push_theme(RichTheme(themes.WORDS_OF_MARKDOWN))
        self.theme = wished if wished in self.available_themes else themes.USUAL
        self._first_colours: dict[str, str] | None = self.get_css_variables()
        self.stylesheet.set_variables(self._first_colours)
        self._opening = ""
        self.held = HeldKeys(self, self._pass_on)
        self.naming = Naming(self, environment)
        self._garbage = garbage.QuietRounds(
            is_busy=lambda: any(not each.is_finished for each in self.workers),
            is_bare=lambda: len(self.screen_stack) == 1,
        )
        self._leaves_words_behind = False
        self.ended = Ended(self)

    def get_default_screen(self) -> Screen[None]:
        """Return the home screen."""
        return HomeScreen()

    def refresh_css(self, animate: bool = True) -> None:
        """Read all styles again, but not at the start: they have just been read with the colours that were wished."""
        first, self._first_colours = self._first_colours, None
        if first == self.get_css_variables():
            self.stylesheet.update(self, animate=animate)
        else:
            super().refresh_css(animate)

    @property
    def environment(self) -> Mapping[str, str]:
        """The user's environment."""
        return self._environment

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every action of the screen in the command palette, then what of Textual's a rep may want."""
        for action in actions.ALL:
            handler = getattr(screen, f"action_{action.id}", None)
            if handler is not None and screen.check_action(action.id, ()):
                yield SystemCommand(action.words, action.help, handler)
        yield from (command for command in super().get_system_commands(screen) if command.title in _OF_TEXTUAL)

    async def on_event(self, event: Event) -> None:
        """Take keys in their order, and let a screen see each before the field that takes it."""
        if isinstance(event, Paste):
            lines = event.text.replace("\r\n", "\n").replace("\r", "\n")  # terminals paste line ends as returns
            event.text = printable(lines)  # what is pasted is as hostile as what is loaded
        if not isinstance(event, InputEvent | Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        if isinstance(event, Key):
            self.sharing.background.touched()
            self._garbage.touched()
        await self.held.take(event)

    async def _pass_on(self, event: Event) -> None:
        if isinstance(event, Key) and (before := getattr(self.screen, "before_key", None)):
            before(event.key)
        await super().on_event(event)

    @on(Echo)
    async def _key_is_through(self, message: Echo) -> None:
        await self.held.back(message)

    async def action_quit(self) -> None:
        """End the program, once the letters typed before have arrived where they were typed."""
        (self.focused or self).call_later(self._quit)

    def _quit(self) -> None:
        """Keep what is being typed and end. Where that fails, only a second wish ends it."""
        try:
            for screen in self.screen_stack:
                if keep := getattr(screen, "keep_now", None):
                    keep()
            self.desk.keep_handed()
            self._require_nothing_in_a_line()
        except KbError as error:
            if not self._leaves_words_behind:
                self._leaves_words_behind = True
                hint = error.hint
                if isinstance(error, NotSavedError):
                    hint = "Make room, or quit once more to leave without these words."
                self.screen.post_message(messages.Failed(KbError(error.message, hint)))
                return
        self.sharing.finish_then(self.exit)

    def _require_nothing_in_a_line(self) -> None:
        """Let nobody leave with words in a box of one line, which nothing keeps.

        Raises:
            KbError: there are some.
        """
        from kbtui.tui.asking import LineScreen

        if isinstance(self.screen, LineScreen) and self.screen.has_new_words:
            raise KbError("These words are not sent yet.", "enter sends them; ctrl+q once more leaves without them.")

    def _print_error_renderables(self) -> None:
        """Write a breakdown down for a lead; what Textual would print holds the words on the screen."""
        if self._exit_renderables:
            self.desk.note_breakdown([str(text) for text in self._exit_renderables])
            self._exit_renderables.clear()

    def on_mount(self) -> None:
        """Keep every choice of a look from now on, and all words when something outside ends the program."""
        if not self.is_headless:
            self.ended.watch()
        self.theme_changed_signal.subscribe(self, self._keep_theme)

    def _keep_theme(self, theme: Theme) -> None:
        """Keep how the person wants the screen to look, for the next time."""
        self.desk.start("theme", self, lambda: remember_theme(theme.name, self._environment))

    # What comes from outside

    def base_is_open(self) -> None:
        """Look outside from now on, and bring events into the history now and then."""
        self._outside.start()
        self.sharing.start()
        self.set_interval(SETTLE_EVERY, lambda: self.using.settle(self))
        self.set_interval(garbage.LOOK, self._garbage.look)
        if self._call:
            self.take(self._call)

    def on_unmount(self) -> None:
        """Look outside no more, share no more, and index no more."""
        self.knowledge.end_work_beside()
        self._outside.stop()
        self.sharing.background.stop()
        garbage.end()

    @on(messages.SharingStands)
    def _sharing_stands(self, message: messages.SharingStands) -> None:
        self.sharing.stands(message.status)

    @on(messages.Counted)
    def _counted(self) -> None:
        self.home.look_again()
        self.home.look_around()
        for screen in self.entries:
            self.desk.people(screen, screen.path)

    @on(messages.Synced)
    def _synced(self, message: messages.Synced) -> None:
        self.sharing.synced(message)

    @cached_property
    def shift(self) -> ShiftDesk:
        """Does the work about one's own shift."""
        from kbtui.tui.shift_desk import ShiftDesk

        return ShiftDesk(self.desk, self.knowledge)

    @cached_property
    def _flagging(self) -> Flagging:
        from kbtui.tui.flagging import Flagging

        return Flagging(self)

    @cached_property
    def learning(self) -> Learning:
        """Shows ideas, misses and health."""
        from kbtui.tui.learning import Learning

        return Learning(self, self.desk, self.knowledge)

    def _open_path(self) -> str:
        return self.entries[-1].path if self.entries else ""

    @on(messages.CallCame)
    def _call_came(self, message: messages.CallCame) -> None:
        self._calls.came(message.call)

    def take(self, call: Call) -> None:
        """Search for what a phone system knows of a call, on the home screen."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.ticket = call.ticket
        self.home.take_call(call)

    def end_call(self) -> None:
        """Let go of the ticket: what is written or used from now on belongs to another call."""
        if self.ticket:
            self.ticket = ""
            self.desk.person(self.home)

    @on(messages.ChangedOutside)
    def _changed_outside(self, message: messages.ChangedOutside) -> None:
        self.using.count_anew(self)  # a question may have been joined with another one
        for screen in self.entries:
            if screen.path in message.paths:
                screen.changed_outside()

    @on(messages.Noted)
    def _noted(self, message: messages.Noted) -> None:
        """Tell the home screen, whatever was left meanwhile, and the entry where it is still open."""
        self._flagging.noted(message.noted)
        self.sharing.background.saved()
        self.home.tell(message.noted.words)
        self.home.look_again()
        for screen in self.entries:
            screen.noted(message.noted)
        for review in self.reviews:
            review.noted(message.noted)
        for listed in self.lists:
            listed.noted(message.noted)
        for news in self.news:
            news.noted(message.noted)

    @on(learning_messages.IdeaMoved)
    def _idea_moved(self, message: learning_messages.IdeaMoved) -> None:
        self.learning.moved(message)
        self.sharing.background.saved()

    @on(learning_messages.IdeaRefused)
    def _idea_refused(self, message: learning_messages.IdeaRefused) -> None:
        self.learning.refused(message)

    def ask_flag(self, path: str) -> None:
        """Ask what did not help."""
        self._flagging.ask(path)

    @on(messages.FlagRefused)
    def _flag_refused(self, message: messages.FlagRefused) -> None:
        self._flagging.refused(message)

    def hand_to_terminal(self, sequence: str, text: str) -> None:
        """Let the terminal put a text into its clipboard; in a browser, the browser."""
        if self.is_web:
            self.copy_to_clipboard(text)
        elif sequence and self._driver is not None:
            self._driver.write(sequence)
            self._driver.flush()

    def show_keys(self, screen: Screen[Any]) -> None:
        """Say what every key of a screen does."""
        from kbtui.tui.asking import TextScreen
        from kbtui.tui.telling import keys

        active = [each for each in screen.active_bindings.values() if each.enabled and each.binding.description]
        ours = [each.binding for each in active if each.node in (screen, self) or "screen." in each.binding.action]
        self.push_screen(TextScreen(actions.KEYS.words, keys([(each.key, each.description) for each in ours])))

    # What screens ask for

    def open_entry(self, path: str) -> None:
        """Show an entry; a second wish for it while it is being read changes nothing."""
        if self._opening != path:
            self._opening = path
            self.desk.open_entry(self, path, self.held.begin(self._give_up_opening))

    def _give_up_opening(self) -> None:
        self._opening = ""

    @on(messages.Opened)
    def _opened(self, message: messages.Opened) -> None:
        from kbtui.tui.entry_view import EntryScreen

        if self._opening != message.entry.path:  # nobody wants it any more
            return
        self._opening = ""
        self.push_screen(EntryScreen(message.entry, message.source, message.asker, self.home.spoken))

    @on(messages.Saved)
    def _saved(self, message: messages.Saved) -> None:
        """Tell the home screen, whatever was left meanwhile, and show the entry anew where it is still open."""
        self.sharing.background.saved()
        for told in (self.home, *self.lists):
            told.post_message(messages.Saved(message.saved))
        for screen in self.entries:
            if screen.path == message.saved.entry.path:
                screen.post_message(messages.Saved(message.saved))
        for review in self.reviews:
            review.post_message(messages.Saved(message.saved))

    @on(messages.Failed)
    def _failed(self, message: messages.Failed) -> None:
        self._opening = ""
        if message.draft is not None and not self.form:
            self.write(message.draft, "question", f"{message.error.message} {message.error.hint}")
            return
        hint = "Your words are under “To finish”." if message.draft else message.error.hint
        told: Sequence[MessagePump] = self.form or self.telling
        for screen in told:
            screen.post_message(messages.Failed(KbError(message.error.message, hint)))

    @cached_property
    def reviewing(self) -> ReviewDesk:
        """Does a lead's work."""
        from kbtui.tui.review_desk import ReviewDesk

        return ReviewDesk(self.desk, self.knowledge, self)

    @on(messages.NameNeeded)
    def _name_needed(self, message: messages.NameNeeded) -> None:
        self.naming.needed(message)

    @on(messages.NameKept)
    def _name_kept(self, message: messages.NameKept) -> None:
        self.naming.kept(message)

    @on(messages.NameRefused)
    def _name_refused(self, message: messages.NameRefused) -> None:
        self.naming.refused(message)


def run(root: Path, environment: Mapping[str, str], call: Call = NO_CALL) -> int:
    """Open the window on the base at `root` and stay until it is closed; return the exit code.

    Raises:
        NoBaseError: kb.toml cannot be read.
        KbError: the window broke down.
    """
    knowledge = open_base(root, environment, sys.executable or "")
    title = knowledge.team.name  # a kb.toml that cannot be read is said before there is a window
    app = KbtuiApp(knowledge, environment, call)
    sys.setswitchinterval(_TURN)
    app.title = title
    app.run()
    if app.ended.code:
        return app.ended.code
    if app.return_code:
        raise KbError("The screen broke down; what you typed is under “To finish”.", "Needs your lead (code K97).")
    return 0
