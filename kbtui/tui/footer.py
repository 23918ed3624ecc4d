"""The footer: Textual's, made anew only when what it shows has changed.

Textual's own makes its keys anew whenever anything about the keys is looked at, and holds on
to every key it has ever made (each is bound to its compactness): a quarter of a mebibyte a search.
"""

from __future__ import annotations

from textual.screen import Screen
from textual.widgets import Footer


class KeyFooter(Footer):
    """Shows the keys that work on the screen, in one line."""

    def __init__(self) -> None:
        super().__init__(compact=True)
        self._shown: list[tuple[str, str, bool]] | None = None

    def bindings_changed(self, screen: Screen[object]) -> None:
        """Show the keys of a screen, if they are others than before."""
        keys = screen.active_bindings.values()
        shown = [(each.binding.key, each.binding.description, each.enabled) for each in keys if each.binding.show]
        if shown == self._shown:
            return
        if self.is_attached and screen is self.screen and screen.app.app_focus:
            self._shown = shown
        super().bindings_changed(screen)
        self.call_after_refresh(self._forget_old_keys)

    def _forget_old_keys(self) -> None:
        """Have Textual look through what follows the footer's compactness; it drops whatever is gone."""
        self.mutate_reactive(Footer.compact)
