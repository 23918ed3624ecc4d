"""When a search did not help (F43): settled words only, once, at the end; and not what led to something."""

from __future__ import annotations

import pytest

from kbtui.tui.search_session import Missed, SearchSession


class _Line:
    """A query line that is typed into with a clock of its own."""

    def __init__(self) -> None:
        self.clock = 0.0
        self.session = SearchSession(lambda: self.clock)
        self.missed: list[Missed] = []

    def note(self, missed: Missed | None) -> None:
        self.missed += [missed] if missed else []

    def typed(self, *texts: str, hits: int = 0, pause: float = 0.2) -> None:
        """Type texts one after the other; each finds something before the next pause."""
        for text in texts:
            self.note(self.session.typed(text))
            self.session.found(text, found=hits > 0)
            self.clock += pause

    def deleted(self, text: str) -> None:
        """Delete a text letter by letter, as a held key does."""
        self.typed(*(text[:end] for end in range(len(text) - 1, -1, -1)), pause=0.03)


@pytest.fixture
def it() -> _Line:
    """Return an empty line."""
    return _Line()


def test_only_the_last_settled_words_count(it: _Line) -> None:
    it.typed("g", "gi", "gift", "gift ca", pause=0.1)
    it.typed("gift card", pause=2)
    it.typed("gift card abr", pause=0.3)
    it.typed("gift card abroad", pause=2)
    it.deleted("gift card abroad")
    assert it.missed == [Missed("gift card abroad", found=False)]


def test_giving_up_at_once_counts(it: _Line) -> None:
    it.typed("gift card", hits=3, pause=0.1)
    it.note(it.session.give_up())
    it.typed("")
    assert it.missed == [Missed("gift card", found=True)]


def test_words_without_an_answer_yet_are_not_settled(it: _Line) -> None:
    it.note(it.session.typed("gift card"))
    it.clock += 5
    it.note(it.session.give_up())
    assert it.missed == []


def test_a_late_answer_to_older_words_says_nothing_of_newer_ones(it: _Line) -> None:
    it.note(it.session.typed("gift"))
    it.note(it.session.typed("gift card"))
    it.session.found("gift", found=False)
    it.clock += 5
    it.note(it.session.give_up())
    assert it.missed == []


def test_what_led_to_something_is_no_miss_and_what_comes_after_is_another_search(it: _Line) -> None:
    it.typed("gift card", pause=2)
    it.session.helped()
    it.deleted("gift card")
    assert it.missed == []
    it.typed("zebra", pause=2)
    it.session.helped()
    it.typed("zebra stripes", pause=2)
    it.typed("")
    assert it.missed == [Missed("zebra stripes", found=False)]


def test_something_saved_from_an_empty_line_does_not_excuse_the_next_search(it: _Line) -> None:
    it.session.helped()
    it.typed("zebra", pause=2)
    it.typed("")
    assert it.missed == [Missed("zebra", found=False)]
