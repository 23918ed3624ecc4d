"""Versions that contest each other, on the screen: finding them, showing them, and doing what was chosen."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from kbtui import actions
from kbtui.entry.card import card_of
from kbtui.entry.card_text import written
from kbtui.entry.identity import new_id
from kbtui.store.drafts import Draft
from kbtui.tui import rows
from kbtui.tui.asking import ChoiceScreen
from kbtui.tui.literal import in_lines
from kbtui.tui.versions_box import Choice, Chosen, VersionsScreen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from textual.screen import Screen

    from kbtui.tui.app import KbtuiApp
    from kbtui.verbs.choosing import Contested, Version


def offer(app: KbtuiApp, asker: Screen[Any], found: Sequence[Contested]) -> None:
    """Offer the entries of which more than one version is kept; with one, show it at once."""
    by_path = {each.path: each for each in found}

    def chosen(path: str | None) -> None:
        if path:
            show(app, asker, by_path[path])

    if len(found) == 1:
        show(app, asker, found[0])
    elif found:
        shown = {
            path: in_lines(rows.row(card_of(each.entry or each.others[0].entry))) for path, each in by_path.items()
        }
        app.open_over(asker, ChoiceScreen(actions.VARIANTS.words, shown), chosen)
    else:
        app.home.tell("No entry has more than one version.")


def show(app: KbtuiApp, asker: Screen[Any], contested: Contested) -> None:
    """Show the versions, and do what is chosen."""

    def chosen(answer: Chosen | None) -> None:
        if answer is not None:
            _do(app, contested, answer)

    app.open_over(asker, VersionsScreen(contested), chosen)


def _do(app: KbtuiApp, contested: Contested, answer: Chosen) -> None:
    version = answer.version
    if any(screen.path == version.path for screen in app.entries):
        app.pop_screen()  # this version goes, or becomes the entry
    if answer.choice is Choice.COMBINE:
        app.finish(both(contested, version))
    elif answer.choice is Choice.TAKE:
        app.desk.choose(app, lambda: app.knowledge.take_version(contested, version))
    else:
        app.desk.choose(app, lambda: app.knowledge.keep_version(contested, [version]))


def both(contested: Contested, version: Version) -> Draft:
    """Return a form's words in which both versions stand, to be made one of.

    What is one line in the form has the entry's words first, then those of the other version.
    """
    here, other = contested.entry or version.entry, version.entry
    return Draft(
        new_id(os.urandom),
        question=_together(here.question, other.question, " / "),
        answer=_together(here.answer, other.answer, "\n\n"),
        internal=_together(here.internal, other.internal, "\n\n"),
        tags=", ".join(dict.fromkeys((*here.tags, *other.tags))),
        asked_as="\n".join(dict.fromkeys((*here.asked_as, *other.asked_as))),
        path=contested.path,
        opened=contested.source.decode("utf-8", "surrogateescape"),
        authority=written(here.authority),
        card_before=written(here.authority),
        settles=version.path,
    )


def _together(one: str, two: str, between: str) -> str:
    return one if one.strip() == two.strip() else between.join(filter(str.strip, (one, two)))
