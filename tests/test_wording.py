"""What is said with a number in it is right for one as for many; both doors say the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kbtui.entry import guarded
from kbtui.entry.guard_rules import GuardRules
from tests.helpers import CHECKOUT

_COUNTED = re.compile(
    r" (?:[a-z-]+ )?(?:entries|words|questions|misses|callers|saves|events|errors|notes|pairs|kinds|objects|commits"
    r"|calls|ideas|flags|people|times)\b"
)
"""What is counted in messages, in the plural, behind its number."""

_MANY_FOR_SURE = {
    "{len(flags)} flags are closed": "one flag has a sentence of its own",
    "{len(paths)} entries are called {wanted!r}: {some}.": "only where several are",
    "{len(found)} questions are": "only where several are",
    "{len(found)} ideas are": "only where several are",
    "{len(self.people)} different people": "a team's rule asks for more than one",
    "{len(others)} of {known.after} different people {have} used exactly these words{blocked}.": "of that many",
    "There are {len(bases)} knowledge bases at this address: {names}.": "only where several are",
    "{loose} loose objects of git's were packed.": "hundreds",
    "{actions.SAVE.key} again saves it": "a key",
    "{number} times": "once is said otherwise",
}


def _sentences(source: Path) -> Iterator[str]:
    """Yield the f-strings that put a number before something in the plural, without looking at the number."""
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if not isinstance(node, ast.JoinedStr):
            continue
        for value, after in zip(node.values, node.values[1:], strict=False):
            if isinstance(value, ast.FormattedValue) and isinstance(after, ast.Constant):
                by_itself = not isinstance(value.value, ast.Call) or ast.unparse(value.value.func) == "len"
                if by_itself and _COUNTED.match(str(after.value)):
                    yield ast.unparse(node)[2:-1]


@pytest.mark.parametrize("folder", ["entry", "git", "team", "verbs", "cli", "tui", "."])
def test_no_sentence_counts_one_as_many(folder: str) -> None:
    """It said "1 kinds of words", "1 errors" and "1 entries"."""
    sources = (CHECKOUT / "kbtui" / folder).glob("*.py")
    found = [f"{source.name}: {said}" for source in sources for said in _sentences(source)]
    assert [each for each in found if each.partition(": ")[2] not in _MANY_FOR_SURE] == []


def test_several_words_hold_something_and_one_ticket_holds_it() -> None:
    """It said "the words holds what looks like a card number"."""
    fields = {"the words": "pay 4111 1111 1111 1111", "the ticket": "4111 1111 1111 1111"}
    said = guarded.sentence(guarded.sightings(fields, GuardRules()))
    assert said.startswith("the words hold what looks like a card number")
    assert "the ticket holds what looks like a card number" in said
