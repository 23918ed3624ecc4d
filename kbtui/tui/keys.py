"""Bindings, made from the one declaration of every action."""

from __future__ import annotations

from textual.binding import Binding

from kbtui.actions import Action


def binding(action: Action, *, shown: bool | None = None) -> Binding:
    """Return the binding of an action; `shown` overrides whether the footer has it."""
    in_footer = action.in_footer if shown is None else shown
    return Binding(action.key, action.id, action.words, show=in_footer, id=action.id, tooltip=action.help)
