"""The ideas of the floor, by stage; the headline is how many are in practice (F42)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content

from kbtui import actions
from kbtui.team.ideas import Idea, Stage, in_practice
from kbtui.tui import learning_messages
from kbtui.tui.asking import ChoiceScreen, LineScreen
from kbtui.tui.keys import binding
from kbtui.tui.list_screen import ListScreen, Named
from kbtui.tui.literal import in_lines, literal
from kbtui.tui.rows import row

_DIM = "$foreground 70%"
_STYLES = {
    Stage.TRYING: "$accent",
    Stage.RAISED: "$warning",
    Stage.IN_PRACTICE: "$success",
    Stage.DROPPED: "$foreground 70%",
}
_MOST_ROWS = 50


class IdeasScreen(ListScreen):
    """Lists ideas, raises and moves them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        binding(actions.IDEA),
        binding(actions.TRY_IDEA),
        binding(actions.PRACTISE_IDEA),
        binding(actions.DROP_IDEA),
        binding(actions.MEETING),
    ]

    def __init__(self) -> None:
        super().__init__(actions.IDEAS.words)
        self._ideas: dict[str, Idea] = {}
        self._named: dict[str, tuple[str, str]] = {}

    def look(self) -> None:
        """Have the ideas looked up."""
        self.app.learning.ideas(self)

    @on(learning_messages.IdeasFound)
    def _show(self, message: learning_messages.IdeasFound) -> None:
        self._ideas = {idea.id: idea for idea in message.ideas}
        self._named = message.questions
        shown = message.ideas[:_MOST_ROWS]
        rest = f" · {len(shown)} of {len(message.ideas)} shown" if len(shown) < len(message.ideas) else ""
        count = Content.assemble(
            literal(f"{len(in_practice(message.ideas))} in practice", "bold $success"),
            literal(f" of {len(message.ideas)}{rest} · {actions.IDEA.key} raises one", _DIM),
        )
        self.fill(count, [*self._rows(shown)])

    def _rows(self, ideas: list[Idea]) -> Iterator[Named]:
        before = None
        for idea in ideas:
            if idea.stage is not before:
                yield "", literal(idea.stage.words.capitalize(), "bold $accent")
            before = idea.stage
            first = Content.assemble((f"{idea.stage.sign} ", _STYLES[idea.stage]), literal(idea.words, "bold"))
            second = Content.assemble("  ", (idea.stage.words, _STYLES[idea.stage]), literal(self._about(idea), _DIM))
            yield idea.id, Content("\n").join([first, second])

    def _about(self, idea: Idea) -> str:
        parts = ["", f"raised by {idea.person.name}"]
        if idea.entry in self._named:
            parts.append(f"from “{self._named[idea.entry][1]}”")
        if idea.current and idea.current.entry:
            parts.insert(1, f"changed “{self._named.get(idea.current.entry, ('', idea.current.entry))[1]}”")
        if idea.current and idea.current.reason:
            parts.insert(1, idea.current.reason)
        return " · ".join(parts)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's signature
        """Offer the moves that the marked idea has before it."""
        idea = self._ideas.get(self.marked)
        stages = {
            actions.TRY_IDEA.id: Stage.TRYING,
            actions.PRACTISE_IDEA.id: None,
            actions.DROP_IDEA.id: Stage.DROPPED,
        }
        if action == actions.SHOW.id:
            return bool(self.path_of(self.marked))
        return action not in stages or (idea is not None and idea.stage is not stages[action])

    def path_of(self, name: str) -> str:
        """Return the path of the entry that an idea changed, else of the one it starts from."""
        idea = self._ideas.get(name)
        entries = (idea.current.entry if idea.current else "", idea.entry) if idea else ()
        return next((self._named[entry][0] for entry in entries if entry in self._named), "")

    def action_idea(self) -> None:
        """Raise an idea."""
        self.app.learning.raise_idea()

    def action_try_idea(self) -> None:
        """Say that somebody tries the marked idea."""
        self.app.learning.move_idea(self.marked, Stage.TRYING)

    def action_drop_idea(self) -> None:
        """Drop the marked idea, with a reason."""
        self.app.learning.drop_idea(self.marked)

    def action_practise_idea(self) -> None:
        """Ask for words of the entry that has changed; then which of those found it is."""
        idea = self.marked

        def given(words: str | None) -> None:
            if words:
                self.app.learning.offer_entries(self, idea, words, self.app.looking_up(self))

        hint = "Words of the entry that says it now; change or write it first."
        self.app.push_screen(LineScreen("Which entry has changed?", hint, self._ideas[idea].words), given)

    @on(learning_messages.EntriesOffered)
    def _offered(self, message: learning_messages.EntriesOffered) -> None:
        if not message.cards:
            self.say("No entry is found by these words; write it first, then name it here.")
            return

        def chosen(entry: str | None) -> None:
            if entry:
                self.app.learning.move_idea(message.idea, Stage.IN_PRACTICE, entry)

        choices = {card.path: in_lines(row(card)) for card in message.cards}
        self.app.open_over(self, ChoiceScreen("Which entry has changed?", choices), chosen)

    @on(learning_messages.IdeaMoved)
    def _moved_idea(self, message: learning_messages.IdeaMoved) -> None:
        self.say(message.moved.words)
        self.look()
