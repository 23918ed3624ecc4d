"""Writing on in the person's own editor ($VISUAL, $EDITOR), with the window out of the way meanwhile (F19)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual.app import App, SuspendNotSupported
from textual.widgets import TextArea

from kbtui.editor import edited
from kbtui.entry.text import printable
from kbtui.errors import KbError, RefusedError

if TYPE_CHECKING:
    from kbtui.entry.guard_rules import GuardRules


def edit_in(app: App[Any], field: TextArea, environment: Mapping[str, str], rules: GuardRules) -> None:
    """Put into a field what the editor makes of its text, as one step that undo takes back.

    Raises:
        RefusedError: there is no terminal to give away, no editor, or a card number in the text, which an
            editor would write to the disk. The field is as it was.
    """
    text = field.text
    _refuse_cards(text, rules)
    wanted = _edited(app, text, environment)
    if wanted != text:
        field.history.checkpoint()
        field.replace(wanted, field.document.start, field.document.end, maintain_selection_offset=False)
        field.history.checkpoint()


def _edited(app: App[Any], text: str, environment: Mapping[str, str]) -> str:
    """Return what the editor makes of a text, without the line end that editors put behind the last line."""
    trouble: KbError | None = None
    data = b""
    try:
        with app.suspend():
            try:
                data = edited(text.encode("utf-8", "replace"), environment, "kbtui.md")
            except KbError as error:  # left to itself, it would leave the terminal to nobody
                trouble = error
    except SuspendNotSupported as error:
        raise RefusedError(
            "Your own editor cannot be opened here: this window is no terminal.", "Open kbtui in a terminal for it."
        ) from error
    if trouble is not None:
        raise trouble
    lines = printable(data.decode("utf-8", "replace").replace("\r\n", "\n"))
    return lines if text.endswith("\n") else lines.removesuffix("\n")


def _refuse_cards(text: str, rules: GuardRules) -> None:
    from kbtui.entry.guard import fit_for_disk  # takes longer to load than a search takes

    if fit_for_disk(text, rules) != text:
        raise RefusedError("An editor would write this card number to the disk.", "Mask it first.")
