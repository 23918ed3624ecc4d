"""Writes docs/keys.md: the keys of every screen, from the declarations they are made of.

python docs/make_keys.py
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual.binding import Binding, BindingType

from kbtui import actions
from kbtui.tui.app import KbtuiApp
from kbtui.tui.capture_form import CaptureScreen
from kbtui.tui.compare_box import CompareScreen
from kbtui.tui.drill_screen import DrillScreen
from kbtui.tui.entry_view import EntryScreen
from kbtui.tui.health_screen import HealthScreen
from kbtui.tui.home import HomeScreen, QueryLine
from kbtui.tui.ideas_screen import IdeasScreen
from kbtui.tui.list_screen import ListScreen
from kbtui.tui.meeting_screen import MeetingScreen
from kbtui.tui.misses_screen import MissesScreen
from kbtui.tui.news_screen import NewsScreen
from kbtui.tui.review_deeds import ReviewDeeds
from kbtui.tui.review_screen import ReviewScreen
from kbtui.tui.sample_screen import SampleScreen
from kbtui.tui.since import SinceScreen
from kbtui.tui.spot_check_screen import SpotCheckScreen

FILE = Path(__file__).with_name("keys.md")

SCREENS: dict[str, Sequence[BindingType]] = {
    "The query line": [*QueryLine.BINDINGS, *HomeScreen.BINDINGS],
    "An open entry": EntryScreen.BINDINGS,
    "The review queue (f12)": [*ReviewDeeds.BINDINGS, *ReviewScreen.BINDINGS],
    "The form": CaptureScreen.BINDINGS,
    "Already asked? (f2 in the form)": CompareScreen.BINDINGS,
    "News (ctrl+r)": NewsScreen.BINDINGS,
    "Drill (f6)": DrillScreen.BINDINGS,
    "Ideas (f9)": [*ListScreen.BINDINGS, *IdeasScreen.BINDINGS],
    "Misses (ctrl+p)": [*ListScreen.BINDINGS, *MissesScreen.BINDINGS],
    "Health (ctrl+p)": [*ListScreen.BINDINGS, *HealthScreen.BINDINGS],
    "Spot check (s in the review queue)": [*ReviewDeeds.BINDINGS, *SpotCheckScreen.BINDINGS],
    "Known or new (r in health and misses)": [
        *ListScreen.BINDINGS,
        *SinceScreen.BINDINGS,
        *SampleScreen.BINDINGS,
    ],
    "Meeting (m in health and ideas)": [*ListScreen.BINDINGS, *SinceScreen.BINDINGS, *MeetingScreen.BINDINGS],
    "Everywhere": KbtuiApp.BINDINGS,
}

HEAD = """# Keys

Made by `python docs/make_keys.py` from the declarations in `kbtui/actions.py` and the screens; a test fails when it is
out of date. On the screen, f1 shows the keys of where one is, ctrl+p what can be done by name. In a field, ctrl+z and
ctrl+y undo and redo.

## Counted

Beyond the query or the words themselves; each is a test.

| what | keys | test |
|---|---|---|
| a known answer found is copied | 2: enter, c | tests/e2e/test_story.py |
| an unknown question is saved, everybody finds it | 2: ctrl+o, ctrl+s | tests/e2e/test_story.py |
| my caller asks an open question that was found, too | 1: ctrl+t | tests/e2e/test_story.py |
| it helped, in an open entry | 1: u | tests/e2e/test_story.py |
| the same answer, in my caller's words, from the form | 2: f2, s | tests/tui/test_already_asked.py |
"""


def page() -> str:
    """Return the page."""
    return HEAD + "".join(map(_section, SCREENS, SCREENS.values()))


def _section(title: str, bindings: Sequence[BindingType]) -> str:
    told = [each for each in bindings if isinstance(each, Binding) and each.description]
    rows = "".join(f"| {each.key} | {each.description} | {_help(each)} |\n" for each in told)
    return f"\n## {title}\n\n| key | | what it does |\n|---|---|---|\n{rows}"


def _help(binding: Binding) -> str:
    name = binding.action.rpartition(".")[2]
    action = next((each for each in actions.ALL if each.id == name), None)
    twin = f" (`kbtui {action.command}`)" if action and action.command else ""
    return (action.help + twin) if action else ""


def main() -> None:
    """Write the page."""
    FILE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
