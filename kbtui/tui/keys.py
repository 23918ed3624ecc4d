"""Bindings, made from the one declaration of every action."""

from __future__ import annotations

from textual.binding import Binding

from kbtui.actions import Action


def binding(action: Action, *, first: bool = False) -> Binding:
    """Return the binding of an action; with `first`, it comes before what a field makes of the key."""
    return Binding(
        action.key, action.id, action.words, show=action.in_footer, id=action.id, tooltip=action.help, priority=first
    )
